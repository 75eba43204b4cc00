using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Report;

namespace Assimilator.Run;

/// <summary>Which steps a run takes, and whether one may follow what happened so far.</summary>
internal static class Plan
{
    /// <summary>The steps in order.</summary>
    public static IReadOnlyList<BorgStep> Of(BackupConfiguration configuration) => configuration.Retention switch
    {
        null => [BorgStep.Create],
        { Compact: false } => [BorgStep.Create, BorgStep.Prune],
        _ => [BorgStep.Create, BorgStep.Prune, BorgStep.Compact],
    };

    /// <summary>Nothing is pruned without an archive with files in it, and nothing compacted after a failed prune. Borg
    /// 1.1 has no <c>compact</c>: its <c>prune</c> frees the space.</summary>
    public static bool MayRun(StepKind kind, RepositoryReport soFar) => kind switch
    {
        StepKind.Create => true,
        StepKind.Prune => soFar.Step(StepKind.Create)?.Archive is { } archive && archive.Stats?.Nfiles != 0,
        StepKind.Compact => soFar.Step(StepKind.Prune) is { Outcome: not BorgOutcome.Error }
            && soFar.Step(StepKind.Create)?.BorgVersion?.StartsWith("1.1.", StringComparison.Ordinal) != true,
        _ => throw new InvalidOperationException($"{kind} has no place in the plan"),
    };
}
