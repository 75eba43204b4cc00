namespace Assimilator.State;

/// <summary>What the next run of a backup must know. Times by this host's clock, in UTC.</summary>
internal sealed record BackupState
{
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    /// <summary>When an archive was last created.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>The last archive, as far as borg told about it.</summary>
    public ArchiveState? LastArchive { get; init; }

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

/// <summary>Sizes in bytes.</summary>
internal sealed record ArchiveState(string? Name, long? OriginalSize, long? CompressedSize, long? DeduplicatedSize, long? NFiles);

internal sealed record RunState(DateTimeOffset StartedAt);

/// <summary>Which archives of which repository a backup prunes.</summary>
/// <param name="Location">As the configuration names it.</param>
/// <param name="RepositoryId">As borg knows it, whatever the way there; null until an archive was created.</param>
/// <param name="GlobArchives">With the names of host and user in it, as borg has them.</param>
internal sealed record PruneScope(string Location, string? RepositoryId, string GlobArchives)
{
    public bool IsSharedWith(PruneScope other) => GlobArchives == other.GlobArchives
        && (Location == other.Location || (RepositoryId is not null && RepositoryId == other.RepositoryId));
}
