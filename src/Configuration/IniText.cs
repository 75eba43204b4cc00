using Microsoft.Extensions.Configuration.Ini;

namespace Assimilator.Configuration;

/// <summary>One <c>key = value</c> line.</summary>
/// <param name="Section">Lower case.</param>
/// <param name="Key">As written; compared without regard to case.</param>
/// <param name="Value">As the INI provider reads it: without the quotes around the whole value.</param>
/// <param name="Written">As it stands in the file, quotes included.</param>
/// <param name="Line">From 1.</param>
/// <param name="File">The included file that it stands in; null for the configuration itself.</param>
internal sealed record IniEntry(
    string Section, string Key, string Value, string Written, int Line, string? File = null)
{
    public bool IsQuoted => Value.Length != Written.Length;
}

/// <summary>Where a section begins.</summary>
/// <inheritdoc cref="IniEntry" path="/param[@name='Line' or @name='File']"/>
internal sealed record IniSection(int Line, string? File);

/// <summary>The text of a configuration file as its lines. The values come from the INI provider; what the provider
/// does not tell (line numbers, every problem instead of the first) is found by walking the same lines by the same
/// rules.</summary>
internal sealed class IniText
{
    private readonly List<IniEntry> _entries = [];
    private readonly Dictionary<string, IniSection> _sections = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ConfigurationProblem> _problems = [];
    private readonly string? _file;

    private IniText(string? file) => _file = file;

    public IReadOnlyList<IniEntry> Entries => _entries;

    /// <summary>The sections, lower case, and the first header of each.</summary>
    public IReadOnlyDictionary<string, IniSection> Sections => _sections;

    public IReadOnlyList<ConfigurationProblem> Problems => _problems;

    /// <param name="file">Null for the configuration itself.</param>
    public static IniText Parse(string text, string? file = null)
    {
        var ini = new IniText(file);
        var lines = Lines(text);
        var written = ini.FindEntries(lines);

        // The provider stops at the first line it does not like, and shows that line, which may hold a passphrase: it
        // gets only the lines that are in order.
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        var values = IniStreamConfigurationProvider.Read(stream);
        foreach (var (path, entry) in written)
            ini._entries.Add(entry with { Value = values.TryGetValue(path, out var value) ? value ?? "" : "" });
        return ini;
    }

    /// <summary>Several files as one.</summary>
    /// <param name="texts">In the order in which they are read: a later value wins.</param>
    /// <param name="problems">Further ones, of reading them.</param>
    public static IniText Merge(IReadOnlyList<IniText> texts, IReadOnlyList<ConfigurationProblem> problems)
    {
        var merged = new IniText(null);
        var entries = new Dictionary<string, IniEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in texts)
        {
            foreach (var entry in text._entries)
                entries[$"{entry.Section}:{entry.Key}"] = entry;
            foreach (var (name, section) in text._sections)
                merged._sections.TryAdd(name, section);
            merged._problems.AddRange(text._problems);
        }
        merged._entries.AddRange(entries.Values);
        merged._problems.AddRange(problems);
        return merged;
    }

    private static List<string> Lines(string text)
    {
        var lines = new List<string>();
        using var reader = new StringReader(text);
        while (reader.ReadLine() is { } line)
            lines.Add(line);
        return lines;
    }

    /// <summary>Finds the entries and their lines by the provider's rules, and blanks the lines that break
    /// them.</summary>
    private Dictionary<string, IniEntry> FindEntries(List<string> lines)
    {
        var entries = new Dictionary<string, IniEntry>(StringComparer.OrdinalIgnoreCase);
        string? section = null;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim();
            var number = i + 1;
            if (line.Length == 0 || line[0] is ';' or '#' || line.StartsWith("//", StringComparison.Ordinal))
                continue;
            if (line[0] == '[' && line[^1] == ']')
            {
                section = line[1..^1].Trim().ToLowerInvariant();
                _sections.TryAdd(section, new IniSection(number, _file));
                continue;
            }
            if (line[0] == '[')
            {
                lines[i] = "";
                // Otherwise each key below it would be one more problem, of the section above.
                if (BrokenHeader(line, number) is { } meant)
                {
                    section = meant;
                    _sections.TryAdd(section, new IniSection(number, _file));
                    lines[i] = $"[{section}]";
                }
                continue;
            }
            if (ProblemOf(line, number, section) is { } problem)
            {
                Add(problem);
                lines[i] = "";
                continue;
            }
            var separator = line.IndexOf('=', StringComparison.Ordinal);
            var entry = new IniEntry(section!, line[..separator].Trim(), "", line[(separator + 1)..].Trim(), number,
                _file);
            var path = $"{entry.Section}:{entry.Key}";
            if (entries.TryAdd(path, entry))
                continue;
            Add(Duplicate(entry, entries[path].Line));
            lines[i] = "";
        }
        return entries;
    }

    private void Add(ConfigurationProblem problem) => _problems.Add(problem with { File = _file });

    /// <summary>Says that a header lacks its end.</summary>
    /// <returns>The section that was probably meant, or null.</returns>
    private string? BrokenHeader(string line, int number)
    {
        var meant = NearestName.Of(line[1..].Split(']', ';', '#')[0].Trim(), Schema.Sections);
        Add(new(number, meant, null,
            "expected a section header like '[backup]', found '[' without ']' at the end",
            "move the comment to its own line"));
        return meant;
    }

    /// <summary>What is wrong with a line that is no comment and no section header. Never quotes the line.</summary>
    private static ConfigurationProblem? ProblemOf(string line, int number, string? section)
    {
        if (line[0] == '/')
            return new(number, section, null, "expected 'key = value', found a line that begins with '/'",
                "give the path a label: 'label = /path'; start a comment with ';' or '#'");
        var separator = line.IndexOf('=', StringComparison.Ordinal);
        if (separator < 0)
            return new(number, section, null, "expected 'key = value', found a line without '='",
                "start a comment with ';' or '#'; a value cannot continue on the next line");
        if (line[..separator].Trim().Length == 0)
            return new(number, section, null, "expected 'key = value', found nothing before '='");
        return section is null
            ? new(number, null, null, "expected a section header like '[backup]' before the first key")
            : null;
    }

    private static ConfigurationProblem Duplicate(IniEntry entry, int firstLine) =>
        Schema.MayHoldSecret(entry.Section)
            && !Schema.All.Any(key => key.Name.Equals(entry.Key, StringComparison.OrdinalIgnoreCase))
            ? new(entry.Line, entry.Section, null, $"duplicate key, already set on line {firstLine}")
            : new(entry.Line, entry.Section, entry.Key, $"duplicate key, already set on line {firstLine}",
                "keep one of them; in a list, give each value its own label");
}
