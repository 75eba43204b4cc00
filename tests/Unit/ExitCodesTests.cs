using Assimilator.Report;

namespace Assimilator.Tests.Unit;

public sealed class ExitCodesTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0 75", 75)]
    [InlineData("75 1 0", 1)]
    [InlineData("1 2 75", 2)]
    [InlineData("2 78 1", 78)]
    [InlineData("78 2 143", 143)]
    [InlineData("0 69", 69)]
    public void Of_several_the_worst(string codes, int worst) => Assert.Equal(worst, ExitCodes.Worst([.. codes.Split(' ').Select(int.Parse)]));
}
