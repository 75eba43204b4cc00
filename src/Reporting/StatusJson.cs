using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Assimilator.State;

namespace Assimilator.Reporting;

/// <summary>The status of all backups as one JSON document, for other programs. <see cref="StatusFields"/> says what
/// each field means.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
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
        DurationSeconds = Seconds(run.Duration),
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
        IntervalSeconds = Seconds(series.Interval),
        NextDue = Utc(series.NextDue),
        IsOverdue = series.IsOverdue,
        RunsWithoutArchive = series.Memory.RunsWithoutArchive,
        ArchiveCount = series.Archives,
        NewestArchive = series.Newest is var (name, made) ? Entry(name, made) : null,
        CreatedArchives = [.. series.Made.TakeLast(ArchiveHistory.MostNewest).Select(one => Entry(one.Name, one))],
        LastCheck = series.Memory.LastCheck is { } check
            ? new()
            {
                EndedAt = Utc(check.EndedAt),
                ReturnCode = check.ReturnCode,
                DurationSeconds = Seconds(check.Duration),
            }
            : null,
        CheckIntervalSeconds = Seconds(series.CheckInterval),
        LastVerifyData = Utc(series.Memory.LastVerifyData),
        LastRestore = series.Memory.LastRestore is var (endedAt, returnCode, facts)
            ? new()
            {
                EndedAt = Utc(endedAt),
                ReturnCode = returnCode,
                Verified = facts?.Verified,
                Read = facts?.Read,
                Unreadable = facts?.Unreadable,
                Differing = facts?.Differing,
            }
            : null,
        RestoreIntervalSeconds = Seconds(series.RestoreInterval),
        DamagedSince = Utc(series.Memory.DamagedSince),
        IsPruneHeld = series.IsPruneHeld,
        PruneHold = series is { IsPruneHeld: true, Memory.Hold: { } hold }
            ? new() { Since = Utc(hold.Since), Reason = hold.Reason } : null,
    };

    private static ArchiveEntry Entry(string? name, ArchiveState? made) => new()
    {
        Name = name,
        StartedAt = Utc(made?.StartedAt),
        DurationSeconds = Seconds(made?.Duration),
        OriginalSize = made?.Stats?.OriginalSize,
        CompressedSize = made?.Stats?.CompressedSize,
        DeduplicatedSize = made?.Stats?.DeduplicatedSize,
        Nfiles = made?.Stats?.Nfiles,
    };

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string? Utc(DateTimeOffset? time) => time is { } known ? Utc(known) : null;

    /// <summary>In whole seconds, as every reader of RFC 3339 takes them.</summary>
    private static string Utc(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static long? Seconds(TimeSpan? time) => time is { } known ? Seconds(known) : null;

    private static long Seconds(TimeSpan time) => (long)Math.Round(time.TotalSeconds);
}
