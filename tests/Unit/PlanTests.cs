using Assimilator.Configuration;
using Assimilator.Report;
using Assimilator.Run;

namespace Assimilator.Tests.Unit;

public sealed class PlanTests
{
    private static readonly RepositoryReport Fresh = new() { Location = "/srv/borg" };

    [Theory]
    [InlineData(false, false, "Create")]
    [InlineData(true, false, "Create Prune")]
    [InlineData(true, true, "Create Prune Compact")]
    public void Has_the_configured_steps_in_order(bool prunes, bool compacts, string steps)
    {
        var configuration = Samples.Configuration with
        {
            Retention = prunes ? new RetentionSettings([("daily", "7")], "web-*", compacts) : null,
        };
        Assert.Equal(steps, string.Join(' ', Plan.Of(configuration).Select(step => step.Kind)));
    }

    [Theory]
    [InlineData(0L, false)]
    [InlineData(1L, true)]
    [InlineData(null, true)]
    public void Prunes_after_an_archive_with_files(long? files, bool mayRun) => Assert.Equal(
        mayRun, Plan.MayRun(StepKind.Prune, After(Samples.Step(StepKind.Create, 0) with { Archive = new() { Stats = new() { Nfiles = files } } })));

    [Fact]
    public void Prunes_nothing_without_an_archive() =>
        Assert.False(Plan.MayRun(StepKind.Prune, After(Samples.Step(StepKind.Create, 2))));

    [Theory]
    [InlineData(0, "1.2.4", true)]
    [InlineData(1, null, true)]
    [InlineData(2, "1.2.4", false)]
    [InlineData(0, "1.1.17", false)]
    public void Compacts_after_a_prune_that_did_not_fail(int returnCode, string? version, bool mayRun) => Assert.Equal(
        mayRun, Plan.MayRun(StepKind.Compact, After(
            Samples.Step(StepKind.Create, 0) with { BorgVersion = version }, Samples.Step(StepKind.Prune, returnCode))));

    [Fact]
    public void Compacts_nothing_without_a_prune() => Assert.False(Plan.MayRun(StepKind.Compact, Fresh));

    private static RepositoryReport After(params StepResult[] steps) => Fresh with { Steps = steps };
}
