using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Assimilator.Report;

namespace Assimilator.Reporting;

/// <summary>What <c>run --json</c> prints about one backup. Scripts read it: nothing is renamed or taken out.
/// <see cref="RunJsonFields"/> says what each field means.</summary>
internal sealed record RunJson
{
    public required string Backup { get; init; }
    public required string StartedAt { get; init; }
    public required double DurationSeconds { get; init; }
    public required string Outcome { get; init; }
    public required int ExitCode { get; init; }
    public int? Signal { get; init; }
    public ScriptsJson? Preexec { get; init; }
    public ScriptsJson? Postexec { get; init; }
    public required IReadOnlyList<SeriesJson> Series { get; init; }
    public required IReadOnlyList<ProblemJson> Problems { get; init; }
    public bool? Pushed { get; init; }
    public bool? TextfileWritten { get; init; }
    public int? InterruptedRuns { get; init; }
    public int? WarnedRuns { get; init; }

    /// <summary>One line of JSON.</summary>
    public string Line => JsonSerializer.Serialize(this, RunJsonContext.Default.RunJson) + "\n";

    public static RunJson Of(RunReport report, Delivery delivery) => new()
    {
        Backup = report.Backup,
        StartedAt = Time(report.StartedAt),
        DurationSeconds = Seconds(report.Duration),
        Outcome = Word(report.Outcome),
        ExitCode = report.ExitCode,
        Signal = report.Signal,
        Preexec = Of(report.Preexec),
        Postexec = Of(report.Postexec),
        // A wrong configuration may not say where.
        Series = [.. report.Repositories.Where(one => one is { IsLeftOut: false, Location.Length: > 0 }).Select(Of)],
        Problems =
        [
            .. report.Problems.Select(problem => new ProblemJson
            {
                Severity = Word(problem.Severity),
                Message = problem.Message,
                Hint = problem.Hint,
            }),
        ],
        Pushed = delivery.Pushed,
        TextfileWritten = delivery.TextfileWritten,
        InterruptedRuns = report.InterruptedRuns,
        WarnedRuns = report.WarnedRuns,
    };

    private static SeriesJson Of(RepositoryReport one) => new()
    {
        Repository = one.Name,
        Location = one.Location,
        Stream = one.Stream,
        RepositoryId = one.Id,
        Absent = one.IsAbsent,
        Archive = one.HasArchive ? one.Archive!.Name : null,
        LastSuccess = one.LastSuccess is { } success ? Time(success) : null,
        RunsWithoutArchive = one.RunsWithoutArchive,
        PruneHeld = one.Memory.IsPruneHeld,
        DamagedSince = one.Memory.DamagedSince is { } since ? Time(since) : null,
        Steps = [.. one.Steps.Select(Of)],
    };

    private static StepJson Of(StepResult step) => new()
    {
        Kind = Word(step.Kind),
        ReturnCode = step.ReturnCode,
        Outcome = Word(step.Outcome),
        DurationSeconds = Seconds(step.Duration),
        TimedOut = step.TimedOut,
        Warnings = step.Warnings,
        Errors = step.Errors,
        BorgVersion = step.BorgVersion,
        Archive = step.Archive is not { } archive ? null : new()
        {
            Name = archive.Name,
            Id = archive.Id,
            OriginalSize = archive.Stats?.OriginalSize,
            CompressedSize = archive.Stats?.CompressedSize,
            DeduplicatedSize = archive.Stats?.DeduplicatedSize,
            Nfiles = archive.Stats?.Nfiles,
        },
        Prune = step.Prune is not { } prune ? null : new()
        {
            DryRun = prune.IsDryRun,
            Kept = Names(prune.Kept),
            Deleted = Names(prune.Deleted),
            DeletedCheckpoints = Names(prune.DeletedCheckpoints),
        },
        Check = step.Check is not { } check ? null : new()
        {
            Complete = check is { IsLast: true, HasReachedEnd: true },
            VerifiedData = check.VerifiedData,
        },
        Restore = step.Restore is not { } restore ? null : new()
        {
            Verified = restore.Verified,
            Read = restore.Read,
            Unreadable = restore.Unreadable,
            Differing = restore.Differing,
        },
    };

    private static ScriptsJson? Of(ScriptsResult? scripts) => scripts is null ? null : new()
    {
        ReturnCode = scripts.ReturnCode,
        DurationSeconds = Seconds(scripts.Duration),
        TimedOut = scripts.TimedOut,
    };

    private static IReadOnlyList<string> Names(IEnumerable<ArchiveReference> archives) =>
        [.. archives.Select(archive => archive.Name)];

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>In the form that jq and others read.</summary>
    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}

internal sealed record ScriptsJson
{
    public required int ReturnCode { get; init; }
    public required double DurationSeconds { get; init; }
    public required int TimedOut { get; init; }
}

internal sealed record SeriesJson
{
    public string? Repository { get; init; }
    public required string Location { get; init; }
    public string? Stream { get; init; }
    public string? RepositoryId { get; init; }
    public required bool Absent { get; init; }
    public string? Archive { get; init; }
    public string? LastSuccess { get; init; }
    public int? RunsWithoutArchive { get; init; }
    public bool? PruneHeld { get; init; }
    public string? DamagedSince { get; init; }
    public required IReadOnlyList<StepJson> Steps { get; init; }
}

internal sealed record StepJson
{
    public required string Kind { get; init; }
    public required int ReturnCode { get; init; }
    public required string Outcome { get; init; }
    public required double DurationSeconds { get; init; }
    public required bool TimedOut { get; init; }
    public required int Warnings { get; init; }
    public required int Errors { get; init; }
    public string? BorgVersion { get; init; }
    public ArchiveJson? Archive { get; init; }
    public PruneJson? Prune { get; init; }
    public CheckJson? Check { get; init; }
    public RestoreJson? Restore { get; init; }
}

internal sealed record ArchiveJson
{
    public string? Name { get; init; }
    public string? Id { get; init; }
    public long? OriginalSize { get; init; }
    public long? CompressedSize { get; init; }
    public long? DeduplicatedSize { get; init; }
    public long? Nfiles { get; init; }
}

internal sealed record PruneJson
{
    public required bool DryRun { get; init; }
    public required IReadOnlyList<string> Kept { get; init; }
    public required IReadOnlyList<string> Deleted { get; init; }
    public required IReadOnlyList<string> DeletedCheckpoints { get; init; }
}

internal sealed record CheckJson
{
    public required bool Complete { get; init; }
    public required bool VerifiedData { get; init; }
}

internal sealed record RestoreJson
{
    public required int Verified { get; init; }
    public required int Read { get; init; }
    public required int Unreadable { get; init; }
    public required int Differing { get; init; }
}

internal sealed record ProblemJson
{
    public required string Severity { get; init; }
    public required string Message { get; init; }
    public string? Hint { get; init; }
}

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunJson))]
internal sealed partial class RunJsonContext : JsonSerializerContext;
