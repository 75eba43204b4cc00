using Assimilator.Borg;
using Assimilator.Report;

namespace Assimilator.Tests.Unit;

public sealed class BorgOutcomesTests
{
    [Fact]
    public void Knows_every_return_code() => Assert.Equal(
        string.Concat("SW", new string('E', 98), new string('W', 28), new string('E', 128)),
        string.Concat(Enumerable.Range(0, 256).Select(code => BorgOutcomes.Of(StepKind.Create, code).ToString()[0])));

    [Fact]
    public void A_check_that_ends_with_1_has_found_damage() => Assert.Equal(BorgOutcome.Error, BorgOutcomes.Of(StepKind.Check, 1));
}
