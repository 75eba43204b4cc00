using System.Text;
using System.Text.RegularExpressions;
using Assimilator.Files;
using Assimilator.Metrics;
using Assimilator.Native;
using Microsoft.Win32.SafeHandles;

namespace Assimilator.NodeExporter;

/// <summary>The report of one backup as a file for node_exporter's textfile collector. A file that holds anything else is left
/// alone: a copied configuration must not wipe out another backup's report.</summary>
/// <param name="path">Absolute; node_exporter reads what ends in <c>.prom</c>.</param>
/// <param name="labels">The labels of this backup, which stand in front of each sample's own.</param>
internal sealed partial class CollectorFile(string path, IReadOnlyList<LabelPair> labels)
{
    /// <summary>A report has some thousand bytes.</summary>
    private const int LongestFile = 64 * 1024;

    private const string FamilyStart = "\n# HELP ";

    private readonly string _labels = TextFormat.Labels(labels);
    private readonly string _name = Path.GetFileName(path);

    /// <summary>Replaces the report, for everybody to read.</summary>
    /// <param name="keepOthers">Whether families that are not among these stay as they were.</param>
    /// <returns>What went wrong, or null.</returns>
    public string? Write(IReadOnlyList<MetricFamily> families, bool keepOthers)
    {
        try
        {
            using var directory = FileTrust.OpenDirectory(Path.GetDirectoryName(path)!);
            if (Foreign(directory, out var old) is { } foreign)
                return foreign;
            var text = TextFormat.Serialize(families, labels);
            if (keepOthers)
                text += Others(old, [.. families.Where(family => family.Metrics.Count > 0).Select(family => family.Name)]);
            AtomicFile.Write(directory, _name, Encoding.UTF8.GetBytes(text), AtomicFile.Readable);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"cannot write {path}: {exception.Message}";
        }
    }

    /// <summary>Removes the report.</summary>
    /// <param name="failure">What went wrong, or null.</param>
    /// <returns>False if there is none to remove, or it could not be removed.</returns>
    public bool Remove(out string? failure)
    {
        try
        {
            using var directory = FileTrust.OpenDirectory(Path.GetDirectoryName(path)!);
            failure = Foreign(directory, out var old);
            // A copy of another host's configuration must not remove what this host reports of its own.
            if (failure is null && FirstSample(old)?.Contains($"{{{_labels}}} ", StringComparison.Ordinal) == false)
                failure = $"{path} holds the report of another job, instance or label";
            if (failure is not null || LibC.OwnershipOf(directory, _name) is null)
                return false;
            if (!LibC.Remove(directory, _name))
                throw new IOException(LibC.LastErrorText());
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            failure = $"cannot remove {path}: {exception.Message}";
            return false;
        }
    }

    /// <summary>Why the file that is there is not ours, or null if it is, or there is none. The directory is node_exporter's, who
    /// may have put anything there.</summary>
    private string? Foreign(SafeFileHandle directory, out string old)
    {
        old = "";
        if (LibC.OwnershipOf(directory, _name) is null)
            return null;
        var (text, failure, _) = TextFile.Read(directory, _name, LongestFile);
        if (text is null)
            return $"{path} {failure}";
        old = text;
        if (FirstName().Match(text) is { Success: true } first && !first.Groups[1].ValueSpan.StartsWith("assimilator_"))
            return $"{path} holds metrics of another program";
        return FirstSample(text)?.Contains($",{TextFormat.Labels(labels.Where(label => label.Name == "backup"))}", StringComparison.Ordinal) == false
            ? $"{path} holds the report of another backup"
            : null;
    }

    private static string? FirstSample(string text) => text.Split('\n').FirstOrDefault(line => line.Length > 0 && line[0] != '#');

    private string Others(string old, HashSet<string> names) => string.Concat($"\n{old.TrimEnd('\n')}".Split(FamilyStart)
        .Where(family => family.Split(' ')[0] is { Length: > 0 } name && !names.Contains(name)
            && family.Contains($"\n{name}{{{_labels}", StringComparison.Ordinal))
        .Select(family => $"{FamilyStart[1..]}{family}\n"));

    // In a sample, or in what is said of one; other comments say nothing.
    [GeneratedRegex(@"^(?:# (?:HELP|TYPE) )?([^#\s]\S*)", RegexOptions.Multiline)]
    private static partial Regex FirstName();
}
