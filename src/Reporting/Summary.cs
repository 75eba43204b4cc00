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
            { Kind: StepKind.Create, Archive: { } archive } =>
                $"created {Name(archive)} in {time}{Warned(step)}{Sizes(archive.Stats)}",
            { Kind: StepKind.Create } or { Outcome: BorgOutcome.Error } => null,
            { Prune.IsDryRun: true } => null,
            { Kind: StepKind.Prune } => $"pruned in {time}: "
                + $"{Quantities.Count(step.Prune?.Kept.Count ?? 0, "archive")} kept, "
                + $"{Quantities.Count(step.Prune?.Deleted.Count ?? 0, "archive")} deleted",
            { Kind: StepKind.Compact } => $"compacted in {time}",
            { Check.HasReachedEnd: false } => $"checked a part of the repository in {time}; the next run goes on",
            { Check.IsLast: false } => $"checked the repository in {time}",
            { Check.VerifiedData: true } => $"checked with all data in {time}: no damage",
            { Kind: StepKind.Check } => $"checked in {time}: no damage",
            { Restore: { } restore } =>
                $"read {Quantities.Count(restore.Verified + restore.Read, "file")} back in {time}: "
                + $"{restore.Verified} match their source, {restore.Read} could not be compared",
            _ => null,
        };
    }

    /// <summary>The last line of a run: how it ended, how long it took, and the archive or the cause.</summary>
    public static string Ended(RunReport report, bool isDelivered)
    {
        var time = Quantities.Duration(report.Duration);
        var isGood = (report with { Problems = [] }).Outcome == Outcome.Success;
        var cause = report.Problems.FirstOrDefault(problem => problem.Severity == LogLevel.Error)?.Message.TrimEnd('.');
        return report.Outcome switch
        {
            Outcome.Success => $"backup OK in {time}: {Archives(report)}",
            Outcome.Warning when isGood && !isDelivered =>
                $"backup OK in {time}, but the report could not be delivered (see above)",
            Outcome.Warning => $"backup created in {time}, with problems (see above): {Archives(report)}",
            Outcome.Interrupted => string.Create(
                CultureInfo.InvariantCulture, $"backup interrupted by signal {report.Signal} after {time}, ")
                + (report.HasAnyArchive ? "with an archive" : "without an archive"),
            Outcome.Skipped => $"backup skipped after {time}",
            _ => $"backup FAILED after {time}: {cause ?? "no archive was created"}",
        };
    }

    private static string Archives(RunReport report) => string.Join("; ", report.Repositories
        .Where(repository => repository.Archive is not null || repository.IsAbsent)
        .Select(repository => (repository.Label is { } label ? $"{label}: " : "")
            + (repository.Archive is { } archive ? Archive(archive) : "absent")));

    private static string Archive(ArchiveFacts archive) => Name(archive)
        + (archive.Stats?.Nfiles is { } files ? $", {Quantities.Count(files, "file")}" : "")
        + (archive.Stats?.DeduplicatedSize is { } size ? $", {Quantities.Bytes(size)} new" : "");

    private static string Name(ArchiveFacts archive) => archive.Name is { } name ? $"archive {name}" : "an archive";

    private static string Warned(StepResult step) => step.Outcome == BorgOutcome.Warning
        ? string.Create(CultureInfo.InvariantCulture, $" with warnings (exit code {step.ReturnCode})")
        : "";

    /// <summary>What is known of an archive, to be read behind its name.</summary>
    public static string Sizes(ArchiveStats? stats)
    {
        string?[] sizes =
        [
            stats?.Nfiles is { } files ? Quantities.Count(files, "file") : null,
            stats?.OriginalSize is { } original ? $"{Quantities.Bytes(original)} original" : null,
            stats?.CompressedSize is { } compressed ? $"{Quantities.Bytes(compressed)} compressed" : null,
            stats?.DeduplicatedSize is { } added ? $"{Quantities.Bytes(added)} new" : null,
        ];
        var known = sizes.OfType<string>().ToList();
        return known.Count == 0 ? "" : $": {string.Join(", ", known)}";
    }
}
