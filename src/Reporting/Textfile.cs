using System.Text;
using Assimilator.Metrics;
using Assimilator.Posix;

namespace Assimilator.Reporting;

/// <summary>The report of one backup as a file for node_exporter's textfile collector. Its first line says whose it is:
/// any other file is left alone.</summary>
/// <param name="path">Absolute; node_exporter reads files that end in <c>.prom</c>.</param>
/// <param name="labels">The grouping labels of this backup, which come before each sample's own.</param>
internal sealed class Textfile(string path, IReadOnlyList<LabelPair> labels)
{
    /// <summary>In bytes; a report has some thousand.</summary>
    private const int LongestFile = 64 * 1024;

    private readonly string _firstLine =
        $"# Written by assimilator: {TextFormat.Labels(labels.Where(label => label.Name == "backup"))}\n";

    /// <summary>Replaces the report, readable by everyone.</summary>
    /// <returns>What went wrong, or null.</returns>
    public string? Write(IReadOnlyList<MetricFamily> families)
    {
        try
        {
            if (WhyNotOurs() is { } failure)
                return failure;
            var text = _firstLine + TextFormat.Serialize(families, labels);
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(text), AtomicFile.Readable);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"cannot write {path}: {exception.Message}";
        }
    }

    /// <summary>Removes the report.</summary>
    /// <param name="failure">What went wrong, or null.</param>
    /// <returns>False if there is none, or it could not be removed.</returns>
    public bool Remove(out string? failure)
    {
        try
        {
            failure = WhyNotOurs();
            if (failure is not null || !File.Exists(path))
                return false;
            File.Delete(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            failure = $"cannot remove {path}: {exception.Message}";
            return false;
        }
    }

    /// <summary>Why the report could not be written, or null. Nothing is written to find out.</summary>
    public string? WhyNotWritable()
    {
        var directory = Path.GetDirectoryName(path)!;
        return !Directory.Exists(directory) ? $"there is no directory {directory}"
            : !LibC.MayWriteIn(directory) ? $"cannot write in {directory}: {LibC.LastErrorText()}"
            : WhyNotOurs();
    }

    private string? WhyNotOurs()
    {
        if (LibC.StatusOf(path) is null)
            return null;
        var (text, failure, _, _) = TextFile.Read(path, LongestFile);
        return text is null ? $"{path} {failure}"
            : text.Length == 0 || text.StartsWith(_firstLine, StringComparison.Ordinal) ? null
            : $"{path} was written by another backup or program";
    }
}
