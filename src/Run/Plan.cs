using Assimilator.Configuration;
using Assimilator.Report;

namespace Assimilator.Run;

/// <summary>Which steps a run takes, and whether one may follow what happened so far.</summary>
internal static class Plan
{
    private static readonly TimeSpan CompactAtLeastEvery = TimeSpan.FromDays(30);

    /// <summary>Runs leave an append-only repository to <c>assimilator prune</c>.</summary>
    public static bool Prunes(RepositorySettings repository) =>
        repository is { Retention: not null, AppendOnly: false };

    /// <summary>Nothing is compacted after a failed prune, nor while somebody has to look at what was deleted: that
    /// would make it final. Borg 1.1 has no <c>compact</c>: its <c>prune</c> frees the space.</summary>
    public static bool MayCompact(RepositoryReport soFar, CompactWhen when, DateTimeOffset now) =>
        soFar.Step(StepKind.Prune) is { Outcome: not BorgOutcome.Error } prune
        && soFar.Memory.IsPruneHeld != true
        && HasCompact(soFar)
        && when != CompactWhen.Never
        && (when == CompactWhen.Always || prune.Prune is null or { IsDryRun: false, Deleted.Count: > 0 }
            || now - soFar.Memory.LastCompact >= CompactAtLeastEvery);

    /// <summary>After a create that found the repository full, one compact may make room: never where it could make
    /// final what an attacker deleted.</summary>
    public static bool MayCompactForSpace(RepositoryReport soFar, RepositorySettings repository) =>
        soFar.Step(StepKind.Create) is { Failure: BorgFailure.OutOfSpace }
        && !repository.AppendOnly
        && repository.Retention?.Compact != CompactWhen.Never
        && soFar.Memory.Hold is null
        && HasCompact(soFar);

    /// <summary>An archive that ended with an error may be complete all the same, unless it is known that nothing was
    /// written.</summary>
    public static bool MayHaveArchive(StepResult create) => create is
    {
        Archive: null,
        Failure: null,
        Outcome: BorgOutcome.Error,
    };

    private static bool HasCompact(RepositoryReport soFar) =>
        soFar.Step(StepKind.Create)?.BorgVersion?.StartsWith("1.1.", StringComparison.Ordinal) != true;
}
