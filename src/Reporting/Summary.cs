using System.Globalization;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Reporting;

/// <summary>What a run tells the person who watches it about a step.</summary>
internal static class Summary
{
    /// <summary>What a step achieved, or null if nothing.</summary>
    public static string? Of(StepResult step)
    {
        var time = Quantities.Duration(step.Duration);
        return step switch
        {
            { Kind: StepKind.Create, Archive: { } archive } =>
                $"created {(archive.Name is { } name ? $"archive {name}" : "an archive")} in {time}{Warned(step)}",
            { Kind: StepKind.Create } or { Outcome: BorgOutcome.Error } => null,
            { Prune.IsDryRun: true } => null,
            { Kind: StepKind.Prune } => $"pruned in {time}: "
                + $"{Quantities.Count(step.Prune?.Kept.Count ?? 0, "archive")} kept, "
                + $"{Quantities.Count(step.Prune?.Deleted.Count ?? 0, "archive")} deleted",
            { Kind: StepKind.Compact } => $"compacted in {time}",
            { Check.HasReachedEnd: false } => $"checked part of the repository in {time}; the next run continues",
            { Check.IsLast: false } => $"checked the repository in {time}",
            { Check.VerifiedData: true } => $"checked, including all data, in {time}: no damage",
            { Kind: StepKind.Check } => $"checked in {time}: no damage",
            { Restore: { } restore } =>
                $"read {Quantities.Count(restore.Verified + restore.Read, "file")} back in {time}: "
                + $"{restore.Verified} match their source, {restore.Read} could not be compared",
            _ => null,
        };
    }

    private static string Warned(StepResult step) => step.Outcome == BorgOutcome.Warning
        ? string.Create(CultureInfo.InvariantCulture, $" with warnings (exit code {step.ReturnCode})")
        : "";

    /// <summary>What is known of an archive, to be read behind its name.</summary>
    public static string Sizes(ArchiveStats? stats)
    {
        string?[] sizes =
        [
            stats?.Nfiles is { } files ? Quantities.Count(files, "file") : null,
            stats?.OriginalSize is { } original ? Quantities.Bytes(original) : null,
            stats?.CompressedSize is { } compressed ? $"{Quantities.Bytes(compressed)} compressed" : null,
            stats?.DeduplicatedSize is { } added ? $"{Quantities.Bytes(added)} new" : null,
        ];
        var known = sizes.OfType<string>().ToList();
        return known.Count == 0 ? "" : $": {string.Join(", ", known)}";
    }
}
