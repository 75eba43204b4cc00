using Assimilator.Borg;

namespace Assimilator.Tests.Unit;

public sealed class BorgExitStatusTests
{
    [Fact]
    public void Knows_every_return_code() => Assert.Equal(
        string.Concat("SW", new string('E', 98), new string('W', 28), new string('E', 128)),
        string.Concat(Enumerable.Range(0, 256).Select(code => BorgExitStatuses.Of(code).ToString()[0])));

    [Theory]
    [InlineData(0, nameof(BorgExitStatus.Success))]
    [InlineData(1, nameof(BorgExitStatus.Warning))]
    [InlineData(2, nameof(BorgExitStatus.Error))]
    [InlineData(99, nameof(BorgExitStatus.Error))]
    [InlineData(100, nameof(BorgExitStatus.Warning))]
    [InlineData(107, nameof(BorgExitStatus.Warning))]
    [InlineData(127, nameof(BorgExitStatus.Warning))]
    [InlineData(128, nameof(BorgExitStatus.Error))]
    [InlineData(137, nameof(BorgExitStatus.Error))]
    [InlineData(143, nameof(BorgExitStatus.Error))]
    [InlineData(255, nameof(BorgExitStatus.Error))]
    public void Knows_the_borders(int returnCode, string expected) =>
        Assert.Equal(expected, BorgExitStatuses.Of(returnCode).ToString());
}
