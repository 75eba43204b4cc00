using System.Diagnostics;

namespace Assimilator.Tests.Support;

/// <summary>Waits for a condition instead of a time.</summary>
internal static class Wait
{
    public static void Until(Func<bool> condition, string what) => Until(condition, () => what);

    public static void Until(Func<bool> condition, Func<string> what)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(startedAt) > TimeSpan.FromSeconds(60))
                throw new TimeoutException($"waited 60 s in vain until {what()}");
            // Who has waited long can wait a little longer, and costs the others less.
            var waited = Stopwatch.GetElapsedTime(startedAt) / 10;
            Task.Delay(Math.Clamp((int)waited.TotalMilliseconds, 20, 300)).Wait();
        }
    }
}
