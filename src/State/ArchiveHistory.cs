using Assimilator.Report;

namespace Assimilator.State;

/// <summary>The archives that a backup has made in its repositories, also those that are pruned by now.</summary>
internal static class ArchiveHistory
{
    /// <summary>Of each series.</summary>
    public const int MostNewest = 30;

    /// <summary>What is usual follows the last days with an archive, so that a new size is usual after four of
    /// them.</summary>
    private const int Recent = 7;

    private const int FewestForNewData = 3;

    /// <summary>A month has its own rhythm: what a weekly backup finds after its last day, it finds again within this
    /// time.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromDays(40);

    /// <summary>The newest of each series, and the busiest of each day in the last weeks.</summary>
    /// <param name="archives">Oldest first.</param>
    public static IReadOnlyList<ArchiveState> Thin(IEnumerable<ArchiveState> archives) =>
    [
        .. archives.GroupBy(archive => (archive.Repository, archive.Stream)).SelectMany(ThinOne)
            .OrderBy(archive => archive.StartedAt),
    ];

    /// <param name="archives">Of one series, oldest first, without the one to compare.</param>
    /// <param name="now">When that one was begun.</param>
    public static UsualArchive Usual(IReadOnlyList<ArchiveState> archives, DateTimeOffset now)
    {
        var days = BusiestOfEachDay(archives);
        var recent = days.TakeLast(Recent).ToList();
        return new UsualArchive(
            Median(recent.ConvertAll(archive => archive.Stats?.OriginalSize)),
            Median(recent.ConvertAll(archive => archive.Stats?.Nfiles)),
            archives.Count > 0 && now - archives[0].StartedAt >= Window ? MostNewData(days, now) : null);
    }

    private static long? MostNewData(List<ArchiveState> days, DateTimeOffset now)
    {
        // Everything is new in the first archive of a repository.
        var later = days.Where(archive => !archive.IsFirst).ToList();
        long? most = null;
        for (var i = 0; i < later.Count; i++)
            if ((later[i].StartedAt > now - Window || i >= later.Count - Recent)
                && later[i].Stats?.DeduplicatedSize is { } size && !(size <= most))
                most = size;
        return later.Count < FewestForNewData ? null : most;
    }

    private static IEnumerable<ArchiveState> ThinOne(IEnumerable<ArchiveState> archives)
    {
        var all = archives.ToList();
        // Two days more, so that it can be seen that there were archives before.
        var days = BusiestOfEachDay(
            all.Where(archive => archive.StartedAt > all[^1].StartedAt - Window - TimeSpan.FromDays(2)));
        return all.Where(archive => all.IndexOf(archive) >= all.Count - MostNewest || days.Contains(archive));
    }

    /// <summary>Of each day, the archive with the most new data.</summary>
    private static List<ArchiveState> BusiestOfEachDay(IEnumerable<ArchiveState> archives)
    {
        var days = new List<ArchiveState>();
        foreach (var archive in archives)
        {
            if (days.Count == 0 || days[^1].StartedAt.UtcDateTime.Date != archive.StartedAt.UtcDateTime.Date)
                days.Add(archive);
            else if (!(archive.Stats?.DeduplicatedSize < days[^1].Stats?.DeduplicatedSize))
                days[^1] = archive;
        }
        return days;
    }

    /// <summary>The lower one of two in the middle.</summary>
    private static long? Median(List<long?> values)
    {
        values.RemoveAll(value => value is null);
        values.Sort((one, other) => one!.Value.CompareTo(other!.Value));
        return values.Count == 0 ? null : values[(values.Count - 1) / 2];
    }
}
