using System.Globalization;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Reporting;

/// <summary>What a run tells the person who watches it or reads cron's mail.</summary>
internal static class Summary
{
    /// <summary>What a step achieved, or null if nothing.</summary>
    public static string? Of(StepResult step)
    {
        var time = Quantities.Duration(step.Duration);
        return step switch
        {
            { Kind: StepKind.Create, Archive: { } archive } => $"created {Name(archive)} in {time}{Warned(step)}{Sizes(archive)}",
            { Kind: StepKind.Create } or { Outcome: BorgOutcome.Error } => null,
            { Kind: StepKind.Prune } => $"pruned in {time}: {Quantities.Count(step.Prune?.Kept ?? 0, "archive")} kept, "
                + $"{Quantities.Count(step.Prune?.Deleted ?? 0, "archive")} deleted",
            _ => $"compacted in {time}",
        };
    }

    /// <summary>The last line of a run.</summary>
    public static string Ended(RunReport report, bool isDelivered) => string.Create(CultureInfo.InvariantCulture,
        $"{Words(report)}{(isDelivered ? "" : ", and the report was not delivered")}"
        + $" (exit code {report.ExitCode} after {Quantities.Duration(report.Duration)})");

    private static string Words(RunReport report) => report.Outcome switch
    {
        Outcome.Success => "everything succeeded",
        Outcome.Warning => "backup created, with problems (see above)",
        Outcome.Skipped => "not run this time",
        Outcome.Interrupted => string.Create(CultureInfo.InvariantCulture,
            $"ended by signal {report.Signal}, {(report.HasArchive ? "an archive was created" : "no archive was created")}"),
        Outcome.Misconfigured => "not run, the configuration is wrong",
        _ => "no archive was created",
    };

    private static string Name(ArchiveFacts archive) => archive.Name is { } name ? $"archive {name}" : "an archive";

    private static string Warned(StepResult step) => step.Outcome == BorgOutcome.Warning
        ? string.Create(CultureInfo.InvariantCulture, $" with warnings (exit code {step.ReturnCode})")
        : "";

    private static string Sizes(ArchiveFacts archive)
    {
        string?[] sizes =
        [
            archive.Nfiles is { } files ? Quantities.Count(files, "file") : null,
            archive.OriginalSize is { } original ? $"{Quantities.Bytes(original)} original" : null,
            archive.CompressedSize is { } compressed ? $"{Quantities.Bytes(compressed)} compressed" : null,
            archive.DeduplicatedSize is { } deduplicated ? $"{Quantities.Bytes(deduplicated)} deduplicated" : null,
        ];
        var known = sizes.OfType<string>().ToList();
        return known.Count == 0 ? "" : $": {string.Join(", ", known)}";
    }
}
