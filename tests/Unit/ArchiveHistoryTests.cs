using Assimilator.Report;
using Assimilator.State;

namespace Assimilator.Tests.Unit;

public sealed class ArchiveHistoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("", null)]
    [InlineData("100", 100L)]
    [InlineData("100 10", 10L)]
    [InlineData("100 90 10", 90L)]
    // Seven days count: after four smaller ones, small is usual.
    [InlineData("100 100 100 100 100 100 100 10 10 10", 100L)]
    [InlineData("100 100 100 100 100 100 100 10 10 10 10", 10L)]
    public void The_usual_size_is_the_median_of_the_last_days(string sizes, long? expected)
    {
        var days = sizes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToList();
        var archives = days.Select((size, place) => Archive(days.Count - place, size, newData: 1)).ToList();
        Assert.Equal(expected, ArchiveHistory.Usual(archives, Now).OriginalSize);
        Assert.Equal(expected, ArchiveHistory.Usual(archives, Now).Nfiles);
    }

    [Fact]
    public void A_day_with_many_archives_counts_once()
    {
        var archives = Enumerable.Range(1, 3).Select(day => Archive(5 - day, 100, 1))
            .Concat(Enumerable.Range(0, 20).Select(number => Archive(1 - (number / 50.0), 10, 0))).ToList();
        Assert.Equal(100, ArchiveHistory.Usual(archives, Now).OriginalSize);
    }

    [Theory]
    // Age in days, and new data; the first one of the repository is all new.
    [InlineData("50:1000:first 20:3 10:7 5:2", 7L)]
    [InlineData("50:1000 20:3 10:7 5:2", 1000L)]
    [InlineData("39:1000:first 20:3 10:7 5:2", null)]
    [InlineData("50:1000:first 20:3 10:7", null)]
    [InlineData("50:1000:first 45:9 20:3 10:7 5:2", 9L)]
    [InlineData("90:1000:first 60:9 39:1 38:1 37:1 36:1 35:1 34:1 33:1", 1L)]
    [InlineData("400:1000:first 300:9 200:3 100:4", 9L)]
    // Another repository since.
    [InlineData("90:1000:first 60:9 30:1000:first 20:3 10:7", 9L)]
    public void The_most_new_data_is_that_of_forty_days_or_seven_archives(string history, long? expected)
    {
        var archives = history.Split(' ').Select(text => text.Split(':'))
            .Select(parts => Archive(double.Parse(parts[0], null), 1000, long.Parse(parts[1], null), isFirst: parts.Length > 2)).ToList();
        Assert.Equal(expected, ArchiveHistory.Usual(archives, Now).DeduplicatedSize);
    }

    [Fact]
    public void What_borg_did_not_report_is_not_usual() =>
        Assert.Equal(new UsualArchive(null, null, null), ArchiveHistory.Usual([.. Enumerable.Range(1, 60).Select(day => Archive(day, null, null)).Reverse()], Now));

    [Fact]
    public void Keeps_the_newest_and_the_busiest_of_each_day()
    {
        // Every hour of fifty days; the one at noon has the most new data.
        var archives = Enumerable.Range(0, 50 * 24).Select(hour => Archive(50 - (hour / 24.0), 100, hour % 24 == 0 ? 9 : 1)).ToList();
        var kept = ArchiveHistory.Thin(archives);
        Assert.Equal(archives.TakeLast(30), kept.TakeLast(30));
        Assert.All(kept.SkipLast(30), archive => Assert.Equal(9, archive.Stats!.DeduplicatedSize));
        Assert.InRange(kept.Count - 30, 40, 42);
        Assert.Equal(kept, ArchiveHistory.Thin(kept));
        Assert.Equal(9, ArchiveHistory.Usual(kept, Now).DeduplicatedSize);
        Assert.Equal(ArchiveHistory.Usual(archives, Now), ArchiveHistory.Usual(kept, Now));
    }

    [Fact]
    public void Repositories_do_not_push_each_other_out()
    {
        var rare = Enumerable.Range(1, 30).Select(month => Archive(30.0 * month, 1, 1) with { Repository = "usb" });
        var often = Enumerable.Range(1, 100).Select(hour => Archive(hour / 24.0, 1, 1) with { Repository = "server" });
        var kept = ArchiveHistory.Thin(rare.Concat(often).OrderBy(archive => archive.StartedAt));
        Assert.Equal(30, kept.Count(archive => archive.Repository == "usb"));
        Assert.Equal(kept.OrderBy(archive => archive.StartedAt), kept);
    }

    private static ArchiveState Archive(double age, long? size, long? newData, bool isFirst = false) => new()
    {
        StartedAt = Now.AddDays(-age),
        IsFirst = isFirst,
        Stats = new() { OriginalSize = size, Nfiles = size, DeduplicatedSize = newData },
    };
}
