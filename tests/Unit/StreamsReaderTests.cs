using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

public sealed class StreamsReaderTests
{
    private const string Archive = "web@host-{utcnow:%Y}";

    [Theory]
    [InlineData("[paths]\n1 = /etc", "-: web@host-{utcnow:%Y}")]
    [InlineData("[paths]\n1 = /etc\n[streams]\ndumps/shop.sql = /bin/true", "-: web@host-{utcnow:%Y}; dumps/shop.sql: web@host-{utcnow:%Y}-dumps-shop.sql")]
    [InlineData("[patterns]\n1 = R /etc\n[streams]\na = /bin/true", "-: web@host-{utcnow:%Y}; a: web@host-{utcnow:%Y}-a")]
    [InlineData("[streams]\na b{c}::d = /bin/true", "a b{c}::d: web@host-{utcnow:%Y}-a-b{{c}}-d")]
    [InlineData("[streams]\n10 = /bin/true\n9 = /bin/true", "9: web@host-{utcnow:%Y}-9; 10: web@host-{utcnow:%Y}-10")]
    public void Each_stream_is_a_series_of_its_own(string ini, string expected)
    {
        var series = Read($"[repository]\nlocation = /r\n{ini}", out var problems);
        Assert.Equal(expected, string.Join("; ", series.Select(one => $"{one.Stream?.Label ?? "-"}: {one.Archive}")));
        Assert.All(series, one => Assert.NotNull(ArchiveTemplate.Parse(one.Archive, out _)));
        Assert.Empty(problems);
    }

    [Fact]
    public void Each_repository_has_all_of_them()
    {
        var series = Read("[repository.a]\nlocation = /a\n[repository.b]\nlocation = /b\n[paths]\n1 = /etc\n[streams]\nx = /bin/true\n", out var problems);
        Assert.Equal("a|a x|b|b x", string.Join('|', series.Select(one => one.Label)));
        Assert.Equal(4, series.Select(one => one.Series).Distinct().Count());
        Assert.Empty(problems);
    }

    [Fact]
    public void The_patterns_of_retention_tell_them_apart()
    {
        var series = Read("[repository]\nlocation = /r\n[retention]\ndaily = 7\n[paths]\n1 = /etc\n[streams]\na = /bin/true\na*b = /bin/true\n", out _);
        Assert.Equal(
            ["web@host-[0-9][0-9][0-9][0-9]", "web@host-[0-9][0-9][0-9][0-9]-a", "web@host-[0-9][0-9][0-9][0-9]-a[*]b"],
            series.Select(one => one.Retention!.GlobArchives));
        Assert.All(series, one => Assert.Equal(series.Count - 1, series.Count(other => !SharedArchives.Are(
            SharedArchives.Of(one), SharedArchives.Of(other)))));
    }

    [Theory]
    [InlineData("../x = /bin/true", "[streams] ../x: expected the relative path")]
    [InlineData("a/./b = /bin/true", "[streams] a/./b: expected the relative path")]
    [InlineData("a//b = /bin/true", "[streams] a//b: expected the relative path")]
    [InlineData("a/ = /bin/true", "[streams] a/: expected the relative path")]
    [InlineData("/a = /bin/true", "[streams]: expected 'key = value', found a line that begins with '/'")]
    [InlineData("a/b = /bin/true\na-b = /bin/true", "[streams] a/b: would give its archives the names of a-b")]
    [InlineData("a = pg_dump shop", "[streams] a: expected the absolute path of an executable first")]
    [InlineData("a = /bin/true | /bin/cat", "[streams] a: '|' is shell syntax")]
    [InlineData("a = /nowhere/pg_dump", "[streams] a: /nowhere/pg_dump does not exist")]
    [InlineData("", "[streams]: expected at least one stream")]
    [InlineData("a = /bin/true\n[retention]\ndaily = 7\nglob_archives = web-*", "[retention] glob_archives: is not possible with [streams]")]
    [InlineData("a = /bin/true\n[labels]\nstream = x", "[labels] stream: this label name is reserved")]
    public void A_mistake_is_named(string streams, string expected)
    {
        Read($"[repository]\nlocation = /r\n[streams]\n{streams}\n", out var problems);
        Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_of_one_repository_is_refused_as_well()
    {
        Read("[repository.a]\nlocation = /a\n[streams]\nx = /bin/true\n[retention.a]\ndaily = 1\nglob_archives = web-*\n", out var problems);
        Assert.Contains("[retention.a] glob_archives: is not possible with [streams]", Assert.Single(problems), StringComparison.Ordinal);
    }

    private static IReadOnlyList<RepositorySettings> Read(string ini, out IReadOnlyList<string> problems)
    {
        var result = ConfigurationReader.ReadText(
            $"[backup]\narchive = {Archive}\n[borg]\npath = /bin/true\n{ini}", "/etc/web.ini", new Dictionary<string, string> { ["HOME"] = "/root" });
        problems = [.. result.Problems.Select(problem => problem.Describe("f"))];
        return result.Configuration.Repositories;
    }
}
