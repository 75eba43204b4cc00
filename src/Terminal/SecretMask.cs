using System.Text;

namespace Assimilator.Terminal;

/// <summary>Takes known secrets out of text, also in the forms in which a server or a library may send them back.</summary>
internal sealed class SecretMask(IEnumerable<string> secrets)
{
    /// <summary>What is shorter would take half of every message along.</summary>
    private const int ShortestSecret = 4;

    // The longest first: one secret may be part of another.
    private readonly string[] _forms =
        [.. secrets.Where(secret => secret.Length >= ShortestSecret).SelectMany(Forms).Distinct().OrderByDescending(form => form.Length)];

    public string Apply(string text)
    {
        foreach (var form in _forms)
            text = text.Replace(form, "***", StringComparison.Ordinal);
        return text;
    }

    private static string[] Forms(string secret) =>
    [
        secret,
        PlainText.OneLine(secret),
        secret.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal),
        Uri.EscapeDataString(secret),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('='),
    ];
}
