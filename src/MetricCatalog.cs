using Assimilator.Borg;
using Assimilator.Metrics;

namespace Assimilator;

/// <summary>One metric of the report: what it is called, and where its value comes from.</summary>
/// <param name="Name">An interface: alert rules are written against it.</param>
/// <param name="Help">An interface too: the Pushgateway refuses a family whose help differs from another group's.</param>
/// <param name="Value">The value, or null when the report does not know it: then there is no sample.</param>
internal sealed record MetricDefinition(string Name, string Help, Func<RunReport, double?> Value);

/// <summary>Every metric this program reports, in the order in which README shows them.</summary>
internal static class MetricCatalog
{
    /// <summary>The metric whose labels say which versions are at work; its value is always 1.</summary>
    public const string BuildInfoName = "assimilator_build_info";

    public const string BuildInfoHelp = "Version of assimilator, and of borgbackup where it told";

    /// <summary>The interface of the original, never to be changed.</summary>
    public static readonly IReadOnlyList<MetricDefinition> Original =
    [
        new("assimilator_create_return_code", "Exit code of borgbackup create", report => ReturnCode(report.Create?.Borg)),
        new("assimilator_create_total_chunks", "Total chunks of created archive",
            report => report.Create?.Output?.Cache?.Stats?.TotalChunks),
        new("assimilator_create_duration_seconds", "Duration of borgbackup create", report => Duration(report.Create?.Borg)),
        new("assimilator_create_unique_chunks", "Unique chunks of created archive",
            report => report.Create?.Output?.Cache?.Stats?.TotalUniqueChunks),
        new("assimilator_create_files_count", "Number of transfered files", report => report.Create?.Output?.Archive?.Stats?.Nfiles),
        new("assimilator_archive_original_size_bytes", "Original size of created archive",
            report => report.Create?.Output?.Archive?.Stats?.OriginalSize),
        new("assimilator_archive_compressed_size_bytes", "Compressed size of created archive",
            report => report.Create?.Output?.Archive?.Stats?.CompressedSize),
        new("assimilator_archive_deduplicated_size_bytes", "Deduplicated size of created archive",
            report => report.Create?.Output?.Archive?.Stats?.DeduplicatedSize),
        new("assimilator_all_archives_original_size_bytes", "Original size of all archives in repository",
            report => report.Create?.Output?.Cache?.Stats?.TotalSize),
        new("assimilator_all_archives_compressed_size_bytes", "Compressed size of all archives in repository",
            report => report.Create?.Output?.Cache?.Stats?.TotalCsize),
        new("assimilator_all_archives_deduplicated_size_bytes", "Deduplicated size of all archives in repository",
            report => report.Create?.Output?.Cache?.Stats?.UniqueCsize),
        new("borg_prune_return_code", "Exit code of borgbackup prune", report => ReturnCode(report.Prune)),
        new("borg_prune_duration_seconds", "Duration of borgbackup prune", report => Duration(report.Prune)),
        new("assimilator_preexec_return_code", "Exit code of assimilator preexec scripts", report => report.Preexec?.ReturnCode),
        new("assimilator_preexec_duration_seconds", "Duration of assimilator preexec scripts",
            report => report.Preexec?.Duration.TotalSeconds),
        new("assimilator_postexec_return_code", "Exit code of assimilator postexec scripts",
            report => report.Postexec?.ReturnCode),
        new("assimilator_postexec_duration_seconds", "Duration of assimilator postexec scripts",
            report => report.Postexec?.Duration.TotalSeconds),
    ];

    /// <summary>What the original did not have.</summary>
    public static readonly IReadOnlyList<MetricDefinition> Further =
    [
        new("assimilator_return_code", "Exit code of the whole run", report => report.ExitCode),
        new("assimilator_last_run_timestamp_seconds", "When the last run started", report => UnixTime(report.StartedAt)),
        new("assimilator_last_success_timestamp_seconds", "When an archive was last created",
            report => UnixTime(report.LastSuccess)),
        new("assimilator_run_duration_seconds", "Duration of the whole run", report => report.Duration.TotalSeconds),
        new("assimilator_interval_seconds", "How often the backup is meant to run", report => report.Interval?.TotalSeconds),
        new("assimilator_create_warnings", "Warnings that borgbackup create logged", report => report.Create?.Borg.Warnings),
        new("assimilator_create_errors", "Errors that borgbackup create logged", report => report.Create?.Borg.Errors),
        new("assimilator_prune_kept_archives", "Archives that borgbackup prune kept",
            report => Completed(report.Prune)?.KeptArchives),
        new("assimilator_prune_deleted_archives", "Archives that borgbackup prune deleted",
            report => Completed(report.Prune)?.DeletedArchives),
        new("assimilator_compact_return_code", "Exit code of borgbackup compact", report => ReturnCode(report.Compact)),
        new("assimilator_compact_duration_seconds", "Duration of borgbackup compact", report => Duration(report.Compact)),
        new("assimilator_timed_out_processes", "Scripts and borg processes ended because their time was up",
            report => report.TimedOut),
        new("assimilator_interrupted_runs", "Runs since the last success that never reported",
            report => report.InterruptedRuns),
        new("assimilator_warned_runs", "Runs since the last one without fault that ended with exit code 1",
            report => report.WarnedRuns),
    ];

    /// <summary>The report as families; what it does not know has no sample.</summary>
    /// <param name="version">Our own version.</param>
    public static IReadOnlyList<MetricFamily> Families(RunReport report, string version) =>
    [
        .. Original.Concat(Further).Select(definition => new MetricFamily(
            definition.Name, definition.Help, definition.Value(report) is { } value ? [new Metric([], value)] : [])),
        new MetricFamily(BuildInfoName, BuildInfoHelp, [new Metric(BuildInfoLabels(report, version), 1)]),
    ];

    private static LabelPair[] BuildInfoLabels(RunReport report, string version) =>
        [new("version", version), new("borg_version", report.Create?.Borg.Version ?? "")];

    private static double? ReturnCode(BorgResult? borg) => borg?.Exit.ReturnCode;

    private static double? Duration(BorgResult? borg) => borg?.Exit.Duration.TotalSeconds;

    /// <summary>The lists of a prune that failed say what it meant to do, not what it did; and one that listed nothing was
    /// perhaps no borg.</summary>
    private static BorgResult? Completed(BorgResult? borg) =>
        borg is { Status: not BorgExitStatus.Error } && borg.KeptArchives + borg.DeletedArchives > 0 ? borg : null;

    private static double? UnixTime(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds() / 1000.0;
}
