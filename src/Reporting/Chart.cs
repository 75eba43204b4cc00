namespace Assimilator.Reporting;

/// <summary>Numbers as a line of characters.</summary>
internal static class Chart
{
    /// <summary>The characters from the lowest to the highest value.</summary>
    public const string Blocks = "▁▂▃▄▅▆▇█", Ascii = "_.:-=+*#";

    /// <summary>The first one that is set counts.</summary>
    private static readonly string[] Locales = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>Those that the terminal can show, by its locale.</summary>
    public static string Levels(IReadOnlyDictionary<string, string> environment)
    {
        var encoding = Locales.Select(environment.GetValueOrDefault)
            .FirstOrDefault(locale => !string.IsNullOrEmpty(locale)) ?? "";
        return encoding.Contains("UTF-8", StringComparison.OrdinalIgnoreCase)
            || encoding.Contains("UTF8", StringComparison.OrdinalIgnoreCase) ? Blocks : Ascii;
    }

    /// <summary>A character for each value, in proportion to the largest one; a space where there is none.</summary>
    public static string Line(IReadOnlyList<long?> values, string levels)
    {
        double most = values.Max() ?? 0;
        return string.Concat(values.Select(value => value is not { } known ? " "
            : most <= 0 ? levels[..1]
            : levels.Substring((int)Math.Round(Math.Max(known, 0) / most * (levels.Length - 1)), 1)));
    }
}
