using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("90", 90)]
    [InlineData("30s", 30)]
    [InlineData("15m", 900)]
    [InlineData("24h", 86400)]
    [InlineData("7d", 604800)]
    [InlineData("1w", 604800)]
    [InlineData("1h30m", 5400)]
    public void Reads(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Durations.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("h")]
    [InlineData("1x")]
    [InlineData("1.5h")]
    [InlineData("1h30")]
    [InlineData("1 h")]
    [InlineData("9999999d")]
    [InlineData("999999w")]
    [InlineData("999999w999999w")]
    [InlineData("99999999999999999999")]
    public void Refuses(string text) => Assert.Null(Durations.Parse(text));
}
