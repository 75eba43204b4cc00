using System.Globalization;
using System.Text;

namespace Assimilator.Terminal;

/// <summary>Makes text of others (file names, messages of borg, answers of servers) harmless on a terminal and in a log.</summary>
internal static class PlainText
{
    /// <summary>The text on one line: control characters, line separators and direction marks are written as
    /// <c>\xNN</c> or <c>\uNNNN</c>.</summary>
    public static string OneLine(string text)
    {
        if (!text.Any(MustBeEscaped))
            return text;
        var plain = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (!MustBeEscaped(character))
                plain.Append(character);
            else if (character <= 0xff)
                plain.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}");
            else
                plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        }
        return plain.ToString();
    }

    /// <summary>The text on one line and at most so many characters long.</summary>
    public static string Excerpt(string text, int longest = 80)
    {
        if (text.Length <= longest)
            return OneLine(text);
        // Not between the two halves of a character.
        var end = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return OneLine($"{text[..end]}…");
    }

    private static bool MustBeEscaped(char character) => CharUnicodeInfo.GetUnicodeCategory(character) switch
    {
        UnicodeCategory.Control => character != '\t',
        UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        _ => false,
    };
}
