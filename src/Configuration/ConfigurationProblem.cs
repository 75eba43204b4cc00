using Assimilator.Terminal;

namespace Assimilator.Configuration;

/// <summary>One thing that is wrong with a configuration. No text in it holds a secret.</summary>
/// <param name="Line">The line in the file, from 1; null when the problem is that something is missing.</param>
/// <param name="Section">The section it belongs to; null for the file as a whole.</param>
/// <param name="Key">The key in that section, if it is about one.</param>
/// <param name="Message">What is wrong and what was expected.</param>
/// <param name="Hint">What to do about it.</param>
internal sealed record ConfigurationProblem(int? Line, string? Section, string? Key, string Message,
    string? Hint = null)
{
    /// <summary>The file or directory that is to be mended, where several lines may lead to the same: it is named
    /// once.</summary>
    public string? Place { get; init; }

    /// <summary>The included file that it stands in; null for the configuration itself.</summary>
    public string? File { get; init; }

    /// <summary>The problem in one line: <c>FILE:LINE: [section] key: message</c>.</summary>
    /// <param name="file">The configuration, as the user named it.</param>
    public string Describe(string file)
    {
        var place = Line is { } line ? $"{File ?? file}:{line}: " : $"{File ?? file}: ";
        var section = Section is null ? "" : Key is null ? $"[{Section}]: " : $"[{Section}] {PlainText.Excerpt(Key)}: ";
        return $"{place}{section}{Message}";
    }
}
