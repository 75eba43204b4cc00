using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.Terminal;

namespace Assimilator.Run;

/// <summary>What a run does with each repository.</summary>
/// <param name="before">The report as it is before the first step.</param>
internal sealed class RepositorySteps(BackupConfiguration configuration, RunContext context, RunReport before)
{
    private readonly BorgRunner _borg = new(configuration, context);
    private readonly Messages _messages = context.Messages;

    /// <summary>Creates the archive; if the repository is full, once more after a compact.</summary>
    public RepositoryReport Create(RepositoryReport repository)
    {
        repository = Step(repository, BorgStep.Create);
        if (context.Interruption.IsRequested || !Plan.MayCompactForSpace(repository, configuration))
            return repository;
        _messages.Warning("no space is left: compacting the repository, then trying once more");
        repository = Step(repository, BorgStep.Compact);
        return repository.Step(StepKind.Compact) is { Outcome: not BorgOutcome.Error }
            && !context.Interruption.IsRequested ? Step(repository, BorgStep.Create) : repository;
    }

    /// <summary>After a create that ended with an error, looks whether its archive is complete all the same.</summary>
    public RepositoryReport LookUp(RepositoryReport repository)
    {
        if (repository.Step(StepKind.Create) is not { } create || !Plan.MayHaveArchive(create)
            || _borg.FindArchive(before.StartedAt, repository.Memory.Archives) is not { } archive)
            return repository;
        _messages.Warning($"the archive {archive.Name} is complete all the same");
        return repository.WithFound(archive, context.Clock.GetUtcNow());
    }

    public RepositoryReport Prune(RepositoryReport repository)
    {
        if (!Plan.Prunes(configuration) || repository.Archive is null)
            return repository;
        var lastSuccess = before.Repositories.First(earlier => earlier.Location == repository.Location).LastSuccess;
        var whyNot = PrunePolicy.WhyNot(repository, before.StartedAt, lastSuccess, before.HasReadSources);
        repository = new Pruning(configuration, context, _borg).Prune(repository, whyNot, lastSuccess);
        Show(repository.Step(StepKind.Prune));
        return repository;
    }

    public RepositoryReport Compact(RepositoryReport repository) =>
        Plan.Prunes(configuration)
        && Plan.MayCompact(repository, configuration.Retention!.Compact, context.Clock.GetUtcNow())
            ? Step(repository, BorgStep.Compact)
            : repository;

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
