using System.Globalization;
using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Run;

/// <summary>Whether a repository can be used.</summary>
internal enum RepositoryAccess
{
    Open,

    /// <summary>It is not there, and may be absent.</summary>
    Absent,

    Failed,
}

/// <summary>What borg can tell about a series of archives, and would do with it, without changing anything.</summary>
/// <param name="context">Its messages are about this series.</param>
internal sealed class RepositoryPreview(
    BackupConfiguration configuration, RepositorySettings settings, RunContext context, BorgSession session)
{
    private readonly BorgRunner _borg = new(configuration, settings, context, session);
    private readonly Messages _messages = context.Messages;

    /// <summary>For each series, in the order of the configuration.</summary>
    public static IReadOnlyList<RepositoryPreview> Of(
        BackupConfiguration configuration, RunContext context, BorgDialect dialect)
    {
        var sessions = BorgSession.Of(configuration, context, dialect);
        return
        [
            .. configuration.Repositories.Select(settings => new RepositoryPreview(
                configuration, settings, context.About(settings.Label, settings.Name), sessions[settings.Location])),
        ];
    }

    /// <summary>What was found in the repository, once it is open.</summary>
    public OpenedRepository? Found { get; private set; }

    /// <param name="whyAbsent">Why it is absent.</param>
    public RepositoryAccess Open(out string? whyAbsent)
    {
        whyAbsent = Absence.Why(settings, context.Interruption);
        if (whyAbsent is not null)
            return RepositoryAccess.Absent;
        Found = _borg.Open(out var isUnreachable);
        whyAbsent = isUnreachable ? Absence.Unreachable : null;
        return Found is not null ? RepositoryAccess.Open
            : isUnreachable ? RepositoryAccess.Absent
            : RepositoryAccess.Failed;
    }

    /// <summary>The newest archive of this backup, or what else is in the repository, as a sentence.</summary>
    /// <param name="now">To tell the age of the newest archive.</param>
    public string DescribeArchives(DateTimeOffset now)
    {
        if (Found?.Newest is { Name: { } name } newest)
            return $"newest archive: {name}" + (newest.StartedAt is not { } begun ? ""
                : $", begun {begun:yyyy-MM-dd HH:mm}Z, {Quantities.Duration(now - begun)} ago");
        // Whoever comes from a script has them.
        return _borg.FindAllArchives() is [.., { Name: { } last }] others
            ? $"no archive of this backup was found; {Quantities.Count(others.Count, "archive")} with other names, the "
                + $"newest {last}, stay as they are"
            : "no archive of this backup was found";
    }

    /// <summary>Lets borg look what it would back up.</summary>
    /// <returns>False if it cannot.</returns>
    public bool Create()
    {
        if (_borg.Run(BorgStep.CreateDryRun) is not { Archive.Stats.Nfiles: { } count })
            return false;
        _messages.Info(string.Create(CultureInfo.InvariantCulture,
            $"would back up {count:N0} {(count == 1 ? "file or directory" : "files and directories")}"));
        return true;
    }

    /// <summary>Lets borg list what it would delete, with the archives as they are now.</summary>
    public void Prune(RepositoryReport one, DateTimeOffset now)
    {
        if (!Plan.Prunes(settings))
            return;
        one = one with { Memory = one.Memory with { Id = Found?.Id ?? one.Memory.Id } };
        var command = context.Command("prune");
        if (PrunePolicy.WhyNot(PlannedSteps.Created(one), now, one.LastSuccess, hasReadSources: true,
            settings.AlsoPrunedBy, command) is { } problem)
        {
            _messages.Show(problem);
            return;
        }
        if (_borg.Run(BorgStep.PruneDryRun) is not { Outcome: not BorgOutcome.Error } result)
            return;
        if (result.Prune is not { } facts)
        {
            if (Found is { Newest: null })
                _messages.Info("there is no archive to prune yet");
            else
                _messages.Warning("cannot read borg prune's list, so it is not known what would be deleted");
            return;
        }
        one = new Pruning(settings, context, _borg).NoticeNewPattern(one);
        PruneList.Show(facts, one, _messages);
        var verdict = PrunePolicy.Judge(facts, one);
        if (!verdict.IsGood && one.Memory.Archives.Count > 0)
            _messages.Warning("archives have disappeared, or the pattern matches archives that this backup did not "
                + "make: a run that prunes will hold pruning after that", PrunePolicy.Remedy(command));
        else if (PrunePolicy.MayDelete(one, settings.Retention!))
            _messages.Info("runs may prune");
        else if (facts.Deleted.Count == 0)
            _messages.Info("the first prune would delete nothing, and let later runs prune");
        else
            _messages.Warning($"the first prune would delete {facts.Deleted.Count} of "
                + $"{Quantities.Count(facts.Deleted.Count + facts.Kept.Count, "archive")}, and nobody has agreed yet: "
                + "runs prune nothing", PrunePolicy.Remedy(command));
    }
}
