using Assimilator.Configuration;

namespace Assimilator.Tests.Unit;

public sealed class SizesTests
{
    [Theory]
    [InlineData("4096", 4096L)]
    [InlineData("1B", 1L)]
    [InlineData("20kB", 20_000L)]
    [InlineData("20 KB", 20_000L)]
    [InlineData("500MB", 500_000_000L)]
    [InlineData("1gb", 1_000_000_000L)]
    [InlineData("9223372TB", 9_223_372_000_000_000_000L)]
    [InlineData("9223373TB", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("1.5GB", null)]
    [InlineData("-1GB", null)]
    [InlineData("1GiB", null)]
    [InlineData("GB", null)]
    [InlineData("", null)]
    public void Are_in_decimal_units(string text, long? bytes) => Assert.Equal(bytes, Sizes.Parse(text));
}
