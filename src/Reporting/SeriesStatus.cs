using Assimilator.Configuration;
using Assimilator.Report;
using Assimilator.State;

namespace Assimilator.Reporting;

/// <summary>How one series of archives of a backup is.</summary>
internal sealed record SeriesStatus
{
    /// <summary>Null if there is only one.</summary>
    public string? Repository { get; init; }

    /// <summary>Null for the paths.</summary>
    public string? Stream { get; init; }

    /// <summary>Of the repository; null if nothing can be told.</summary>
    public string? Location { get; init; }

    /// <inheritdoc cref="ArchiveSeries.Label"/>
    public string? Label => ArchiveSeries.Label(Repository, Stream);

    public StatusLevel Level { get; init; }

    /// <summary>Of the last run, in one or two words, and what else needs a look.</summary>
    public required string Result { get; init; }

    /// <summary>How often it is meant to get an archive, if the configuration says so.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>How often it is meant to be checked, if the configuration says so.</summary>
    public TimeSpan? CheckInterval { get; init; }

    /// <summary>How often files are meant to be read back from it, if the configuration says so.</summary>
    public TimeSpan? RestoreInterval { get; init; }

    /// <summary>The alert fires.</summary>
    public bool IsOverdue { get; init; }

    /// <summary>Pruning waits for somebody to agree to it.</summary>
    public bool IsPruneHeld { get; init; }

    public RepositoryMemory Memory { get; init; } = new();

    /// <summary>The archives that runs have made, oldest first, also those that are pruned by now.</summary>
    public IReadOnlyList<ArchiveState> Made { get; init; } = [];

    /// <summary>When the next archive is due; null if that is now, or there is no interval.</summary>
    public DateTimeOffset? NextDue => Memory.LastSuccess + Interval;

    /// <summary>How many archives still exist; null if that is not known.</summary>
    public int? Archives => Location is null || (Memory.LastSuccess is not null && Memory.Archives.Count == 0) ? null
        : Memory.Archives.Count;

    /// <summary>The newest archive that still exists; only its name, if no more is known.</summary>
    public (string Name, ArchiveState? Made)? Newest => Memory.NewestArchive is not { } newest ? null
        : (newest.Name, Made.LastOrDefault(archive => archive.Name == newest.Name));

    public static SeriesStatus Of(
        CheckSettings? check, RepositorySettings settings, BackupState state, bool isOnly, bool isRunning,
        DateTimeOffset now)
    {
        var (memory, last) = (state.Of(settings.Series, isOnly), state.LastReport);
        var series = last?.Repositories.FirstOrDefault(other => other.Series == settings.Series);
        var (level, result) = last is { Outcome: Outcome.Misconfigured } ? (StatusLevel.Critical, "misconfigured")
            : series is not null ? ResultOf(last!, series, memory) : (StatusLevel.Warning, "never ran");
        // A run that was skipped does not make good the one before.
        if (last is { Outcome: Outcome.Skipped } && state.Runs.LastOrDefault(run => run.Outcome != Outcome.Skipped) is
            { Outcome: Outcome.Failure or Outcome.Interrupted or Outcome.Misconfigured })
            (level, result) = (StatusLevel.Critical, "skipped, FAILED before");
        if (isRunning)
            result = "running";
        if (!isRunning && state.RunInProgress is not null)
            (level, result) = (Worse(level, StatusLevel.Warning), "never reported");
        var isPruneHeld = memory.IsPruneHeld == true && settings.Retention is not null;
        if (isPruneHeld)
            (level, result) = (Worse(level, StatusLevel.Warning), $"{result}, prune held");
        if (Proof(check, memory, now) is var (proofLevel, proof))
            (level, result) = (Worse(level, proofLevel), $"{result}, {proof}");
        var isOverdue = now - memory.LastSuccess > (2.25 * settings.Interval) + TimeSpan.FromHours(1);
        if (isOverdue || (memory.LastSuccess is null && last is not null))
            level = StatusLevel.Critical;
        return new SeriesStatus
        {
            Repository = settings.Name,
            Stream = settings.Stream?.Label,
            Location = settings.Location,
            Level = level,
            Result = result,
            Interval = settings.Interval,
            CheckInterval = check?.Interval,
            RestoreInterval = check?.RestoreEvery,
            IsOverdue = isOverdue,
            IsPruneHeld = isPruneHeld,
            Memory = memory,
            Made =
            [
                .. state.Archives.Where(archive =>
                    archive.Repository == settings.Name && archive.Stream == settings.Stream?.Label),
            ],
        };
    }

    /// <summary>What the checks and restore drills say, when an alert fires; null if nothing.</summary>
    private static (StatusLevel Level, string Text)? Proof(
        CheckSettings? settings, RepositoryMemory memory, DateTimeOffset now)
    {
        if (memory.DamagedSince is not null || memory.LastCheck is { ReturnCode: not 0 })
            return (StatusLevel.Critical, "DAMAGED");
        if (memory.LastRestore is { ReturnCode: not 0 })
            return (StatusLevel.Critical, "restore FAILED");
        if (now - (memory.LastCheck?.EndedAt ?? memory.FirstRun) > 2 * settings?.Interval)
            return (StatusLevel.Warning, "check overdue");
        return now - (memory.LastRestore?.EndedAt ?? memory.FirstRun) > 2 * settings?.RestoreEvery
            ? (StatusLevel.Warning, "restore overdue") : null;
    }

    private static (StatusLevel Level, string Result) ResultOf(
        RunReport run, RepositoryReport repository, RepositoryMemory memory) => run switch
        {
            { Outcome: Outcome.Skipped } => (StatusLevel.Ok, "skipped"),
            { Outcome: Outcome.Interrupted } when !repository.HasArchive => (StatusLevel.Critical, "interrupted"),
            _ when repository.IsLeftOut && memory.RunsWithoutArchive > 0 =>
                (StatusLevel.Critical, "left out, no archive before"),
            _ when repository.IsLeftOut => (StatusLevel.Ok, "left out"),
            _ when repository.IsAbsent => (StatusLevel.Ok, "absent"),
            _ when !repository.HasArchive => (StatusLevel.Critical, "FAILED"),
            { Outcome: Outcome.Success } => (StatusLevel.Ok, "OK"),
            _ when !IsBlamed(run, repository) && run.Repositories.Any(other => IsBlamed(run, other)) =>
                (StatusLevel.Ok, "OK"),
            _ => (StatusLevel.Warning, "problems"),
        };

    /// <summary>A problem of the run is about this series.</summary>
    private static bool IsBlamed(RunReport run, RepositoryReport series) =>
        series is { IsLeftOut: false, IsAbsent: false } && (!series.HasArchive
            || series.Steps.Any(step => step.Outcome != BorgOutcome.Success && !step.IsAccepted)
            || (series.Label is { } label && run.Problems.Any(
                problem => problem.Message.StartsWith($"{label}: ", StringComparison.Ordinal))));

    private static StatusLevel Worse(StatusLevel one, StatusLevel other) => one > other ? one : other;
}
