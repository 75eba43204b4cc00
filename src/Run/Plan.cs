using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Report;

namespace Assimilator.Run;

/// <summary>Which steps a run takes, and whether one may follow what happened so far.</summary>
internal static class Plan
{
    private static readonly TimeSpan CompactAtLeastEvery = TimeSpan.FromDays(30);
    private static readonly TimeSpan MostEarly = TimeSpan.FromHours(12);

    /// <summary>Runs leave an append-only repository to <c>assimilator prune</c>.</summary>
    public static bool Prunes(RepositorySettings repository) =>
        repository is { Retention: not null, AppendOnly: false };

    /// <summary>Nothing is compacted after a failed prune, nor while somebody has to look at what was deleted: that
    /// would make it final.</summary>
    /// <param name="series">All in the repository.</param>
    public static bool MayCompact(
        IReadOnlyList<RepositoryReport> series, CompactWhen when, DateTimeOffset now, BorgDialect dialect)
    {
        var prunes = series.Select(one => one.Step(StepKind.Prune)).OfType<StepResult>().ToList();
        return prunes.Count > 0 && prunes.TrueForAll(prune => prune.Outcome != BorgOutcome.Error)
            && series.All(one => one is { Memory.IsPruneHeld: not true, HeldNeighbour: null, Damage: null })
            && dialect.HasCompact
            && when != CompactWhen.Never
            && (when == CompactWhen.Always
                || prunes.Exists(prune => prune.Prune is null or { IsDryRun: false, Deleted.Count: > 0 })
                || now - series[0].Memory.LastCompact >= CompactAtLeastEvery);
    }

    /// <summary>After a create that found the repository full, one compact may make room: never where it could make
    /// final what an attacker deleted.</summary>
    /// <param name="series">All in the repository.</param>
    public static bool MayCompactForSpace(
        RepositoryReport soFar, IReadOnlyList<RepositoryReport> series, RepositorySettings repository,
        BorgDialect dialect) =>
        soFar.Step(StepKind.Create) is { Failure: BorgFailure.OutOfSpace }
        && !repository.AppendOnly
        && repository.Retention?.Compact != CompactWhen.Never
        && series.All(one => one is { Memory.Hold: null, HeldNeighbour: null, Damage: null })
        && dialect.HasCompact;

    /// <summary>An archive that ended with an error may be complete all the same, unless it is known that nothing was
    /// written, or not all.</summary>
    public static bool MayHaveArchive(RepositoryReport soFar) => soFar.Step(StepKind.Create) is
    {
        Archive: null,
        Failure: null or BorgFailure.Disconnected,
        Outcome: BorgOutcome.Error,
    } && !HasFailedStream(soFar);

    /// <summary>A repository that could not be opened a moment ago is not tried again; a create that failed otherwise
    /// may have met the damage that a check finds.</summary>
    /// <param name="series">All in the repository.</param>
    public static bool MayCheck(IReadOnlyList<RepositoryReport> series) => series.Any(one => !one.IsAbsent
        && (one.Step(StepKind.Create) is { Failure: null or BorgFailure.OutOfSpace }
            || (one.Step(StepKind.Create) is null && HasFailedStream(one))));

    /// <summary>Which check is due; null for none. While damage is known, no part of the repository is left
    /// out.</summary>
    /// <param name="isWanted">Somebody asks for it now.</param>
    public static CheckScope? Check(
        RepositoryReport soFar, CheckSettings? settings, DateTimeOffset now, bool isWanted, BorgDialect dialect)
    {
        var memory = soFar.Memory;
        var verifies = IsDue(settings?.VerifyDataEvery, memory.LastVerifyData ?? memory.FirstRun, now);
        // A disk that has damaged the index may have damaged more.
        var isSuspect = settings is not null && (soFar.Steps.Any(step => step.HasRebuiltIndex)
            || memory.DamagedSince > (memory.LastCheck?.EndedAt ?? DateTimeOffset.MinValue));
        var isDue = verifies || IsDue(settings?.Every, memory.LastCheck?.EndedAt ?? memory.FirstRun, now);
        if (!isWanted && !isSuspect && !isDue)
            return null;
        var isDamaged = soFar.Damage is not null;
        var isUnbounded = isWanted || isSuspect || isDamaged || !dialect.HasMaxDuration;
        return new(verifies || isDamaged, isUnbounded ? null : settings?.MaxDuration);
    }

    public static bool Restores(RepositoryReport soFar, CheckSettings? settings, DateTimeOffset now) =>
        IsDue(settings?.RestoreEvery, soFar.Memory.LastRestore?.EndedAt ?? soFar.Memory.FirstRun, now);

    /// <summary>A backup that runs at two in the morning ends after it, and a week later two o'clock is a few minutes
    /// too early.</summary>
    private static bool IsDue(TimeSpan? every, DateTimeOffset? last, DateTimeOffset now) =>
        every is { } interval && last is { } since
        && (now - since >= interval - Min(interval / 20, MostEarly) || since > now + TimeSpan.FromDays(1));

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static bool HasFailedStream(RepositoryReport soFar) =>
        soFar.Step(StepKind.Stream) is { Outcome: BorgOutcome.Error };
}
