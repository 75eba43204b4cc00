using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>Checks that end early, late, or not at all, with a stand-in for borg.</summary>
public sealed class CheckFaultTests : IDisposable
{
    private const string Partial = "echo '{\"type\": \"log_message\", \"levelname\": \"INFO\", \"name\": \"borg.repository\", "
        + "\"message\": \"finished partial segment check, last segment checked is 3\"}' >&2";

    private const string ToTheEnd = "echo '{\"type\": \"log_message\", \"levelname\": \"INFO\", \"name\": \"borg.repository\", "
        + "\"message\": \"finished segment check at segment 5\"}' >&2";

    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup;

    public CheckFaultTests()
    {
        _backup = new TestBackup(_gateway).WithStandIn().Set("check", "every", "30d");
        _backup.Run();
        _backup.AgeState("first_run", 40);
    }

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    /// <summary>The archives are looked at when the repository has been read to its end.</summary>
    [Fact]
    public void A_bounded_check_goes_on_in_the_next_run()
    {
        _backup.Set("check", "max_duration", "1h");
        Assert.Equal(["create", "check"], Run(0, Partial));
        Assert.Contains("--max-duration=3600", File.ReadAllLines(_backup.Directory["arguments.check"]));
        Assert.DoesNotContain("assimilator_check_return_code", _gateway.Samples(TestBackup.Name).Keys);
        Assert.Equal(["create", "check", "check"], Run(0, ToTheEnd));
        Assert.Contains("--archives-only", File.ReadAllLines(_backup.Directory["arguments.check"]));
        Assert.Equal(0, _gateway.Samples(TestBackup.Name)["assimilator_check_return_code"]);
        Assert.Equal(["create"], Run(0, ToTheEnd));
    }

    [Fact]
    public void Damage_in_the_first_part_is_damage()
    {
        _backup.Set("check", "max_duration", "1h");
        Assert.Equal(["create", "check"], Run(1, $"{Partial}; exit 1"));
        Assert.Equal(1, _gateway.Samples(TestBackup.Name)["assimilator_check_return_code"]);
        // Known, and said, but not looked for again in every run.
        Assert.Equal(["create"], Run(1, "exit 0"));
        Assert.Equal(1, _gateway.Samples(TestBackup.Name)["assimilator_check_return_code"]);
    }

    [Theory]
    [InlineData("echo '{\"type\": \"log_message\", \"levelname\": \"ERROR\", \"msgid\": \"LockTimeout\", \"message\": \"x\"}' >&2; exit 2")]
    [InlineData("kill -KILL $$")]
    [InlineData("sleep 1000")]
    public void What_says_nothing_about_the_repository_is_tried_again(string check)
    {
        _backup.Set("borg", "check_timeout", "1s");
        Assert.Equal(["create", "check"], Run(1, check));
        Assert.DoesNotContain("assimilator_check_return_code", _gateway.Samples(TestBackup.Name).Keys);
        Assert.Equal(["create", "check"], Run(0, "exit 0"));
        Assert.Equal(0, _gateway.Samples(TestBackup.Name)["assimilator_check_return_code"]);
    }

    /// <summary>Somebody has to look at it, and the run goes on.</summary>
    [Fact]
    public void A_run_that_is_killed_after_the_check_remembers_what_it_found()
    {
        _backup.AddScript("postexec", "1", "kill -KILL $PPID");
        Assert.Equal(137, _backup.WithStandIn(check: "exit 1").Run().ExitCode);
        _backup.Remove("postexec");
        Assert.Equal(["create"], Run(1, "exit 0"));
        Assert.Equal(1, _gateway.Samples(TestBackup.Name)["assimilator_check_return_code"]);
    }

    [Fact]
    public void Of_hundreds_of_lines_the_first_ones_are_shown_and_the_others_counted()
    {
        _backup.WithStandIn(check: "for i in $(seq 1 500); do echo '{\"type\": \"log_message\", \"levelname\": \"ERROR\", \"message\": \"bad chunk\"}'; done >&2; exit 1");
        var result = _backup.Run();
        Assert.Equal(20, result.Error.Split("bad chunk").Length - 1);
        Assert.Contains("480 more", result.Error, StringComparison.Ordinal);
        result = _backup.Set("logging", "level", "debug").Run("check", "--now");
        Assert.Equal(500, (result.Error + result.Output).Split("bad chunk").Length - 1);
    }

    [Fact]
    public void The_command_exits_like_a_monitoring_plugin()
    {
        Assert.Equal(0, _backup.WithStandIn().Run("check").ExitCode);
        Assert.Equal(2, _backup.WithStandIn(check: "exit 1").Run("check", "--now").ExitCode);
        Assert.Equal(2, _backup.WithStandIn().Run("check").ExitCode);
        Assert.Equal(0, _backup.WithStandIn().Run("check", "--now").ExitCode);
        // Not known any better than before.
        Assert.Equal(1, _backup.WithStandIn(check: "kill -KILL $$").Run("check", "--now").ExitCode);
        Assert.Equal(1, _backup.Remove("check").WithStandIn().Run("check").ExitCode);
        Assert.Equal(0, _backup.WithStandIn().Run("check", "--now").ExitCode);
        Assert.Equal(2, _backup.Set("backup", "compresion", "x").Run("check").ExitCode);
    }

    [Fact]
    public void The_command_waits_for_a_run_and_gives_up()
    {
        _backup.Set("backup", "lock_wait", "1s").WithStandIn(create: $"echo >> '{_backup.Directory["begun"]}'; sleep 5; echo \"$JSON\"");
        using var run = _backup.Start();
        Wait.Until(() => File.Exists(_backup.Directory["begun"]), "the run has begun");
        Assert.Equal(1, _backup.Run("check", "--now").ExitCode);
        Assert.Equal(0, Programs.Finish(run).ExitCode);
    }

    /// <summary>What ran.</summary>
    private IReadOnlyList<string> Run(int exitCode, string check)
    {
        File.Delete(_backup.Directory["calls"]);
        var result = _backup.WithStandIn(check: check).Run();
        Assert.True(result.ExitCode == exitCode, result.ToString());
        return _backup.Calls();
    }
}
