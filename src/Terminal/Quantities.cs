using System.Globalization;

namespace Assimilator.Terminal;

/// <summary>Numbers as people read them.</summary>
internal static class Quantities
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>A size in decimal units, as borg shows sizes.</summary>
    public static string Bytes(long bytes)
    {
        double value = bytes;
        var unit = 0;
        // As it will be shown: 999,999 bytes are 1 MB, not 1000 kB.
        for (; Math.Abs(Math.Round(value, 2)) >= 1000 && unit < Units.Length - 1; unit++)
            value /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {Units[unit]}");
    }

    public static string Count(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? $"{one}s")}");

    /// <summary>A time span with one or two units: <c>0.42 s</c>, <c>3 min 20 s</c>, <c>26 h</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        if (time < TimeSpan.FromSeconds(60))
            return string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s");
        return time < TimeSpan.FromHours(1)
            ? TwoUnits((long)time.TotalMinutes, "min", time.Seconds, "s")
            : TwoUnits((long)time.TotalHours, "h", time.Minutes, "min");
    }

    private static string TwoUnits(long large, string largeUnit, long small, string smallUnit) => small == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{large} {largeUnit}")
        : string.Create(CultureInfo.InvariantCulture, $"{large} {largeUnit} {small} {smallUnit}");
}
