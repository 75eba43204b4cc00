using System.Text;
using Assimilator.Metrics;

namespace Assimilator.Pushgateway;

/// <summary>The path of a group: <c>/metrics/job/J/instance/I/…</c>.</summary>
internal static class GroupingKey
{
    /// <summary>The path, <c>/metrics</c> included. A value that could change its meaning on the way (a slash, a dot
    /// segment that .NET's Uri collapses, nothing at all) goes in as base64.</summary>
    public static string Path(IEnumerable<LabelPair> labels) =>
        string.Concat(labels.Select(label => Segment(label.Name, label.Value)).Prepend("/metrics"));

    private static string Segment(string name, string value)
    {
        if (value.Length > 0 && value is not ("." or "..") && value.All(IsPlain))
            return $"/{name}/{value}";
        // An empty segment would end the path: one padding character stands for nothing.
        var encoded = value.Length == 0 ? "=" : Base64Url(Encoding.UTF8.GetBytes(value));
        return $"/{name}@base64/{encoded}";
    }

    private static string Base64Url(byte[] bytes) =>
        Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static bool IsPlain(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-';
}
