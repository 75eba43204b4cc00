using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Assimilator.Terminal;

/// <summary>Replaces known secrets in text: as they are, and as they look in URLs, JSON and base64. A short one is
/// replaced as a whole word only: the passphrase <c>wrong</c> must not garble other words.</summary>
internal sealed class SecretMask(IEnumerable<string> secrets)
{
    private const string Hidden = "***";
    private const int ShortestInsideWords = 8;

    // A secret may contain another one.
    private readonly string[] _forms =
        [.. secrets.Where(secret => secret.Length > 0).SelectMany(Forms).Distinct()
            .OrderByDescending(form => form.Length)];

    public string Apply(string text) => _forms.Aggregate(text, Replace);

    private static string Replace(string text, string form)
    {
        for (var at = text.IndexOf(form, StringComparison.Ordinal); at >= 0;)
        {
            var end = at + form.Length;
            var isWord = !(at > 0 && IsInWord(text[at - 1]) && IsInWord(form[0]))
                && !(end < text.Length && IsInWord(text[end]) && IsInWord(form[^1]));
            if (form.Length >= ShortestInsideWords || isWord)
                (text, end) = ($"{text[..at]}{Hidden}{text[end..]}", at + Hidden.Length);
            at = text.IndexOf(form, end, StringComparison.Ordinal);
        }
        return text;
    }

    private static bool IsInWord(char character) => char.IsLetterOrDigit(character) || character == '_';

    private static IEnumerable<string> Forms(string secret)
    {
        var json = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret);
        // Python's JSON is ASCII.
        var ascii = string.Concat(json.Select(character => char.IsAscii(character) ? $"{character}"
            : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}")));
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('=');
        return [secret, Uri.EscapeDataString(secret), json, ascii, base64];
    }
}
