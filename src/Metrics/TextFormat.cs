using System.Globalization;
using System.Text;

namespace Assimilator.Metrics;

/// <summary>The Prometheus text exposition format, version 0.0.4.</summary>
internal static class TextFormat
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The families as text. Every line ends in a line feed; a family without a sample is left out.</summary>
    /// <param name="labels">These stand in front of the labels of each sample.</param>
    public static string Serialize(IEnumerable<MetricFamily> families, IReadOnlyList<LabelPair>? labels = null)
    {
        var text = new StringBuilder();
        foreach (var family in families.Where(family => family.Metrics.Count > 0))
            AppendFamily(text, family, labels ?? []);
        return text.ToString();
    }

    /// <summary>Labels as they stand between the braces of a sample.</summary>
    public static string Labels(IEnumerable<LabelPair> labels) =>
        string.Join(',', labels.Select(label => $"{label.Name}=\"{EscapeLabelValue(label.Value)}\""));

    private static void AppendFamily(StringBuilder text, MetricFamily family, IReadOnlyList<LabelPair> labels)
    {
        text.Append("# HELP ").Append(family.Name).Append(' ').Append(EscapeHelp(family.Help)).Append('\n');
        text.Append("# TYPE ").Append(family.Name).Append(" gauge\n");
        foreach (var metric in family.Metrics)
            AppendSample(text, family.Name, [.. labels, .. metric.Labels], metric.Value);
    }

    private static void AppendSample(StringBuilder text, string name, IReadOnlyList<LabelPair> labels, double value)
    {
        text.Append(name);
        if (labels.Count > 0)
            text.Append('{').Append(Labels(labels)).Append('}');
        text.Append(' ').Append(FormatValue(value)).Append('\n');
    }

    /// <summary>The shortest text from which Prometheus parses exactly this number.</summary>
    public static string FormatValue(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    public static string EscapeHelp(string help) =>
        WellFormed(help).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    public static string EscapeLabelValue(string value) =>
        EscapeHelp(value).Replace("\"", "\\\"", StringComparison.Ordinal);

    /// <summary>Lone surrogates have no UTF-8, and the Pushgateway refuses a body that is none; a carriage return it
    /// takes for the end of a line.</summary>
    private static string WellFormed(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.Value == '\r' ? " " : rune.ToString());
        return clean.ToString();
    }
}
