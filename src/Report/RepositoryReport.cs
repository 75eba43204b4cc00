namespace Assimilator.Report;

/// <summary>What a run did with one repository.</summary>
internal sealed record RepositoryReport
{
    /// <summary>As the configuration names it.</summary>
    public required string Location { get; init; }

    /// <summary>The results, in the order in which the steps ran.</summary>
    public IReadOnlyList<StepResult> Steps { get => field ?? []; init; }

    /// <summary>When an archive was last created, in this run or an earlier one; null if that is not known.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>The recorded last success lies in the future, so it cannot be true.</summary>
    public bool IsLastSuccessWrong { get; init; }

    public bool HasArchive => Step(StepKind.Create)?.Archive is not null;

    /// <summary>Borg's id of the repository, if it reported one.</summary>
    public string? Id => Step(StepKind.Create)?.Archive?.RepositoryId;

    /// <summary>The result of a step; null if it did not run.</summary>
    public StepResult? Step(StepKind kind) => Steps.FirstOrDefault(step => step.Kind == kind);

    /// <summary>The same after one more step. A clock that was set back does not move the last success back.</summary>
    /// <param name="now">When the step ended.</param>
    public RepositoryReport With(StepResult step, DateTimeOffset now) => this with
    {
        Steps = [.. Steps, step],
        LastSuccess = step.Archive is null || LastSuccess > now ? LastSuccess : now,
    };
}
