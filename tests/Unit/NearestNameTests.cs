using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

public sealed class NearestNameTests
{
    private static readonly string[] Known =
        ["name", "archive", "compression", "passphrase", "passphrase_file", "daily", "weekly", "url", "job"];

    [Theory]
    [InlineData("name", "name")]
    [InlineData("NAME", "name")]
    [InlineData("nmae", "name")]
    [InlineData("nam", "name")]
    [InlineData("names", "name")]
    [InlineData("bame", "name")]
    [InlineData("compresion", "compression")]
    [InlineData("Compresssion", "compression")]
    [InlineData("komprezion", "compression")]
    [InlineData("passphrasefile", "passphrase_file")]
    [InlineData("passphrase-file", "passphrase_file")]
    [InlineData("pasphrase", "passphrase")]
    [InlineData("dayly", "daily")]
    [InlineData("ulr", "url")]
    public void Finds_what_was_meant(string name, string expected) =>
        Assert.Equal(expected, NearestName.Of(name, Known));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("uvw")]
    [InlineData("emna")]
    [InlineData("hourly")]
    [InlineData("compress")]
    [InlineData("correct horse battery staple")]
    public void Suggests_nothing_that_is_too_far(string name) => Assert.Null(NearestName.Of(name, Known));

    [Fact]
    public void Suggests_nothing_where_nothing_is_known() => Assert.Null(NearestName.Of("name", []));

    [Fact]
    public void Takes_the_first_of_two_that_are_as_near() =>
        Assert.Equal("date", NearestName.Of("dage", ["date", "dale"]));

    [Fact]
    public void Does_not_examine_endless_names() =>
        Assert.Null(NearestName.Of(new string('a', 101), [new string('a', 100)]));
}
