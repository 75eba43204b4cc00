using Assimilator.Borg;
using Assimilator.Report;

namespace Assimilator.Tests.Unit;

public sealed class BorgDialectTests
{
    private const string Glob = "web-[0-9]";

    [Theory]
    [InlineData("1.0.9", "1.1")]
    [InlineData("1.1.16", "1.1")]
    [InlineData("1.2.0", "1.2")]
    [InlineData("1.2.4.dev3+g1234567", "1.2")]
    [InlineData("1.3.0a1", "1.2")]
    [InlineData("1.4.0", "1.4")]
    [InlineData("1.4.4", "1.4")]
    [InlineData("1.4.5", "1.4.5")]
    [InlineData("1.4.10", "1.4.5")]
    [InlineData("2.0.0b19", "2.0")]
    [InlineData("2.0.0b24", "2.0.0.0")]
    [InlineData("2.0.0b25", "2.0.0.25")]
    [InlineData("3.1", "2.0.0.25")]
    [InlineData("unknown", "1.2")]
    [InlineData(null, "1.2")]
    public void Is_that_of_the_newest_version_before(string? version, string since) =>
        Assert.StartsWith($"{since}.", $"{BorgDialect.Of(version).Since}.", StringComparison.Ordinal);

    [Theory]
    [InlineData("2.0.0b25", false)]
    [InlineData("1.4.9", false)]
    [InlineData("2.0.0b100", true)]
    [InlineData("2.0.0", true)]
    [InlineData("3.0", true)]
    [InlineData(null, false)]
    public void Tells_a_borg_that_nobody_has_tried(string? version, bool expected) => Assert.Equal(expected, BorgDialect.IsNewer(version));

    [Theory]
    [InlineData("borg 1.2.4\n", "1.2.4")]
    [InlineData("borgbackup version 2.0.0b19", "2.0.0b19")]
    [InlineData("borg 1.2.4.dev3+g1234567.d20260101", "1.2.4.dev3+g1234567.d20260101")]
    [InlineData("borg 1.2\x1b[m", null)]
    [InlineData("usage: borg", null)]
    [InlineData("", null)]
    public void Takes_for_a_version_only_what_looks_like_one(string text, string? expected) => Assert.Equal(expected, BorgDialect.VersionIn(text));

    [Theory]
    [InlineData("1.4.0", "-- /r | -- /r::a | :: | ::a | ::a | --glob-archives=web-[0-9] | list info mount | init | a")]
    [InlineData("2.0.0b19", "--repo=/r | --repo=/r -- a |  | a | --match-archives=a | --match-archives=sh:web-[0-9] | repo-list repo-info mount | repo-create | aid:00")]
    public void Writes_what_each_borg_reads(string version, string expected)
    {
        var dialect = BorgDialect.Of(version);
        Assert.Equal(expected, string.Join(" | ",
            string.Join(' ', dialect.InRepository("/r")), string.Join(' ', dialect.InRepository("/r", "a")), string.Join(' ', dialect.Repository),
            string.Join(' ', dialect.Archive("a")), string.Join(' ', dialect.MountedArchive("a")), dialect.Matching(Glob),
            string.Join(' ', new[] { "list", "info", "mount" }.Select(dialect.OfRepository)), dialect.Init,
            dialect.NameOf(new ArchiveReference("a", "00"))));
    }
}
