using System.Globalization;

namespace Assimilator.Configuration;

/// <summary>Durations as people write them: <c>90</c> (seconds), <c>30s</c>, <c>15m</c>, <c>24h</c>, <c>7d</c>,
/// <c>1w</c>, and several of them one after the other, <c>1h30m</c>.</summary>
internal static class Durations
{
    public const string Expected = "a duration like '30s', '15m', '24h' or '1h30m'";

    /// <summary>Ten years; also what a wait in milliseconds can hold many times over.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3653);

    /// <summary>Null for anything else, and for more than ten years.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return Bounded(TimeSpan.FromSeconds(seconds));
        var total = TimeSpan.Zero;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is <= 0 or > 6)
                return null;
            var number = int.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            if (Unit(rest[digits]) is not { } unit)
                return null;
            total += number * unit;
            if (total > Longest)
                return null;
            rest = rest[(digits + 1)..];
        }
        return text.Length == 0 ? null : Bounded(total);
    }

    private static TimeSpan? Bounded(TimeSpan time) => time <= Longest ? time : null;

    private static TimeSpan? Unit(char letter) => letter switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        'w' => TimeSpan.FromDays(7),
        _ => null,
    };
}
