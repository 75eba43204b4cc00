using System.Text;

namespace Assimilator.Configuration;

/// <summary>Cuts a command line into words as a shell would, without any of a shell's other powers: blanks part words,
/// double and single quotes keep them together, a backslash takes the next character as it is (in double quotes only a
/// quote or a backslash, in single quotes none). Just as Python's shlex, so that what is judged is what borg
/// runs.</summary>
internal static class CommandWords
{
    public const string Unclosed = "has an unclosed quote, or a backslash at the end";

    /// <summary>Null if a quote is not closed or a backslash ends the text.</summary>
    public static IReadOnlyList<string>? Split(string text)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        char? quote = null;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '\\' && quote != '\''
                && !(quote is '"' && i + 1 < text.Length && text[i + 1] is not ('"' or '\\')))
            {
                if (++i == text.Length)
                    return null;
                (word ??= new StringBuilder()).Append(text[i]);
            }
            else if (character == quote)
            {
                quote = null;
            }
            else if (quote is null && character is '"' or '\'')
            {
                quote = character;
                word ??= new StringBuilder();
            }
            else if (quote is null && character is ' ' or '\t' or '\r' or '\n')
            {
                if (word is not null)
                    words.Add(word.ToString());
                word = null;
            }
            else
            {
                (word ??= new StringBuilder()).Append(character);
            }
        }
        if (word is not null)
            words.Add(word.ToString());
        return quote is null ? words : null;
    }

    /// <summary>The text with an <c>x</c> for each character in quotes or behind a backslash.</summary>
    public static string MaskQuoted(string text)
    {
        var masked = text.ToCharArray();
        char? quote = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && quote != '\'' && i + 1 < text.Length)
                masked[++i] = 'x';
            else if (text[i] == quote)
                quote = null;
            else if (quote is not null)
                masked[i] = 'x';
            else if (text[i] is '"' or '\'')
                quote = text[i];
        }
        return new string(masked);
    }

    /// <summary>One word for a text that <see cref="Split"/>, or Python's shlex as borg uses it, is to read
    /// again.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(one => char.IsAsciiLetterOrDigit(one) || "@%+=:,./_-".Contains(one))
            ? word
            : $"'{word.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'";
}
