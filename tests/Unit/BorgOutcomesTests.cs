using Assimilator.Borg;

namespace Assimilator.Tests.Unit;

public sealed class BorgOutcomesTests
{
    [Fact]
    public void Knows_every_return_code() => Assert.Equal(
        string.Concat("SW", new string('E', 98), new string('W', 28), new string('E', 128)),
        string.Concat(Enumerable.Range(0, 256).Select(code => BorgOutcomes.Of(code).ToString()[0])));
}
