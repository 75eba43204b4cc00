using Assimilator.Metrics;
using Assimilator.Report;

namespace Assimilator.Reporting;

/// <summary>One metric of the report: what it is called, and where its value comes from.</summary>
/// <param name="Name">An interface: alert rules are written against it.</param>
/// <param name="Help">An interface too: the Pushgateway refuses a family whose help differs from another
/// group's.</param>
/// <param name="Samples">The values, as far as the report knows them.</param>
internal sealed record MetricDefinition(string Name, string Help, Func<RunReport, IEnumerable<Metric>> Samples);

/// <summary>Every metric this program reports, in the order in which README shows them.</summary>
internal static class MetricCatalog
{
    /// <summary>The metric whose labels say which versions are at work; its value is always 1.</summary>
    public const string BuildInfoName = "assimilator_build_info";

    private const string RepositoryLabel = "repository", StreamLabel = "stream";

    public const string BuildInfoHelp = "Version of assimilator, and of borgbackup if known";

    /// <summary>The interface of the original program, never to be changed.</summary>
    public static readonly IReadOnlyList<MetricDefinition> Original =
    [
        ReturnCode(StepKind.Create, "assimilator_create_return_code", "Exit code of borgbackup create"),
        OfCache("assimilator_create_total_chunks", "Total chunks of created archive", cache => cache.TotalChunks),
        Duration(StepKind.Create, "assimilator_create_duration_seconds", "Duration of borgbackup create"),
        OfCache("assimilator_create_unique_chunks", "Unique chunks of created archive", cache =>
            cache.TotalUniqueChunks),
        OfArchive("assimilator_create_files_count", "Number of transfered files", archive => archive.Stats?.Nfiles),
        OfArchive("assimilator_archive_original_size_bytes", "Original size of created archive",
            archive => archive.Stats?.OriginalSize),
        OfArchive("assimilator_archive_compressed_size_bytes", "Compressed size of created archive",
            archive => archive.Stats?.CompressedSize),
        OfArchive("assimilator_archive_deduplicated_size_bytes", "Deduplicated size of created archive",
            archive => archive.Stats?.DeduplicatedSize),
        OfCache("assimilator_all_archives_original_size_bytes", "Original size of all archives in repository",
            cache => cache.TotalSize),
        OfCache("assimilator_all_archives_compressed_size_bytes", "Compressed size of all archives in repository",
            cache => cache.TotalCsize),
        OfCache("assimilator_all_archives_deduplicated_size_bytes", "Deduplicated size of all archives in repository",
            cache => cache.UniqueCsize),
        ReturnCode(StepKind.Prune, "borg_prune_return_code", "Exit code of borgbackup prune"),
        Duration(StepKind.Prune, "borg_prune_duration_seconds", "Duration of borgbackup prune"),
        OfRun("assimilator_preexec_return_code", "Exit code of assimilator preexec scripts", run =>
            run.Preexec?.ReturnCode),
        OfRun("assimilator_preexec_duration_seconds", "Duration of assimilator preexec scripts",
            run => run.Preexec?.Duration.TotalSeconds),
        OfRun("assimilator_postexec_return_code", "Exit code of assimilator postexec scripts", run =>
            run.Postexec?.ReturnCode),
        OfRun("assimilator_postexec_duration_seconds", "Duration of assimilator postexec scripts",
            run => run.Postexec?.Duration.TotalSeconds),
    ];

    /// <summary>What the original did not have.</summary>
    public static readonly IReadOnlyList<MetricDefinition> Further =
    [
        OfRun("assimilator_return_code", "Exit code of the whole run", run => run.ExitCode),
        OfRun("assimilator_last_run_timestamp_seconds", "When the last run started", run => UnixTime(run.StartedAt)),
        OfSeries("assimilator_last_success_timestamp_seconds", "When an archive was last created",
            repository => UnixTime(repository.LastSuccess)),
        OfSeries("assimilator_first_run_timestamp_seconds", "When the first run that this host remembers started",
            repository => UnixTime(repository.Memory.FirstRun)),
        OfSeries("assimilator_runs_without_archive", "Runs in a row that created no archive",
            repository => repository.RunsWithoutArchive),
        OfRun("assimilator_run_duration_seconds", "Duration of the whole run", run => run.Duration.TotalSeconds),
        OfSeries("assimilator_interval_seconds", "How often the backup is meant to run",
            repository => repository.Interval?.TotalSeconds),
        OfSeries("assimilator_archive_usual_original_size_bytes", "Usual original size of archives before this run",
            repository => repository.Usual?.OriginalSize),
        OfSeries("assimilator_archive_usual_files_count", "Usual number of files of archives before this run",
            repository => repository.Usual?.Nfiles),
        OfSeries("assimilator_archive_usual_deduplicated_size_bytes",
            "Largest usual amount of new data in an archive", repository => repository.Usual?.DeduplicatedSize),
        ReturnCode(StepKind.Stream, "assimilator_stream_return_code", "Exit code of the command of a stream"),
        Duration(StepKind.Stream, "assimilator_stream_duration_seconds", "Duration of the command of a stream"),
        OfStep(StepKind.Create, "assimilator_create_warnings", "Warnings that borgbackup create logged", step =>
            step.Warnings),
        OfStep(StepKind.Create, "assimilator_create_errors", "Errors that borgbackup create logged", step =>
            step.Errors),
        OfStep(StepKind.Prune, "assimilator_prune_kept_archives", "Archives that borgbackup prune kept", step =>
            step.Prune?.Kept.Count),
        OfStep(StepKind.Prune, "assimilator_prune_deleted_archives", "Archives that borgbackup prune deleted",
            step => step.Prune is { IsDryRun: false } prune ? prune.Deleted.Count : step.Prune is null ? null : 0),
        OfSeries("assimilator_prune_held", "Whether pruning is held until somebody agrees",
            repository => repository.Memory.IsPruneHeld is { } isHeld ? isHeld ? 1 : 0 : null),
        OfRepository("assimilator_compact_return_code", "Exit code of borgbackup compact",
            repository => repository.Step(StepKind.Compact)?.ReturnCode),
        OfRepository("assimilator_compact_duration_seconds", "Duration of borgbackup compact",
            repository => repository.Step(StepKind.Compact)?.Duration.TotalSeconds),
        OfRepository("assimilator_check_return_code", "Exit code of the last borgbackup check",
            repository => repository.Memory.LastCheck?.ReturnCode),
        OfRepository("assimilator_check_duration_seconds", "Duration of the last borgbackup check",
            repository => repository.Memory.LastCheck?.Duration.TotalSeconds),
        OfRepository("assimilator_last_check_timestamp_seconds", "When the last borgbackup check ended",
            repository => UnixTime(repository.Memory.LastCheck?.EndedAt)),
        OfRepository("assimilator_check_interval_seconds", "How often the repository is meant to be checked",
            repository => repository.CheckInterval?.TotalSeconds),
        OfSeries("assimilator_restore_return_code", "Exit code of the last restore drill",
            repository => repository.Memory.LastRestore?.ReturnCode),
        OfSeries("assimilator_restore_verified_files", "Files of the last restore drill that match their source",
            repository => repository.Memory.LastRestore?.Facts?.Verified),
        OfSeries("assimilator_restore_read_files", "Files of the last restore drill whose source has changed since",
            repository => repository.Memory.LastRestore?.Facts?.Read),
        OfSeries("assimilator_restore_failed_files",
            "Files of the last restore drill that cannot be read or differ from their source",
            repository => repository.Memory.LastRestore?.Facts?.Failed),
        OfSeries("assimilator_last_restore_timestamp_seconds", "When the last restore drill ended",
            repository => UnixTime(repository.Memory.LastRestore?.EndedAt)),
        OfSeries("assimilator_restore_interval_seconds", "How often a restore drill is meant to take place",
            repository => repository.RestoreInterval?.TotalSeconds),
        OfRun("assimilator_timed_out_processes", "Scripts and borg processes ended because their time was up",
            run => run.TimedOut),
        OfRun("assimilator_interrupted_runs", "Runs since the last success that never reported", run =>
            run.InterruptedRuns),
        OfRun("assimilator_warned_runs", "Runs that ended with exit code 1 since the last run without problems",
            run => run.WarnedRuns),
    ];

    /// <summary>The report as families; what it does not know has no sample.</summary>
    /// <param name="version">Our own version.</param>
    public static IReadOnlyList<MetricFamily> Families(RunReport report, string version) =>
    [
        .. Original.Concat(Further).Select(definition => new MetricFamily(
            definition.Name, definition.Help, [.. definition.Samples(report)])),
        new MetricFamily(BuildInfoName, BuildInfoHelp, [new Metric(BuildInfoLabels(report, version), 1)]),
    ];

    private static LabelPair[] BuildInfoLabels(RunReport report, string version) =>
    [
        new("version", version),
        new("borg_version", report.Repositories.Select(repository => repository.Step(StepKind.Create)?.BorgVersion)
            .FirstOrDefault(borg => borg is not null) ?? ""),
    ];

    private static MetricDefinition OfRun(string name, string help, Func<RunReport, double?> value) =>
        new(name, help, report => value(report) is { } known ? [new Metric([], known)] : []);

    /// <summary>What concerns a repository as a whole; with a label where there are several.</summary>
    private static MetricDefinition OfRepository(string name, string help, Func<RepositoryReport, double?> value) =>
        new(name, help, report => report.Repositories.GroupBy(one => (one.Location, one.Name)).SelectMany(series =>
            // The last archive knows the others.
            Sample(series.Key.Name, null, series.Select(value).LastOrDefault(known => known is not null))));

    /// <summary>What concerns one series of archives; with labels where there are several repositories, and for
    /// streams.</summary>
    private static MetricDefinition OfSeries(string name, string help, Func<RepositoryReport, double?> value) =>
        new(name, help, report => report.Repositories.SelectMany(one => Sample(one.Name, one.Stream, value(one))));

    private static IEnumerable<Metric> Sample(string? repository, string? stream, double? value) =>
        value is not { } known ? [] :
        [
            new(
            [
                .. repository is null ? Array.Empty<LabelPair>() : [new(RepositoryLabel, repository)],
                .. stream is null ? Array.Empty<LabelPair>() : [new(StreamLabel, stream)],
            ], known),
        ];

    private static MetricDefinition OfStep(StepKind kind, string name, string help, Func<StepResult, double?> value) =>
        OfSeries(name, help, one => one.Step(kind) is { } step ? value(step) : null);

    private static MetricDefinition OfCache(string name, string help, Func<CacheStats, double?> value) =>
        OfRepository(name, help, one => one.Archive?.CacheStats is { } cache ? value(cache) : null);

    private static MetricDefinition OfArchive(string name, string help, Func<ArchiveFacts, double?> value) =>
        OfStep(StepKind.Create, name, help, step => step.Archive is { } archive ? value(archive) : null);

    private static MetricDefinition ReturnCode(StepKind kind, string name, string help) =>
        OfStep(kind, name, help, step => step.ReturnCode);

    private static MetricDefinition Duration(StepKind kind, string name, string help) =>
        OfStep(kind, name, help, step => step.Duration.TotalSeconds);

    private static double? UnixTime(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds() / 1000.0;
}
