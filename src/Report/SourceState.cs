namespace Assimilator.Report;

/// <summary>A source path as a run found it.</summary>
/// <param name="IsEmpty">A directory without entries.</param>
/// <param name="IsMountPoint">Something is mounted there.</param>
internal sealed record SourceState(string Path, bool IsEmpty, bool IsMountPoint);
