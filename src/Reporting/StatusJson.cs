using System.Text.Json;
using System.Text.Json.Serialization;
using Assimilator.State;

namespace Assimilator.Reporting;

/// <summary>The status of all backups as one JSON document, for other programs. <see cref="StatusFields"/> says what
/// each field means.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusDocument))]
internal sealed partial class StatusJson : JsonSerializerContext
{
    public static string Of(IReadOnlyList<BackupStatus> backups, DateTimeOffset now) =>
        JsonSerializer.Serialize(Document(backups, now), Default.StatusDocument) + "\n";

    private static StatusDocument Document(IReadOnlyList<BackupStatus> backups, DateTimeOffset now) => new()
    {
        Status = Word(backups.Max(backup => backup.Level)),
        Time = Utc(now),
        Backups = [.. backups.Select(Entry)],
    };

    private static BackupEntry Entry(BackupStatus backup) => new()
    {
        Name = backup.Backup,
        Status = Word(backup.Level),
        ConfigurationFile = backup.ConfigurationFile,
        Messages = backup.Causes,
        RunningSince = Utc(backup.RunningSince),
        LastRun = backup.LastRun is { } run ? Entry(run) : null,
        Runs = [.. backup.Runs.Select(Entry)],
        Series = [.. backup.Series.Select(Entry)],
    };

    private static RunEntry Entry(PastRun run) => new()
    {
        StartedAt = Utc(run.StartedAt),
        DurationSeconds = run.Duration?.TotalSeconds,
        Outcome = run.Outcome is { } outcome ? Word(outcome) : "lost",
    };

    private static SeriesEntry Entry(SeriesStatus series) => new()
    {
        Repository = series.Repository,
        Stream = series.Stream,
        Location = series.Location,
        Status = Word(series.Level),
        Result = series.Result,
        LastSuccess = Utc(series.Memory.LastSuccess),
        IntervalSeconds = series.Interval?.TotalSeconds,
        NextDue = Utc(series.NextDue),
        IsOverdue = series.IsOverdue,
        RunsWithoutArchive = series.Memory.RunsWithoutArchive,
        ArchiveCount = series.Archives,
        NewestArchive = series.Newest is var (name, made) ? Entry(name, made) : null,
        CreatedArchives = [.. series.Made.TakeLast(ArchiveHistory.MostNewest).Select(one => Entry(one.Name, one))],
        LastCheck = series.Memory.LastCheck is { } check
            ? new(Utc(check.EndedAt), check.ReturnCode, check.Duration.TotalSeconds) : null,
        CheckIntervalSeconds = series.CheckInterval?.TotalSeconds,
        LastVerifyData = Utc(series.Memory.LastVerifyData),
        LastRestore = series.Memory.LastRestore is var (endedAt, returnCode, facts)
            ? new(Utc(endedAt), returnCode, facts?.Verified, facts?.Read, facts?.Unreadable, facts?.Differing) : null,
        RestoreIntervalSeconds = series.RestoreInterval?.TotalSeconds,
        DamagedSince = Utc(series.Memory.DamagedSince),
        IsPruneHeld = series.IsPruneHeld,
        PruneHold = series is { IsPruneHeld: true, Memory.Hold: { } hold } ? new(Utc(hold.Since), hold.Reason) : null,
    };

    private static ArchiveEntry Entry(string? name, ArchiveState? made) => new()
    {
        Name = name,
        StartedAt = Utc(made?.StartedAt),
        DurationSeconds = made?.Duration.TotalSeconds,
        OriginalSize = made?.Stats?.OriginalSize,
        CompressedSize = made?.Stats?.CompressedSize,
        DeduplicatedSize = made?.Stats?.DeduplicatedSize,
        Nfiles = made?.Stats?.Nfiles,
    };

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static DateTime? Utc(DateTimeOffset? time) => time is { } known ? Utc(known) : null;

    /// <summary>In whole seconds, as every reader of RFC 3339 takes them.</summary>
    private static DateTime Utc(DateTimeOffset time) =>
        time.UtcDateTime.AddTicks(-(time.UtcTicks % TimeSpan.TicksPerSecond));
}

internal sealed record StatusDocument
{
    public required string Status { get; init; }
    public required DateTime Time { get; init; }
    public required IReadOnlyList<BackupEntry> Backups { get; init; }
}

internal sealed record BackupEntry
{
    public required string Name { get; init; }
    public required string Status { get; init; }
    public required string ConfigurationFile { get; init; }
    public required IReadOnlyList<string> Messages { get; init; }
    public DateTime? RunningSince { get; init; }
    public RunEntry? LastRun { get; init; }
    public required IReadOnlyList<RunEntry> Runs { get; init; }
    public required IReadOnlyList<SeriesEntry> Series { get; init; }
}

internal sealed record RunEntry
{
    public required DateTime StartedAt { get; init; }
    public double? DurationSeconds { get; init; }
    public required string Outcome { get; init; }
}

internal sealed record SeriesEntry
{
    public string? Repository { get; init; }
    public string? Stream { get; init; }
    public string? Location { get; init; }
    public required string Status { get; init; }
    public required string Result { get; init; }
    public DateTime? LastSuccess { get; init; }
    public double? IntervalSeconds { get; init; }
    public DateTime? NextDue { get; init; }
    public bool IsOverdue { get; init; }
    public int? RunsWithoutArchive { get; init; }
    public int? ArchiveCount { get; init; }
    public ArchiveEntry? NewestArchive { get; init; }
    public required IReadOnlyList<ArchiveEntry> CreatedArchives { get; init; }
    public CheckEntry? LastCheck { get; init; }
    public double? CheckIntervalSeconds { get; init; }
    public DateTime? LastVerifyData { get; init; }
    public RestoreEntry? LastRestore { get; init; }
    public double? RestoreIntervalSeconds { get; init; }
    public DateTime? DamagedSince { get; init; }
    public bool IsPruneHeld { get; init; }
    public HoldEntry? PruneHold { get; init; }
}

internal sealed record ArchiveEntry
{
    public string? Name { get; init; }
    public DateTime? StartedAt { get; init; }
    public double? DurationSeconds { get; init; }
    public long? OriginalSize { get; init; }
    public long? CompressedSize { get; init; }
    public long? DeduplicatedSize { get; init; }
    public long? Nfiles { get; init; }
}

internal sealed record CheckEntry(DateTime EndedAt, int ReturnCode, double DurationSeconds);

internal sealed record RestoreEntry(
    DateTime EndedAt, int ReturnCode, int? Verified, int? Read, int? Unreadable, int? Differing);

internal sealed record HoldEntry(DateTime Since, string Reason);
