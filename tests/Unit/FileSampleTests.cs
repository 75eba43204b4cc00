using Assimilator.Borg;
using Assimilator.Run;

namespace Assimilator.Tests.Unit;

public sealed class FileSampleTests
{
    [Fact]
    public void Every_file_is_as_likely_as_any_other()
    {
        const int rounds = 4000;
        var random = new Random(1);
        var counts = new int[20];
        for (var round = 0; round < rounds; round++)
        {
            foreach (var file in Sample(5, 1000, Enumerable.Range(0, 20).Select(number => File($"{number}", 10)), random))
                counts[int.Parse(file.Path!, System.Globalization.CultureInfo.InvariantCulture)]++;
        }
        Assert.All(counts, count => Assert.InRange(count, rounds * 0.22, rounds * 0.28));
    }

    [Fact]
    public void They_come_in_the_order_of_the_archive_and_a_seed_repeats_them()
    {
        IReadOnlyList<ListedFile> files = [.. Enumerable.Range(0, 1000).Select(number => File($"{number:D4}", 1))];
        var chosen = Sample(20, 1000, files, new Random(7)).Select(file => file.Path!).ToList();
        Assert.Equal(20, chosen.Count);
        Assert.Equal(chosen.Order(StringComparer.Ordinal), chosen);
        Assert.Equal(chosen, Sample(20, 1000, files, new Random(7)).Select(file => file.Path!));
    }

    [Fact]
    public void They_are_never_more_than_may_be_read()
    {
        foreach (var seed in Enumerable.Range(0, 100))
            Assert.InRange(Sample(20, 100, Enumerable.Range(1, 50).Select(size => File($"{size}", size)), new Random(seed)).Sum(file => file.Size!.Value), 1, 100);
        Assert.Empty(Sample(20, 100, [File("large", 101)], new Random(1)));
    }

    [Fact]
    public void What_has_no_contents_of_its_own_is_left_out() => Assert.Equal(["regular"], Sample(20, 100,
        [
            File("regular", 1), File("empty", 0), File("directory", 1) with { Type = "d" }, File("link", 1) with { Type = "l" },
            File("second-name", 1) with { Source = "regular" }, File(@"not-utf8-\udcff", 1), File("not-utf8-?", 1), new ListedFile(),
        ], new Random(1)).Select(file => file.Path!));

    [Fact]
    public void What_a_repair_has_filled_with_zeros_is_known_without_reading()
    {
        var sample = new FileSample(20, 100, new Random(1));
        sample.Offer(File("good", 1) with { Healthy = true });
        sample.Offer(File("bad", 1) with { Healthy = false });
        Assert.Equal(["bad"], sample.Unhealthy);
        Assert.Equal("good", Assert.Single(sample.Choose()).Path);
    }

    private static IReadOnlyList<ListedFile> Sample(int mostFiles, long mostBytes, IEnumerable<ListedFile> files, Random random)
    {
        var sample = new FileSample(mostFiles, mostBytes, random);
        foreach (var file in files)
            sample.Offer(file);
        return sample.Choose();
    }

    private static ListedFile File(string path, long size) => new() { Type = "-", Path = path, Size = size };
}
