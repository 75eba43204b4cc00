namespace Assimilator.Report;

/// <summary>A borg executable, and what it said when it was asked for its version.</summary>
/// <param name="Path">Without links.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Version">Null if it cannot be read.</param>
internal sealed record BorgExecutable(string Path, long Size, DateTimeOffset ModifiedAt, string? Version);
