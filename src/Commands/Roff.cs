using System.Globalization;
using System.Text;

namespace Assimilator.Commands;

/// <summary>A manual page in man(7), from a few marks: <c># section</c>, <c>## subsection</c>, <c>- item</c>, a term
/// with its meaning below it behind <c>: </c>, an example indented by four spaces, paragraphs with
/// <c>`literals`</c>.</summary>
internal static class Roff
{
    /// <summary>mandoc calls longer lines bad style.</summary>
    private const int Width = 78;

    /// <param name="name">Of the page, as in <c>borg</c>.</param>
    /// <param name="date">As in <c>2026-01-31</c>.</param>
    /// <param name="chapter">What the section of the manual is called.</param>
    public static string Page(string name, int section, string date, string version, string chapter, string marked)
    {
        var page = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $".TH {Escape(name.ToUpperInvariant())} {section} {date} \"{Escape(version)}\" \"{chapter}\"\n"));
        // Words neither hyphenated nor spread: half of them are names.
        page.Append(".nh\n.ad l\n");
        var lines = marked.Split('\n');
        var isFirst = true;
        for (var i = 0; i < lines.Length;)
        {
            var line = lines[i];
            if (line.Length == 0)
                i++;
            else if (line[0] == '#')
            {
                page.Append(line.StartsWith("## ", StringComparison.Ordinal) ? ".SS " : ".SH ")
                    .Append(Inline(line.TrimStart('#', ' '))).Append('\n');
                i++;
            }
            else if (IsExample(line))
            {
                page.Append(isFirst ? "" : ".PP\n").Append(".in +4n\n.EX\n");
                for (; i < lines.Length && (IsExample(lines[i]) || IsWithinExample(lines, i)); i++)
                    page.Append(lines[i].Length == 0 ? "" : Guarded(Escape(lines[i][4..]))).Append('\n');
                page.Append(".EE\n.in\n");
            }
            else if (line.StartsWith("- ", StringComparison.Ordinal))
                page.Append(".IP \\(bu 2\n").Append(Filled(Paragraph(lines, ref i)[2..]));
            else if (i + 1 < lines.Length && IsMeaning(lines[i + 1]))
            {
                page.Append(".TP\n").Append(Guarded(Inline(line))).Append('\n');
                i++;
                page.Append(Filled(Paragraph(lines, ref i)[2..]));
            }
            else
                page.Append(isFirst ? "" : ".PP\n").Append(Filled(Paragraph(lines, ref i)));
            if (line.Length > 0)
                isFirst = line[0] == '#';
        }
        return page.ToString();
    }

    /// <summary>Literals in bold, everything else as it is.</summary>
    public static string Inline(string text) =>
        string.Concat(text.Split('`').Select((part, place) => place % 2 == 0 || part.Length == 0 ? Escape(part)
            : $"\\fB{Escape(part)}\\fR"));

    /// <summary>A hyphen of an option has to be one that can be copied.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
            escaped.Append(rune.Value switch
            {
                '\\' => "\\e",
                '-' => "\\-",
                '\'' => "\\(aq",
                '`' => "\\(ga",
                '^' => "\\(ha",
                '~' => "\\(ti",
                '"' => "\\(dq",
                < 0x80 => rune.ToString(),
                _ => $"\\[u{rune.Value:X4}]",
            });
        return escaped.ToString();
    }

    /// <summary>A line of text that begins like a request.</summary>
    private static string Guarded(string line) => line is ['.' or '\'', ..] ? $"\\&{line}" : line;

    /// <summary>A paragraph, broken between words.</summary>
    private static string Filled(string text)
    {
        var lines = new List<string>();
        foreach (var word in Inline(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= Width)
                lines[^1] += $" {word}";
            else
                lines.Add(Guarded(word));
        }
        // After a full stop, the end of a line would become two spaces, unlike a space within a line.
        return string.Concat(lines.Select((line, place) => place + 1 < lines.Count
            && line.TrimEnd(')', ']') is [.., '.' or '?' or '!'] ? $"{line}\\&\n" : $"{line}\n"));
    }

    private static string Paragraph(string[] lines, ref int i)
    {
        var first = i++;
        while (i < lines.Length && lines[i].Length > 0 && lines[i][0] != '#' && !IsMeaning(lines[i])
            && !lines[i].StartsWith("- ", StringComparison.Ordinal) && !IsExample(lines[i])
            && !(i + 1 < lines.Length && IsMeaning(lines[i + 1])))
            i++;
        return string.Join(' ', lines[first..i].Select(line => line.Trim()));
    }

    private static bool IsExample(string line) => line.StartsWith("    ", StringComparison.Ordinal);

    private static bool IsWithinExample(string[] lines, int i) =>
        lines[i].Length == 0 && i + 1 < lines.Length && IsExample(lines[i + 1]);

    private static bool IsMeaning(string line) => line.StartsWith(": ", StringComparison.Ordinal);
}
