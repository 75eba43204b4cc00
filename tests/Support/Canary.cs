using System.Text;
using System.Text.RegularExpressions;

namespace Assimilator.Tests.Support;

/// <summary>A secret that cannot be overlooked, and the search for it in everything that a program produces.</summary>
internal static partial class Canary
{
    /// <summary>What is searched for: no escaping changes it, and whoever shows a good part of the secret shows it.</summary>
    private const string Core = "Zq7canaryX9v";

    /// <summary>With most of what is escaped somewhere.</summary>
    public const string Passphrase = Core + " ü\"\\/+%41&='~z";

    /// <summary>As a header can hold it.</summary>
    public const string Token = Core + "\"\\/+%41&='~z";

    /// <summary>True if the text shows the secret: plain, percent-encoded, in hexadecimal digits or as base64.</summary>
    public static bool IsIn(string text) =>
        text.Contains(Core, StringComparison.OrdinalIgnoreCase)
        || text.Contains(Convert.ToHexString(Encoding.UTF8.GetBytes(Core)), StringComparison.OrdinalIgnoreCase)
        || (text.Contains('%', StringComparison.Ordinal) && Uri.UnescapeDataString(text).Contains(Core, StringComparison.OrdinalIgnoreCase))
        || Base64().EnumerateMatches(text) is var words && AnyDecodesToIt(words, text);

    private static bool AnyDecodesToIt(Regex.ValueMatchEnumerator words, string text)
    {
        foreach (var word in words)
        {
            // A word that was cut is decoded as far as it goes.
            var whole = text.Substring(word.Index, word.Length / 4 * 4).Replace('-', '+').Replace('_', '/');
            if (Encoding.UTF8.GetString(Convert.FromBase64String(whole)).Contains(Core, StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    [GeneratedRegex("[A-Za-z0-9+/_-]{16,}")]
    private static partial Regex Base64();
}
