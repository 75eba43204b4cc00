using System.Globalization;
using System.Text;

namespace Assimilator.Terminal;

/// <summary>Takes known secrets out of text, also in the forms in which a server or a library may send them back.</summary>
internal sealed class SecretMask(IEnumerable<string> secrets)
{
    private const string Hidden = "***";

    /// <summary>What is shorter would take half of every message along.</summary>
    private const int ShortestSecret = 4;

    /// <summary>So much of a secret is enough to know it by: messages cut long texts, and a line may end within one.</summary>
    private const int Beginning = 24;

    // The longest first: one secret may be part of another.
    private readonly string[] _forms =
        [.. secrets.Where(secret => secret.Length >= ShortestSecret).SelectMany(Forms).Distinct().OrderByDescending(form => form.Length)];

    private readonly string[] _long = [.. secrets.Where(secret => secret.Length > Beginning)];

    public string Apply(string text)
    {
        foreach (var form in _forms)
            text = text.Replace(form, Hidden, StringComparison.Ordinal);
        foreach (var secret in _long)
        {
            while (text.IndexOf(secret[..Beginning], StringComparison.Ordinal) is >= 0 and var start)
                text = text.Remove(start, text.AsSpan(start).CommonPrefixLength(secret)).Insert(start, Hidden);
        }
        return text;
    }

    private static IEnumerable<string> Forms(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        var quoted = secret.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        var percent = Uri.EscapeDataString(secret);
        var html = secret.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
        return
        [
            secret,
            PlainText.OneLine(secret),
            // The head of an answer is read as Latin-1.
            PlainText.OneLine(Encoding.Latin1.GetString(bytes)),
            Encoding.Latin1.GetString(bytes),
            quoted,
            Ascii(quoted),
            // As PHP has it, and as Go has it.
            quoted.Replace("/", "\\/", StringComparison.Ordinal),
            Ascii(quoted).Replace("/", "\\/", StringComparison.Ordinal),
            quoted.Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal)
                .Replace("&", "\\u0026", StringComparison.Ordinal),
            html,
            // As Go and nginx have it, and as Python has it.
            html.Replace("\"", "&#34;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal),
            html.Replace("\"", "&quot;", StringComparison.Ordinal).Replace("'", "&#x27;", StringComparison.Ordinal),
            percent,
            WithLowerDigits(percent),
            // As forms have it.
            percent.Replace("%20", "+", StringComparison.Ordinal),
            WithLowerDigits(percent).Replace("%20", "+", StringComparison.Ordinal),
            .. Base64(bytes).Where(form => form.Length >= ShortestSecret),
            Convert.ToHexString(bytes),
            Convert.ToHexStringLower(bytes),
        ];
    }

    /// <summary>As Python's JSON has it.</summary>
    private static string Ascii(string text) => string.Concat(text.Select(character => char.IsAscii(character)
        ? character.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}")));

    private static string WithLowerDigits(string percent)
    {
        var text = percent.ToCharArray();
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (text[i] == '%')
                (text[i + 1], text[i + 2]) = (char.ToLowerInvariant(text[i + 1]), char.ToLowerInvariant(text[i + 2]));
        }
        return new string(text);
    }

    /// <summary>In both alphabets, and also as a part of something longer (<c>user:password</c>): what stands in front shifts
    /// it by up to two bytes, and the characters at both ends then depend on the neighbours.</summary>
    private static IEnumerable<string> Base64(byte[] bytes)
    {
        for (var shift = 0; shift < 3; shift++)
        {
            var all = Convert.ToBase64String([.. new byte[shift], .. bytes]).TrimEnd('=');
            // The characters that hold nothing but bits of the secret; the last one without a shift as it ends a text.
            var first = (shift * 8 + 5) / 6;
            var inner = all[first..((shift + bytes.Length) * 8 / 6)];
            foreach (var form in shift == 0 ? [all, inner] : new[] { inner })
            {
                yield return form;
                yield return form.Replace('+', '-').Replace('/', '_');
            }
        }
    }
}
