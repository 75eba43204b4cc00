namespace Assimilator.Tests.Unit;

public sealed class RunReportTests
{
    private static readonly RunReport Success = new()
    {
        StartedAt = DateTimeOffset.UnixEpoch,
        Preexec = new ScriptsStep(0, TimeSpan.Zero),
        Create = Samples.Create(0),
        Prune = Samples.Borg(0),
        Compact = Samples.Borg(0),
        Postexec = new ScriptsStep(0, TimeSpan.Zero),
    };

    [Fact]
    public void Everything_succeeded() => Check(Success, Outcome.Success, 0);

    [Fact]
    public void Steps_that_are_not_configured_are_no_blemish() =>
        Check(Success with { Preexec = null, Prune = null, Compact = null, Postexec = null }, Outcome.Success, 0);

    [Fact]
    public void Nothing_ran() => Check(new RunReport { StartedAt = DateTimeOffset.UnixEpoch }, Outcome.Failure, 2);

    [Theory]
    [InlineData(0, true, nameof(Outcome.Success), 0)]
    [InlineData(0, false, nameof(Outcome.Success), 0)]
    [InlineData(1, true, nameof(Outcome.Warning), 1)]
    [InlineData(1, false, nameof(Outcome.Failure), 2)]
    [InlineData(100, true, nameof(Outcome.Warning), 1)]
    [InlineData(100, false, nameof(Outcome.Failure), 2)]
    [InlineData(107, true, nameof(Outcome.Warning), 1)]
    [InlineData(107, false, nameof(Outcome.Failure), 2)]
    [InlineData(127, true, nameof(Outcome.Warning), 1)]
    [InlineData(127, false, nameof(Outcome.Failure), 2)]
    [InlineData(2, true, nameof(Outcome.Failure), 2)]
    [InlineData(2, false, nameof(Outcome.Failure), 2)]
    [InlineData(75, false, nameof(Outcome.Failure), 2)]
    [InlineData(99, true, nameof(Outcome.Failure), 2)]
    [InlineData(128, true, nameof(Outcome.Failure), 2)]
    [InlineData(137, true, nameof(Outcome.Failure), 2)]
    [InlineData(143, false, nameof(Outcome.Failure), 2)]
    [InlineData(255, true, nameof(Outcome.Failure), 2)]
    public void Create_decides(int returnCode, bool hasJson, string outcome, int exitCode)
    {
        var report = Success with { Create = Samples.Create(returnCode, hasJson) };
        Assert.Equal(outcome != nameof(Outcome.Failure), report.HasArchive);
        Check(report, Enum.Parse<Outcome>(outcome), exitCode);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(107)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(137)]
    [InlineData(143)]
    public void Another_step_spoils_a_success_and_no_more(int returnCode)
    {
        var scripts = new ScriptsStep(returnCode, TimeSpan.Zero);
        Assert.All(
            [
                Success with { Preexec = scripts },
                Success with { Prune = Samples.Borg(returnCode) },
                Success with { Compact = Samples.Borg(returnCode) },
                Success with { Postexec = scripts },
                Success with { Preexec = scripts, Create = Samples.Create(1), Prune = Samples.Borg(returnCode) },
            ],
            report => Check(report, Outcome.Warning, 1));
        Check(Success with { Create = null, Postexec = scripts }, Outcome.Failure, 2);
        Check(Success with { Create = null, Preexec = scripts }, Outcome.Failure, 2);
    }

    [Fact]
    public void What_no_return_code_tells_spoils_a_success_and_no_more()
    {
        Check(Success with { WantsAttention = true }, Outcome.Warning, 1);
        Check(Success with { WantsAttention = true, Create = null }, Outcome.Failure, 2);
        Check(Success with { WantsAttention = true, Create = null, IsSkipped = true }, Outcome.Skipped, 75);
    }

    [Fact]
    public void A_skipped_run_is_no_failure() => Check(
        new RunReport
        {
            StartedAt = DateTimeOffset.UnixEpoch,
            Preexec = new ScriptsStep(75, TimeSpan.Zero),
            Postexec = new ScriptsStep(1, TimeSpan.Zero),
            IsSkipped = true,
        },
        Outcome.Skipped, 75);

    [Theory]
    [InlineData(1, 129)]
    [InlineData(2, 130)]
    [InlineData(15, 143)]
    public void A_signal_outweighs_every_step(int signal, int exitCode) => Assert.All(
        [
            Success with { Signal = signal },
            Success with { Signal = signal, Create = null },
            Success with { Signal = signal, Create = Samples.Create(143, hasJson: false) },
            Success with { Signal = signal, Prune = Samples.Borg(2) },
            Success with { Signal = signal, Create = null, IsSkipped = true },
            Success with { Signal = signal, WantsAttention = true },
        ],
        report => Check(report, Outcome.Interrupted, exitCode));

    [Fact]
    public void A_wrong_configuration_outweighs_everything() => Assert.All(
        [
            new RunReport { StartedAt = DateTimeOffset.UnixEpoch, IsMisconfigured = true },
            Success with { IsMisconfigured = true },
            Success with { IsMisconfigured = true, Signal = 15 },
            Success with { IsMisconfigured = true, IsSkipped = true },
        ],
        report => Check(report, Outcome.Misconfigured, 78));

    private static void Check(RunReport report, Outcome outcome, int exitCode)
    {
        Assert.Equal(outcome, report.Outcome);
        Assert.Equal(exitCode, report.ExitCode);
    }
}
