using System.Globalization;
using System.Text;

namespace Assimilator.Terminal;

/// <summary>A text in which any character may stand for itself or begin an escape of another: as in JSON and programming
/// languages, in HTML, in URLs and forms, and in a shell's quotes.</summary>
internal sealed class EscapedText
{
    private const char Replacement = '\uFFFD';

    private readonly string _text;

    // What an escape that begins there stands for; of no length where none does.
    private readonly (char Character, int Length)[] _escapes;

    public EscapedText(string text)
    {
        _text = text;
        _escapes = new (char, int)[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            var (code, length) = EscapeAt(text.AsSpan(i));
            if (length > 0 && code <= char.MaxValue)
                _escapes[i] = ((char)code, length);
            // Two characters to .NET: the end of the escape stands for the second.
            else if (length > 0 && Rune.IsValid(code) && new Rune(code).ToString() is [var first, var second])
                (_escapes[i], _escapes[i + length - 1]) = ((first, length - 1), (second, 1));
        }
    }

    /// <summary>How much of the text, from there on, can be read as the wanted one, or as its beginning.</summary>
    /// <param name="least">So much of the wanted text must be there; 0 is the answer otherwise.</param>
    public int LengthOf(string wanted, int start, int least)
    {
        // Nearly always this is all there is to see.
        if (!StandsFor(_text[start], wanted[0]) && _escapes[start].Character != wanted[0])
            return 0;
        // A backslash is itself, and may begin an escape of itself: both ways are followed.
        HashSet<int> ends = [start];
        for (var count = 0; count < wanted.Length; count++)
        {
            HashSet<int> further = [];
            foreach (var end in ends)
            {
                // Two characters to .NET, of which one question mark is left.
                if (char.IsLowSurrogate(wanted[count]) && end > start && _text[end - 1] is '?' or Replacement)
                    further.Add(end);
                if (end == _text.Length)
                    continue;
                if (StandsFor(_text[end], wanted[count]))
                    further.Add(end + 1);
                if (_escapes[end] is { Length: > 0 } escape && escape.Character == wanted[count])
                    further.Add(end + escape.Length);
            }
            if (further.Count == 0)
                return count < least ? 0 : ends.Max() - start;
            ends = further;
        }
        return ends.Max() - start;
    }

    /// <summary>True for the character itself, and for what is left of one that the writer's or our character set does not have.</summary>
    private static bool StandsFor(char read, char wanted) => read == wanted || (!char.IsAscii(wanted) && read is '?' or Replacement);

    private static (int Code, int Length) EscapeAt(ReadOnlySpan<char> text) => text switch
    {
        ['\\', 'u' or 'x', '{', .. var rest] when rest[..Math.Min(rest.Length, 9)].IndexOf('}') is > 0 and var length => Hexadecimal(text[..(length + 3)], 3, length, 1),
        ['\\', >= '0' and <= '7', ..] => Octal(text),
        ['\\', 'u', ..] => Hexadecimal(text, 2, 4),
        ['\\', 'x', ..] => Hexadecimal(text, 2, 2),
        ['\\', 'U', ..] => Hexadecimal(text, 2, 8),
        ['\\', 'E', ..] => ('\e', 2),
        ['\\', var letter, ..] when "abefnrtv".IndexOf(letter) is >= 0 and var index => ("\a\b\e\f\n\r\t\v"[index], 2),
        ['\\', var character, ..] when !char.IsAsciiLetterOrDigit(character) => (character, 2),
        ['\'', '\\', '\'', '\'', ..] => ('\'', 4),
        ['\'', '"', '\'', '"', '\'', ..] => ('\'', 5),
        ['\'', '\'', ..] or ['"', '"', ..] => (text[0], 2),
        ['%', 'u', ..] => Hexadecimal(text, 2, 4),
        ['%', ..] => Hexadecimal(text, 1, 2),
        ['+', ..] => (' ', 1),
        ['&', ..] => Entity(text),
        _ => default,
    };

    private static (int Code, int Length) Hexadecimal(ReadOnlySpan<char> text, int start, int count, int end = 0) =>
        text.Length >= start + count && Number(text.Slice(start, count), NumberStyles.AllowHexSpecifier) is { } code
            ? (code, start + count + end)
            : default;

    /// <summary>A byte in up to three digits, as shells and C have it.</summary>
    private static (int Code, int Length) Octal(ReadOnlySpan<char> text)
    {
        var (code, length) = (0, 1);
        for (; length < Math.Min(text.Length, 4) && text[length] is >= '0' and <= '7'; length++)
            code = (8 * code) + text[length] - '0';
        return (code & 0xff, length);
    }

    private static (int Code, int Length) Entity(ReadOnlySpan<char> text)
    {
        const int longest = 16;
        var end = text[..Math.Min(text.Length, longest)].IndexOf(';');
        if (end < 0)
            return default;
        var code = text[1..end] switch
        {
            "amp" => (int?)'&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            ['#', 'x' or 'X', .. var digits] => Number(digits, NumberStyles.AllowHexSpecifier),
            ['#', .. var digits] => Number(digits, NumberStyles.None),
            _ => null,
        };
        return code is { } known ? (known, end + 1) : default;
    }

    private static int? Number(ReadOnlySpan<char> digits, NumberStyles style) =>
        int.TryParse(digits, style, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number : null;
}
