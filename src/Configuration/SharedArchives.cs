using System.Net;
using Assimilator.Posix;

namespace Assimilator.Configuration;

/// <summary>The archives of one series, to find backups that would prune each other's.</summary>
/// <param name="Pattern">What is pruned; null for nothing.</param>
/// <param name="Example">A name that they may have; null if borg would not take the template.</param>
internal sealed record SharedArchives(string Location, string? Pattern, string? Example)
{
    // Hundreds of backups are compared, each with every other one.
    private static readonly Lazy<string> Host = new(() => Dns.GetHostName().Split('.')[0]);

    public static SharedArchives Of(RepositorySettings one) => new(
        one.Location,
        one.Retention is { } retention ? Expand(retention.GlobArchives) : null,
        ArchiveTemplate.Parse(one.Archive, out _) is { } template ? ExampleOf(Expand(template.GlobArchives)) : null);

    /// <summary>True if one backup would prune the archives of the other one in this repository, or the other way
    /// round.</summary>
    public static bool Are(SharedArchives one, SharedArchives other) =>
        one.Location == other.Location && (one.Prunes(other) || other.Prunes(one));

    /// <summary>The names of this host and user in a pattern or template, as borg would put them in.</summary>
    public static string Expand(string text) => text
        .Replace("{hostname}", Host.Value, StringComparison.Ordinal)
        .Replace("{user}", Account.Own?.Name ?? "{user}", StringComparison.Ordinal);

    private bool Prunes(SharedArchives other) =>
        Pattern is not null && other.Example is not null && IsMatch(Pattern, other.Example);

    /// <summary>A name that a pattern matches.</summary>
    private static string ExampleOf(string pattern)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '[' && pattern.IndexOf(']', i + 1) is > 0 and var end)
            {
                text.Append(pattern[i + 1]);
                i = end;
            }
            else if (pattern[i] != '*')
            {
                text.Append(pattern[i]);
            }
        }
        return text.ToString();
    }

    /// <summary>As Python's fnmatch, which borg uses.</summary>
    private static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        if (pattern.IsEmpty)
            return text.IsEmpty;
        if (pattern[0] == '*')
            return IsMatch(pattern[1..], text) || (!text.IsEmpty && IsMatch(pattern, text[1..]));
        if (text.IsEmpty)
            return false;
        if (pattern[0] == '[' && pattern[1..].IndexOf(']') is > 0 and var length)
            return IsInSet(pattern.Slice(1, length), text[0]) && IsMatch(pattern[(length + 2)..], text[1..]);
        return (pattern[0] == '?' || pattern[0] == text[0]) && IsMatch(pattern[1..], text[1..]);
    }

    private static bool IsInSet(ReadOnlySpan<char> set, char character)
    {
        var isNegated = set[0] == '!';
        if (isNegated)
            set = set[1..];
        for (; !set.IsEmpty; set = set[(set.Length > 2 && set[1] == '-' ? 3 : 1)..])
        {
            if (set.Length > 2 && set[1] == '-' ? character >= set[0] && character <= set[2] : character == set[0])
                return !isNegated;
        }
        return isNegated;
    }
}
