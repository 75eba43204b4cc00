using System.Globalization;
using System.Text;

namespace Assimilator.Terminal;

/// <summary>How many columns of a terminal a text takes.</summary>
internal static class TextWidth
{
    private const char Ellipsis = '…';

    /// <summary>First and last of the characters that take two columns (Unicode's East Asian Width W and F, in large
    /// blocks).</summary>
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF),
        (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6),
        (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    public static int Of(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
            width += Of(rune);
        return width;
    }

    /// <summary>The text, shortened in the middle to at most so many columns: of a path, both ends tell most.</summary>
    public static string Shorten(string text, int columns)
    {
        if (Of(text) <= columns)
            return text;
        if (columns < 1)
            return "";
        Rune[] runes = [.. text.EnumerateRunes()];
        var (start, end, left) = (0, runes.Length, columns - 1);
        // The end of a path is its name.
        for (var atEnd = true; start < end; atEnd = !atEnd)
        {
            var next = Of(atEnd ? runes[end - 1] : runes[start]);
            if (next > left)
                break;
            left -= next;
            if (atEnd)
                end--;
            else
                start++;
        }
        return $"{string.Concat(runes[..start])}{Ellipsis}{string.Concat(runes[end..])}";
    }

    private static int Of(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark
        or UnicodeCategory.EnclosingMark or UnicodeCategory.Format ? 0
        : Array.Exists(Wide, block => rune.Value >= block.First && rune.Value <= block.Last) ? 2 : 1;
}
