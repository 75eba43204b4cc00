using Assimilator.Terminal;

namespace Assimilator.Tests.Unit;

public sealed class TimesTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 10, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "now")]
    [InlineData(59, "now")]
    [InlineData(60, "1 minute ago")]
    [InlineData(-60, "in 1 minute")]
    [InlineData(3599, "59 minutes ago")]
    [InlineData(3600, "1 hour ago")]
    [InlineData(2 * 86400 - 1, "47 hours ago")]
    [InlineData(2 * 86400, "2 days ago")]
    [InlineData(-5 * 3600 - 1800, "in 5 hours")]
    [InlineData(61 * 86400 - 1, "60 days ago")]
    [InlineData(61 * 86400, "2 months ago")]
    [InlineData(730 * 86400, "23 months ago")]
    [InlineData(731 * 86400, "2 years ago")]
    [InlineData(-400 * 86400, "in 13 months")]
    public void An_age_has_one_unit(long seconds, string expected) => Assert.Equal(expected, Times.Age(Now.AddSeconds(-seconds), Now));

    [Fact]
    public void Times_are_in_utc() =>
        Assert.Equal("2026-05-10 10:00Z (2 hours ago)", Times.Both(new(2026, 5, 10, 12, 0, 0, TimeSpan.FromHours(2)), Now));
}
