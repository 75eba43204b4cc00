namespace Assimilator.Report;

/// <summary>What borg reports about an archive and its repository, with borg's field names. Every field is null where
/// this borg does not report it.</summary>
internal sealed record ArchiveFacts
{
    public string? Name { get; init; }

    /// <summary>Borg's id of the archive.</summary>
    public string? Id { get; init; }

    /// <summary>Borg ended with an error, but the archive was found in the repository afterwards.</summary>
    public bool IsLookedUp { get; init; }

    /// <summary>Of the repository.</summary>
    public string? RepositoryId { get; init; }

    public ArchiveStats? Stats { get; init; }
    public CacheStats? CacheStats { get; init; }
}

/// <summary><c>archive.stats</c>. Sizes in bytes.</summary>
internal sealed record ArchiveStats
{
    public long? OriginalSize { get; init; }
    public long? CompressedSize { get; init; }
    public long? DeduplicatedSize { get; init; }
    public long? Nfiles { get; init; }
}

/// <summary><c>cache.stats</c>, about all archives of the repository. Sizes in bytes.</summary>
internal sealed record CacheStats
{
    public long? TotalSize { get; init; }
    public long? TotalCsize { get; init; }
    public long? UniqueCsize { get; init; }
    public long? TotalChunks { get; init; }
    public long? TotalUniqueChunks { get; init; }
}
