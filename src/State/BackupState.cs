using Assimilator.Report;

namespace Assimilator.State;

/// <summary>What the next run of a backup must know. Times by this host's clock, in UTC.</summary>
internal sealed record BackupState
{
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    /// <summary>When an archive was last created.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>The last thirty archives, oldest first, also those that are pruned by now.</summary>
    public IReadOnlyList<ArchiveState> Archives { get => field ?? []; init; }

    /// <summary>The last report.</summary>
    public RunReport? LastReport { get; init; }

    /// <summary>The run that is in progress; if the next run finds it, that one never reported.</summary>
    public RunState? RunInProgress { get; init; }

    /// <summary>Runs since the last success that never reported; null if that is not known.</summary>
    public int? InterruptedRuns { get; init; }

    /// <summary>Runs since the last one without fault that ended with exit code 1.</summary>
    public int? WarnedRuns { get; init; }

    /// <summary>The configuration that this state belongs to.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Which archives this backup prunes: another one that prunes the same would delete them.</summary>
    public PruneScope? PruneScope { get; init; }
}

/// <summary>One archive that this backup has made.</summary>
internal sealed record ArchiveState
{
    public const int MostKept = 30;

    /// <summary>When the run that made it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long borg took.</summary>
    public TimeSpan Duration { get; init; }

    public string? Name { get; init; }
    public ArchiveStats? Stats { get; init; }
}

internal sealed record RunState
{
    public required DateTimeOffset StartedAt { get; init; }
}

/// <summary>Which archives of which repository a backup prunes.</summary>
internal sealed record PruneScope
{
    /// <summary>As the configuration names it.</summary>
    public required string Location { get; init; }

    /// <summary>As borg knows it, whatever the way there; null until an archive was created.</summary>
    public string? RepositoryId { get; init; }

    /// <summary>With the names of host and user in it, as borg has them.</summary>
    public required string GlobArchives { get; init; }

    public bool IsSharedWith(PruneScope other) => GlobArchives == other.GlobArchives
        && (Location == other.Location || (RepositoryId is not null && RepositoryId == other.RepositoryId));
}
