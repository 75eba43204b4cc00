namespace Assimilator.Reporting;

// No records: nobody compares these, and what compares records makes the executable larger.

/// <summary>What <see cref="StatusJson"/> writes; <see cref="StatusFields"/> says what the fields mean.</summary>
internal sealed class StatusDocument
{
    public required string Status { get; init; }
    public required string Time { get; init; }
    public required IReadOnlyList<BackupEntry> Backups { get; init; }
}

internal sealed class BackupEntry
{
    public required string Name { get; init; }
    public required string Status { get; init; }
    public required string ConfigurationFile { get; init; }
    public required IReadOnlyList<string> Messages { get; init; }
    public string? RunningSince { get; init; }
    public RunEntry? LastRun { get; init; }
    public required IReadOnlyList<RunEntry> Runs { get; init; }
    public required IReadOnlyList<SeriesEntry> Series { get; init; }
}

internal sealed class RunEntry
{
    public required string StartedAt { get; init; }
    public long? DurationSeconds { get; init; }
    public required string Outcome { get; init; }
}

internal sealed class SeriesEntry
{
    public string? Repository { get; init; }
    public string? Stream { get; init; }
    public string? Location { get; init; }
    public required string Status { get; init; }
    public required string Result { get; init; }
    public string? LastSuccess { get; init; }
    public long? IntervalSeconds { get; init; }
    public string? NextDue { get; init; }
    public bool IsOverdue { get; init; }
    public int? RunsWithoutArchive { get; init; }
    public int? ArchiveCount { get; init; }
    public ArchiveEntry? NewestArchive { get; init; }
    public required IReadOnlyList<ArchiveEntry> CreatedArchives { get; init; }
    public CheckEntry? LastCheck { get; init; }
    public long? CheckIntervalSeconds { get; init; }
    public string? LastVerifyData { get; init; }
    public RestoreEntry? LastRestore { get; init; }
    public long? RestoreIntervalSeconds { get; init; }
    public string? DamagedSince { get; init; }
    public bool IsPruneHeld { get; init; }
    public HoldEntry? PruneHold { get; init; }
}

internal sealed class ArchiveEntry
{
    public string? Name { get; init; }
    public string? StartedAt { get; init; }
    public long? DurationSeconds { get; init; }
    public long? OriginalSize { get; init; }
    public long? CompressedSize { get; init; }
    public long? DeduplicatedSize { get; init; }
    public long? Nfiles { get; init; }
}

internal sealed class CheckEntry
{
    public required string EndedAt { get; init; }
    public required int ReturnCode { get; init; }
    public required long DurationSeconds { get; init; }
}

internal sealed class RestoreEntry
{
    public required string EndedAt { get; init; }
    public required int ReturnCode { get; init; }
    public int? Verified { get; init; }
    public int? Read { get; init; }
    public int? Unreadable { get; init; }
    public int? Differing { get; init; }
}

internal sealed class HoldEntry
{
    public required string Since { get; init; }
    public required string Reason { get; init; }
}
