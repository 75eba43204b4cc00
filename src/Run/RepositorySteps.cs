using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.Terminal;

namespace Assimilator.Run;

/// <summary>What a run does with one series of archives, and with the repository that holds it.</summary>
/// <param name="context">Its messages are about this series.</param>
internal sealed class RepositorySteps(
    BackupConfiguration configuration, RepositorySettings settings, RunContext context, BorgSession session)
{
    private readonly BorgRunner _borg = new(configuration, settings, context, session);
    private readonly Messages _messages = context.Messages;

    /// <summary>For each series, in the order of the configuration.</summary>
    public static IReadOnlyList<RepositorySteps> Of(
        BackupConfiguration configuration, RunContext context, BorgDialect dialect, SharedConnections connections)
    {
        var sessions = BorgSession.Of(configuration, context, dialect, connections);
        return
        [
            .. configuration.Repositories.Select(settings => new RepositorySteps(
                configuration, settings, context.About(settings.Label, settings.Name), sessions[settings.Location])),
        ];
    }

    /// <summary>Creates the archive; if the repository is full, once more after a compact.</summary>
    /// <param name="series">All in the repository.</param>
    /// <param name="before">The report of the run as it is before the first step.</param>
    public RepositoryReport Create(
        RepositoryReport repository, IReadOnlyList<RepositoryReport> series, RunReport before)
    {
        if (series.Any(other => other.IsAbsent))
            return repository with { IsAbsent = true };
        if (Absence.Why(settings, context.Interruption) is { } why)
            return context.Interruption.IsRequested ? repository : Absent(repository, why);
        var created = CreateOnce(repository);
        if (settings.MayBeAbsent && created.Step(StepKind.Create) is { Failure: BorgFailure.Unreachable })
            return Absent(repository, Absence.Unreachable);
        if (!context.Interruption.IsRequested && Plan.MayCompactForSpace(created, series, settings, _borg.Dialect))
        {
            _messages.Warning("no space left: compacting the repository, then trying once more");
            created = Step(created, BorgStep.Compact);
            if (created.Step(StepKind.Compact) is { Outcome: not BorgOutcome.Error }
                && !context.Interruption.IsRequested)
                created = CreateOnce(created);
        }
        created = LookUp(created, before);
        if (created.Archive is not null && repository.Memory.Id is { } old && created.Id != old)
            _messages.Warning("this is not the repository of the last run: the earlier archives are not in it",
                "if you did not replace it: is the right disk mounted, and the location right?", isFault: true);
        return created.HasArchive && !context.Interruption.IsRequested ? AdoptUnreported(created) : created;
    }

    private RepositoryReport CreateOnce(RepositoryReport repository)
    {
        var create = BorgStep.Create with { LastDuration = repository.LastDuration };
        if (settings.Stream is not { } script)
            return Step(repository, create);
        var stream = new StreamCommand(
            script, configuration.Hooks,
            ScriptEnvironment.OfStream(configuration, settings, context.Environment), context);
        var result = _borg.Run(create, stream.Start);
        if (stream.End() is { } ended)
            repository = repository.With(ended, context.Clock.GetUtcNow());
        return With(repository, result);
    }

    /// <param name="before">The report of the run as it was before the first step.</param>
    public RepositoryReport Prune(RepositoryReport repository, RunReport before)
    {
        if (!Plan.Prunes(settings) || repository.Archive is null)
            return repository;
        var lastSuccess = before.Repositories.First(earlier => earlier.Series == repository.Series).LastSuccess;
        var whyNot = PrunePolicy.WhyNot(
            repository, before.StartedAt, lastSuccess, before.HasReadSources || settings.Stream is not null,
            settings.AlsoPrunedBy,
            context.Command("prune"));
        repository = new Pruning(settings, context, _borg).Prune(repository, whyNot, lastSuccess);
        Show(repository.Step(StepKind.Prune));
        return repository;
    }

    /// <summary>Frees space in the whole repository.</summary>
    /// <param name="series">All in the repository.</param>
    public RepositoryReport Compact(RepositoryReport repository, IReadOnlyList<RepositoryReport> series) =>
        Plan.Prunes(settings)
        && Plan.MayCompact(series, settings.Retention!.Compact, context.Clock.GetUtcNow(), _borg.Dialect)
            ? Step(repository, BorgStep.Compact)
            : repository;

    /// <summary>Takes the check of the whole repository that is due, or that somebody asks for.</summary>
    public RepositoryReport Check(RepositoryReport repository, bool isWanted = false)
    {
        var scope = Plan.Check(
            repository, configuration.Check, context.Clock.GetUtcNow(), isWanted, _borg.Dialect);
        if (scope is null && repository.Damage is { } damage)
            _messages.Warning($"the repository has been {damage.Text}", BorgHints.Damage(context, damage.ClearedBy),
                isFault: true);
        if (scope is null or { MaxDuration: null })
            return scope is null ? repository : Step(repository, BorgStep.Check(CheckPart.Whole, scope));
        repository = Step(repository, BorgStep.Check(CheckPart.Repository, scope));
        return repository.Step(StepKind.Check) is { Outcome: BorgOutcome.Success, Check.HasReachedEnd: true }
            && !context.Interruption.IsRequested
                ? Step(repository, BorgStep.Check(CheckPart.Archives, scope))
                : repository;
    }

    /// <summary>Takes the restore drill that is due, or that somebody asks for.</summary>
    /// <param name="seed">Chooses the files; null for chance.</param>
    public RepositoryReport ReadBack(RepositoryReport repository, bool isWanted = false, int? seed = null)
    {
        if (!isWanted && !Plan.Restores(repository, configuration.Check, context.Clock.GetUtcNow()))
            return repository;
        if (repository.Memory.NewestArchive is not { } archive)
        {
            _messages.Warning("nothing was read back: no archive of this backup is known", isFault: true);
            return repository;
        }
        var settings = configuration.Check ?? CheckSettings.None;
        var drill = new RestoreDrill(settings, context, _borg);
        return With(repository, drill.Run(archive, seed ?? Random.Shared.Next()));
    }

    /// <summary>After a create that ended with an error, looks whether its archive is complete all the same.</summary>
    private RepositoryReport LookUp(RepositoryReport repository, RunReport before)
    {
        if (!Plan.MayHaveArchive(repository))
            return repository;
        if (!context.Interruption.IsRequested)
            _messages.Info("looking whether the archive is complete all the same: a killed borg leaves a lock, which "
                + "borg removes after a minute or two");
        var found = context.Interruption.IsRequested ? null
            : _borg.FindArchives(before.StartedAt, repository.Memory.Archives, onlyNewest: true);
        if (found is null)
        {
            var since = repository.Memory.UnreportedSince ?? before.StartedAt;
            return repository with { Memory = repository.Memory with { UnreportedSince = since } };
        }
        if (found is not [.., var archive])
            return repository;
        _messages.Warning($"borg create failed, but its archive is complete: {archive.Name}");
        return repository.WithFound(archive, context.Clock.GetUtcNow());
    }

    /// <summary>The archive of a run that was killed is this backup's, too.</summary>
    private RepositoryReport AdoptUnreported(RepositoryReport repository)
    {
        if (repository.Memory.UnreportedSince is not { } since
            || _borg.FindArchives(since, repository.Memory.Archives) is not { } found)
            return repository;
        foreach (var archive in found)
            _messages.Info($"an earlier run created {archive.Name}, but could not report it");
        return repository.WithUnreported(found);
    }

    private RepositoryReport Absent(RepositoryReport repository, string why)
    {
        _messages.Info($"skipped: {why}" + (repository.Id is not null ? ""
            : $"; it has never had an archive; to create the repository: {context.Command("init")}"));
        return repository with { IsAbsent = true };
    }

    private RepositoryReport Step(RepositoryReport repository, BorgStep step) => With(repository, _borg.Run(step));

    private RepositoryReport With(RepositoryReport repository, StepResult? result)
    {
        Show(result);
        return result is null ? repository : repository.With(result, context.Clock.GetUtcNow());
    }

    private void Show(StepResult? result)
    {
        if (result is null)
            return;
        if (Summary.Of(result) is { } summary)
            _messages.Info(summary);
        if (result.UnreadableOutput is { } problem)
            _messages.Warning($"{problem}, so some metrics are missing");
    }
}
