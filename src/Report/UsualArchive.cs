namespace Assimilator.Report;

/// <summary>What the archives of a backup are usually like, by the archives before; null where that is not
/// known.</summary>
/// <param name="OriginalSize">The median, in bytes.</param>
/// <param name="Nfiles">The median.</param>
/// <param name="DeduplicatedSize">The most new data that is usual, in bytes; known after a month.</param>
internal sealed record UsualArchive(long? OriginalSize, long? Nfiles, long? DeduplicatedSize);
