using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.Terminal;

namespace Assimilator.Run;

/// <summary>What a run does with one repository.</summary>
/// <param name="context">Its messages are about this repository.</param>
internal sealed class RepositorySteps(
    BackupConfiguration configuration, RepositorySettings settings, RunContext context)
{
    private readonly BorgRunner _borg = new(configuration, settings, context);
    private readonly Messages _messages = context.Messages;

    /// <summary>Creates the archive; if the repository is full, once more after a compact.</summary>
    /// <param name="before">The report of the run as it is before the first step.</param>
    public RepositoryReport Create(RepositoryReport repository, RunReport before)
    {
        if (settings.MayBeAbsent && !settings.IsRemote && WhyAbsent() is { } why)
            return context.Interruption.IsRequested ? repository : Absent(repository, why);
        var created = Step(repository, BorgStep.Create);
        if (settings.MayBeAbsent && created.Step(StepKind.Create) is { Failure: BorgFailure.Unreachable })
            return Absent(repository, "its host cannot be reached");
        if (!context.Interruption.IsRequested && Plan.MayCompactForSpace(created, settings))
        {
            _messages.Warning("no space left: compacting the repository, then trying once more");
            created = Step(created, BorgStep.Compact);
            if (created.Step(StepKind.Compact) is { Outcome: not BorgOutcome.Error }
                && !context.Interruption.IsRequested)
                created = Step(created, BorgStep.Create);
        }
        return context.Interruption.IsRequested ? created : LookUp(created, before);
    }

    /// <param name="before">The report of the run as it was before the first step.</param>
    public RepositoryReport Prune(RepositoryReport repository, RunReport before)
    {
        if (!Plan.Prunes(settings) || repository.Archive is null)
            return repository;
        var lastSuccess = before.Repositories.First(earlier => earlier.Series == repository.Series).LastSuccess;
        var whyNot = PrunePolicy.WhyNot(
            repository, before.StartedAt, lastSuccess, before.HasReadSources, settings.AlsoPrunedBy,
            context.Command("prune"));
        repository = new Pruning(settings, context, _borg).Prune(repository, whyNot, lastSuccess);
        Show(repository.Step(StepKind.Prune));
        return repository;
    }

    public RepositoryReport Compact(RepositoryReport repository) =>
        Plan.Prunes(settings)
        && Plan.MayCompact(repository, settings.Retention!.Compact, context.Clock.GetUtcNow())
            ? Step(repository, BorgStep.Compact)
            : repository;

    /// <summary>Takes the check and the restore drill that are due, or that somebody asks for.</summary>
    /// <param name="seed">Chooses the files of the drill; null for chance.</param>
    public RepositoryReport Check(
        RepositoryReport repository, bool isCheckWanted = false, bool isDrillWanted = false, int? seed = null)
    {
        repository = LookForDamage(repository, isCheckWanted);
        return context.Interruption.IsRequested ? repository : ReadBack(repository, isDrillWanted, seed);
    }

    private RepositoryReport LookForDamage(RepositoryReport repository, bool isWanted)
    {
        var scope = Plan.Check(repository, configuration.Check, context.Clock.GetUtcNow(), isWanted);
        if (scope is null && repository.Memory.DamagedSince is { } since)
            _messages.Warning($"the repository has been damaged since {since:yyyy-MM-dd HH:mm}Z, or longer",
                BorgHints.Damage(context.Command("check")), isFault: true);
        if (scope is null or { MaxDuration: null })
            return scope is null ? repository : Step(repository, BorgStep.Check(CheckPart.Whole, scope));
        repository = Step(repository, BorgStep.Check(CheckPart.Repository, scope));
        return repository.Step(StepKind.Check) is { Outcome: BorgOutcome.Success, Check.HasReachedEnd: true }
            && !context.Interruption.IsRequested
                ? Step(repository, BorgStep.Check(CheckPart.Archives, scope))
                : repository;
    }

    private RepositoryReport ReadBack(RepositoryReport repository, bool isWanted, int? seed)
    {
        if (!isWanted && !Plan.Restores(repository, configuration.Check, context.Clock.GetUtcNow()))
            return repository;
        if (repository.Memory.NewestArchive is not { } archive)
        {
            _messages.Warning("nothing was read back: no archive of this backup is known", isFault: true);
            return repository;
        }
        var settings = configuration.Check ?? CheckSettings.None;
        var result = new RestoreDrill(settings, context, _borg).Run(archive.Name, seed ?? Random.Shared.Next());
        Show(result);
        return result is null ? repository : repository.With(result, context.Clock.GetUtcNow());
    }

    /// <summary>After a create that ended with an error, looks whether its archive is complete all the same.</summary>
    private RepositoryReport LookUp(RepositoryReport repository, RunReport before)
    {
        if (repository.Step(StepKind.Create) is not { } create || !Plan.MayHaveArchive(create)
            || _borg.FindArchive(before.StartedAt, repository.Memory.Archives) is not { } archive)
            return repository;
        _messages.Warning($"borg create failed, but its archive is complete: {archive.Name}");
        return repository.WithFound(archive, context.Clock.GetUtcNow());
    }

    private RepositoryReport Absent(RepositoryReport repository, string why)
    {
        _messages.Info($"skipped: {why}");
        return repository with { IsAbsent = true };
    }

    /// <summary>An empty mount point is no repository.</summary>
    private string? WhyAbsent() =>
        !BoundedLook.TryLook(
            () => File.Exists(Path.Combine(settings.Location, "config")), context.Interruption, out var isThere)
            ? $"{settings.Location} does not respond"
            : isThere ? null : $"there is no repository at {settings.Location}";

    private RepositoryReport Step(RepositoryReport repository, BorgStep step)
    {
        if (_borg.Run(step) is not { } result)
            return repository;
        Show(result);
        return repository.With(result, context.Clock.GetUtcNow());
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
