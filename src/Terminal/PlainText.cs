using System.Globalization;
using System.Text;

namespace Assimilator.Terminal;

/// <summary>Makes text of others (file names, messages of borg, answers of servers) harmless on a terminal and in a
/// log.</summary>
internal static class PlainText
{
    /// <summary>The text on one line: control characters, line separators, direction marks and what else cannot be seen
    /// are written as <c>\xNN</c>, <c>\uNNNN</c> or <c>\UNNNNNNNN</c>.</summary>
    public static string OneLine(string text)
    {
        var isPlain = true;
        foreach (var rune in text.EnumerateRunes())
            isPlain &= !MustBeEscaped(rune);
        if (isPlain)
            return text;
        var plain = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (MustBeEscaped(rune))
            {
                var (start, digits) = rune.Value switch
                {
                    <= 0xff => ("\\x", "x2"),
                    <= 0xffff => ("\\u", "x4"),
                    _ => ("\\U", "x8"),
                };
                plain.Append(start).Append(rune.Value.ToString(digits, CultureInfo.InvariantCulture));
            }
            else
            {
                plain.Append(rune.ToString());
            }
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

    private static bool MustBeEscaped(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control => rune.Value != '\t',
        UnicodeCategory.OtherNotAssigned or UnicodeCategory.Format => true,
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        // Without a category of their own: fillers, joiners, and what selects a variant.
        _ => rune.Value is 0x34f or 0x115f or 0x1160 or 0x17b4 or 0x17b5 or (>= 0x180b and <= 0x180f) or 0x2800
            or 0x3164 or (>= 0xfe00 and <= 0xfe0f) or 0xffa0 or 0x16fe4 or 0x1d159 or (>= 0xe0000 and <= 0xe0fff),
    };
}
