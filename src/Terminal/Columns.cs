using System.Text;

namespace Assimilator.Terminal;

/// <summary>Text for a terminal of eighty columns.</summary>
internal static class Columns
{
    private const int Width = 80, Indent = 2, WidestLeft = 20;

    /// <summary>A paragraph, broken between words.</summary>
    public static string Wrap(string text) => string.Concat(Lines(Words(text), Width).Select(line => $"{line}\n"));

    /// <summary>A synopsis, broken between its parts.</summary>
    public static string Hanging(IEnumerable<string> parts) => string.Concat(Lines(parts, Width - 2 * Indent).Select(
        (line, place) => $"{new string(' ', place == 0 ? Indent : 2 * Indent)}{line}\n"));

    /// <summary>Rows of a name and what there is to say about it. A long name gets a line of its own.</summary>
    public static string Of(IEnumerable<(string Left, string Right)> rows)
    {
        var all = rows.ToList();
        var left = all.Select(row => row.Left.Length).Where(length => length <= WidestLeft).DefaultIfEmpty(0).Max();
        var margin = Indent + left + 2;
        var text = new StringBuilder();
        foreach (var (name, meaning) in all)
        {
            var isLong = name.Length > left;
            if (isLong)
                text.Append($"  {name}\n");
            foreach (var (place, line) in Lines(Words(meaning), Width - margin).Index())
                text.Append((place == 0 && !isLong ? $"  {name}" : "").PadRight(margin)).Append(line).Append('\n');
        }
        return text.ToString();
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static List<string> Lines(IEnumerable<string> words, int width)
    {
        var lines = new List<string>();
        foreach (var word in words)
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= width)
                lines[^1] += $" {word}";
            else
                lines.Add(word);
        }
        return lines;
    }
}
