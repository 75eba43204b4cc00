using System.Globalization;

namespace Assimilator.Configuration;

/// <summary>Sizes as people write them, in decimal units, as borg shows sizes: <c>1GB</c>, <c>500 MB</c>,
/// <c>4096</c> (bytes).</summary>
internal static class Sizes
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>In bytes; null for anything else.</summary>
    public static long? Parse(string text)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var number = digits < 0 ? text : text[..digits];
        var unit = digits < 0 ? "B" : text[digits..].Trim();
        var power = Array.FindIndex(Units, known => known.Equals(unit, StringComparison.OrdinalIgnoreCase));
        if (power < 0 || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            return null;
        for (; power > 0; power--)
        {
            if (size > long.MaxValue / 1000)
                return null;
            size *= 1000;
        }
        return size;
    }
}
