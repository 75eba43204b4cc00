using System.Globalization;

namespace Assimilator.Terminal;

/// <summary>Times as people read them.</summary>
internal static class Times
{
    /// <summary>The units of an age, and from how much of the one before they are used.</summary>
    private static readonly IReadOnlyList<(string Name, TimeSpan Unit, TimeSpan From)> Units =
    [
        ("year", TimeSpan.FromDays(365.25), TimeSpan.FromDays(731)),
        ("month", TimeSpan.FromDays(365.25 / 12), TimeSpan.FromDays(61)),
        ("day", TimeSpan.FromDays(1), TimeSpan.FromDays(2)),
        ("hour", TimeSpan.FromHours(1), TimeSpan.FromHours(1)),
        ("minute", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)),
    ];

    /// <summary>In UTC, as everywhere.</summary>
    public static string Text(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary>How far away a time is, in one unit and rounded down: <c>3 days ago</c>, <c>in 5 hours</c>.</summary>
    public static string Age(DateTimeOffset time, DateTimeOffset now)
    {
        var distance = (now - time).Duration();
        foreach (var (name, unit, from) in Units)
        {
            if (distance >= from)
                return Sentence(Quantities.Count((long)(distance / unit), name), isPast: time < now);
        }
        return "now";
    }

    /// <summary>The time and its age.</summary>
    public static string Both(DateTimeOffset time, DateTimeOffset now) => $"{Text(time)} ({Age(time, now)})";

    private static string Sentence(string distance, bool isPast) => isPast ? $"{distance} ago" : $"in {distance}";
}
