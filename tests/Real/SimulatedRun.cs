namespace Assimilator.Tests.Real;

/// <summary>What a run of a healthy backup reports.</summary>
/// <param name="Archive">Null if the run was skipped.</param>
internal sealed record SimulatedRun(
    TimeSpan Start, TimeSpan Duration, TimeSpan Interval, TimeSpan LastSuccess, SimulatedArchive? Archive)
{
    // The third run is one that a new backup misses the most.
    private const int SkippedRun = 2;

    public bool IsSkipped => Archive is null;

    public TimeSpan End => Start + Duration;

    /// <summary>The runs from the first one, some hours after the beginning, to an end.</summary>
    /// <param name="winterTime">When clocks are put back by an hour: what runs by the day starts later.</param>
    public static IEnumerable<SimulatedRun> Schedule(TimeSpan interval, TimeSpan end, TimeSpan winterTime)
    {
        // The same in each run of the tests.
        var chance = new Random(1);
        var first = TimeSpan.FromHours(2.5);
        var lastSuccess = TimeSpan.Zero;
        var archives = 0;
        for (var (number, due) = (0, first); due < end; number++, due += interval)
        {
            var delay = Least(interval / 48, TimeSpan.FromMinutes(30)) * chance.NextDouble();
            var shift = due < winterTime || interval < TimeSpan.FromDays(1) ? TimeSpan.Zero : TimeSpan.FromHours(1);
            var start = due + delay + shift;
            var duration = number == SkippedRun
                ? TimeSpan.FromSeconds(1)
                : Least(interval / 6, TimeSpan.FromHours(5)) * (0.1 + (0.9 * chance.NextDouble()));
            var archive = number == SkippedRun ? null : SimulatedArchive.Make(++archives, start - first, chance);
            if (archive is not null)
                lastSuccess = start + duration;
            yield return new SimulatedRun(start, duration, interval, lastSuccess, archive);
        }
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>An archive of slowly growing data, of which a good deal changes, in a repository that fills up with what retention
/// keeps.</summary>
internal sealed record SimulatedArchive(int Files, double OriginalSize, double DeduplicatedSize, double RepositorySize, int Kept)
{
    private const double FirstSize = 100e9;

    private const double Churn = 0.15;

    /// <param name="number">1 for the first one, all of which is new.</param>
    /// <param name="age">Of the repository.</param>
    public static SimulatedArchive Make(int number, TimeSpan age, Random chance)
    {
        var size = FirstSize * (1 + (0.004 * age.TotalDays) + (0.05 * chance.NextDouble()));
        var kept = CountKept(number, age);
        return new SimulatedArchive(
            (int)(size / 1e5), size, number == 1 ? size : size * Churn * chance.NextDouble(), size * (1 + (Churn * kept)), kept);
    }

    /// <summary>As with <c>daily = 7</c>, <c>weekly = 4</c> and <c>monthly = 6</c>.</summary>
    private static int CountKept(int archives, TimeSpan age) => Math.Min(archives,
        Math.Min(7, 1 + (int)age.TotalDays) + Math.Min(4, (int)(age.TotalDays / 7)) + Math.Min(6, (int)(age.TotalDays / 30)));
}
