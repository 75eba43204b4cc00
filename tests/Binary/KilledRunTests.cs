using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>Assimilator itself is killed in each step, then runs again; and told to end in each step.</summary>
public sealed class KilledRunTests(PushgatewayFixture gateway) : IClassFixture<PushgatewayFixture>
{
    private const string LastSuccess = "assimilator_last_success_timestamp_seconds";

    public static TheoryData<RunStep> Steps => new(Enum.GetValues<RunStep>());

    public static TheoryData<RunStep, string, int> Signals => new(
        from step in Enum.GetValues<RunStep>()
        from signal in new[] { (Name: "TERM", Number: 15), (Name: "INT", Number: 2), (Name: "HUP", Number: 1) }
        select (step, signal.Name, signal.Number));

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_killed_run_is_found_by_the_next_and_nothing_is_lost(RunStep step)
    {
        using var backup = Backup();
        Assert.Equal(0, backup.Run().ExitCode);
        var before = gateway.Server.Samples(backup.Label)[LastSuccess];
        File.Delete(backup.Directory["calls"]);

        Hang(backup, step);
        using (var process = Started(backup, step))
        {
            process.Kill();
            process.WaitForExit();
        }
        Programs.Run("pkill", ["-KILL", "-f", backup.Directory.Path]);
        Assert.Equal(before, gateway.Server.Samples(backup.Label)[LastSuccess]);

        Usual(backup).WithStandIn(create: "exit 2");
        Assert.Equal(2, backup.Run().ExitCode);
        var samples = gateway.Server.Samples(backup.Label);
        Assert.Equal(1, samples["assimilator_interrupted_runs"]);
        // The archive of the killed run exists from the moment on that create ended.
        Assert.Equal(step > RunStep.Create, samples[LastSuccess] > before);
        Assert.True(samples[LastSuccess] >= before);

        Usual(backup);
        Assert.Equal(0, backup.Run().ExitCode);
        Assert.Equal(1, gateway.Server.Samples(backup.Label)["assimilator_interrupted_runs"]);
        Assert.Equal(0, backup.Run().ExitCode);
        Assert.Equal(0, gateway.Server.Samples(backup.Label)["assimilator_interrupted_runs"]);
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public void A_signal_ends_a_run_in_good_order(RunStep step, string signal, int number)
    {
        using var backup = Backup();
        var isPostexec = step == RunStep.Postexec;
        Hang(backup, step, isPostexec ? $"until [ -e '{backup.Directory["go"]}' ]; do sleep 0.05; done" : "exec sleep 1000");
        using var process = Started(backup, step);
        Programs.RunOrThrow("kill", [$"-{signal}", $"{process.Id}"]);
        backup.Directory.Write("go", "");
        var result = Programs.Finish(process);

        Assert.True(128 + number == result.ExitCode, result.ToString());
        Assert.Equal("postexec-1", backup.Calls()[^1]);
        Assert.Equal(isPostexec ? 5 : (int)step + 2, backup.Calls().Count);
        var samples = gateway.Server.Samples(backup.Label);
        Assert.Equal(128 + number, samples["assimilator_return_code"]);
        Assert.Equal(isPostexec ? 0 : 143, samples[Expectation.MetricOf(step)]);
        Assert.Equal(step > RunStep.Create, samples.ContainsKey(LastSuccess));
        Assert.Equal(0, samples["assimilator_postexec_return_code"]);
        Assert.False(backup.State().TryGetProperty("run_in_progress", out _));
        Assert.Empty(FaultMatrix.Survivors(backup));
    }

    private TestBackup Backup() => Usual(new TestBackup(gateway.Server) { Label = $"killed-{Guid.NewGuid():N}" });

    private static TestBackup Usual(TestBackup backup) => backup.WithStandIn().Set("retention", "daily", "7")
        .AddScript("preexec", "1").AddScript("postexec", "1");

    private static void Hang(TestBackup backup, RunStep step, string body = "while :; do sleep 0.1; done")
    {
        switch (step)
        {
            case RunStep.Preexec or RunStep.Postexec:
                backup.AddScript(step.ToString().ToLowerInvariant(), "1", body);
                break;
            case RunStep.Create:
                backup.WithStandIn(create: body);
                break;
            case RunStep.Prune:
                backup.WithStandIn(prune: body);
                break;
            default:
                backup.WithStandIn(compact: body);
                break;
        }
    }

    private static System.Diagnostics.Process Started(TestBackup backup, RunStep step)
    {
        var process = backup.Start();
        Wait.Until(() => backup.Calls().Contains(Expectation.NameOf(step)), $"{step} has begun");
        return process;
    }
}
