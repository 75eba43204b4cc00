using System.Diagnostics;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>Signals end a run in good order: the child is told, postexec runs, the report arrives.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup;

    public SignalTests() => _backup = new TestBackup(_gateway).Set("retention", "daily", "7").AddScript("postexec", "1");

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    [InlineData("HUP", 129)]
    public void A_signal_during_create_is_handed_on_and_reported(string signal, int exitCode)
    {
        var calls = _backup.Directory["calls"];
        _backup.WithStandIn(create: $"trap 'echo got-TERM >> {calls}; exit 2' TERM; echo ready >> {calls}; {Hang}");
        var result = Signal("ready", signal);
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Equal(["create", "ready", "got-TERM", "postexec-1"], _backup.Calls());
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal(exitCode, samples["assimilator_return_code"]);
        Assert.Equal(2, samples["assimilator_create_return_code"]);
        Assert.Equal(0, samples["assimilator_postexec_return_code"]);
        Assert.Equal(0, _backup.State().GetProperty("interrupted_runs").GetInt32());
    }

    [Fact]
    public void A_signal_during_preexec_starts_no_borg()
    {
        _backup.WithStandIn().AddScript("preexec", "1", Hang).AddScript("preexec", "2");
        var result = Signal("preexec-1", "TERM");
        Assert.Equal(143, result.ExitCode);
        Assert.Equal(["preexec-1", "postexec-1"], _backup.Calls());
        Assert.Equal(143, _gateway.Samples(TestBackup.Name)["assimilator_preexec_return_code"]);
    }

    [Fact]
    public void A_signal_during_prune_keeps_the_archive_and_skips_compact()
    {
        _backup.WithStandIn(prune: Hang);
        var result = Signal("prune", "TERM");
        Assert.Equal(143, result.ExitCode);
        Assert.Contains("interrupted by signal 15", result.Error, StringComparison.Ordinal);
        Assert.Equal(["create", "prune", "postexec-1"], _backup.Calls());
        Assert.True(_gateway.Samples(TestBackup.Name).ContainsKey("assimilator_last_success_timestamp_seconds"));
    }

    [Fact]
    public void A_signal_during_postexec_lets_it_finish()
    {
        _backup.WithStandIn().AddScript("postexec", "1",
            $"until [ -e '{_backup.Directory["go"]}' ]; do sleep 0.05; done; echo finished >> '{_backup.Directory["calls"]}'");
        using var process = Started("postexec-1");
        Send(process, "TERM");
        _backup.Directory.Write("go", "");
        var result = Programs.Finish(process);
        Assert.Equal(143, result.ExitCode);
        Assert.Equal("finished", _backup.Calls()[^1]);
    }

    [Fact]
    public void A_second_signal_cuts_postexec_short_and_the_report_still_arrives()
    {
        _backup.WithStandIn().AddScript("postexec", "1", Hang).AddScript("postexec", "2");
        using var process = Started("postexec-1");
        var result = SendUntilItEnds(process);
        Assert.Equal(143, result.ExitCode);
        Assert.Equal(["create", "prune", "compact", "postexec-1"], _backup.Calls());
        Assert.Equal(143, _gateway.Samples(TestBackup.Name)["assimilator_return_code"]);
    }

    [Fact]
    public void A_second_signal_kills_a_borg_that_ignores_the_first_with_all_it_started()
    {
        _backup.WithStandIn(create: $"trap '' TERM; sh -c 'trap \"\" TERM; echo $$ > {_backup.Directory["grandchild"]}; {Hang}'");
        using var process = Started("create");
        Wait.Until(() => File.Exists(_backup.Directory["grandchild"]) && File.ReadAllText(_backup.Directory["grandchild"]).EndsWith('\n'), "borg's child has begun");
        var grandchild = File.ReadAllText(_backup.Directory["grandchild"]).Trim();
        var result = SendUntilItEnds(process);
        Assert.Equal(143, result.ExitCode);
        Assert.Equal(137, _gateway.Samples(TestBackup.Name)["assimilator_create_return_code"]);
        Wait.Until(() => !Directory.Exists($"/proc/{grandchild}"), "borg's child is gone");
    }

    [Fact]
    public void Nohup_is_respected()
    {
        _backup.WithStandIn(create: $"until [ -e '{_backup.Directory["go"]}' ]; do sleep 0.05; done; echo \"$JSON\"").WriteConfiguration();
        using var process = Programs.Start("nohup", [Repository.Binary, "-c", _backup.ConfigurationFile], _backup.Environment);
        Wait.Until(() => _backup.Calls().Contains("create"), "borg has begun");
        Send(process, "HUP");
        _backup.Directory.Write("go", "");
        Assert.Equal(0, Programs.Finish(process).ExitCode);
    }

    [Fact]
    public void Children_get_no_terminal_an_empty_input_and_sigpipe()
    {
        _backup.WithStandIn().AddScript("preexec", "1",
            $"(cat; echo $?; yes | head -n 1; [ -t 0 ] || echo no-tty; (: < /dev/tty) 2>/dev/null || echo no-terminal) > '{_backup.Directory["seen"]}'");
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal("0\ny\nno-tty\nno-terminal\n", File.ReadAllText(_backup.Directory["seen"]));
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public void One_that_our_parent_blocked_is_heard_all_the_same(string signal, int exitCode)
    {
        _backup.WithStandIn(create: $"kill -{signal} $PPID; sleep 30").WriteConfiguration();
        var result = Programs.Run("env", [$"--block-signal={signal}", Repository.Binary, "-c", _backup.ConfigurationFile], _backup.Environment);
        Assert.True(result.ExitCode == exitCode, result.ToString());
    }

    [Fact]
    public void Children_hear_every_signal_whatever_our_parent_ignored()
    {
        _backup.WithStandIn().AddScript("preexec", "1", $"grep -E 'SigIgn|SigBlk' /proc/self/status > '{_backup.Directory["seen"]}'").WriteConfiguration();
        var result = Programs.Run("/bin/sh",
            ["-c", $"trap '' TERM INT HUP QUIT USR1 USR2 ALRM TSTP; exec '{Repository.Binary}' -c '{_backup.ConfigurationFile}'"], _backup.Environment);
        Assert.True(result.ExitCode == 0, result.ToString());
        var masks = File.ReadAllLines(_backup.Directory["seen"]).Select(line => Convert.ToInt64(line.Split('\t')[1], 16));
        // Above the 31 that have names are those that the C library keeps to itself.
        Assert.Equal([0, 0], masks.Select(mask => mask & int.MaxValue));
    }

    [Fact]
    public void Two_signals_in_one_breath_are_one()
    {
        var go = _backup.Directory["go"];
        _backup.WithStandIn(create: $"trap 'until [ -e {go} ]; do sleep 0.05; done; exit 2' TERM; echo ready >> {_backup.Directory["calls"]}; {Hang}");
        using var process = Started("ready");
        Send(process, "TERM");
        Send(process, "TERM");
        _backup.Directory.Write("go", "");
        var result = Programs.Finish(process);
        Assert.Equal(143, result.ExitCode);
        Assert.Contains("interrupted: stopping borg, then postexec and the report", result.Error, StringComparison.Ordinal);
        Assert.Equal(["create", "ready", "postexec-1"], _backup.Calls());
        Assert.Equal(2, _gateway.Samples(TestBackup.Name)["assimilator_create_return_code"]);
    }

    [Fact]
    public void A_parent_that_ignores_sigchld_does_not_turn_failures_into_successes()
    {
        _backup.WithStandIn().AddScript("preexec", "1", "exit 3").WriteConfiguration();
        var result = Programs.Run("env", ["--ignore-signal=CHLD", Repository.Binary, "-c", _backup.ConfigurationFile], _backup.Environment);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Equal(3, _gateway.Samples(TestBackup.Name)["assimilator_preexec_return_code"]);
    }

    [Fact]
    public void A_signal_during_the_push_bounds_it()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        _backup.WithStandIn().Set("pushgateway", "url", $"http://{listener.LocalEndpoint}").Set("pushgateway", "timeout", "10m")
            .Set("backup", "shutdown_timeout", "4s");
        using var process = _backup.Start();
        using var connection = listener.AcceptTcpClient();
        Send(process, "TERM");
        var result = Programs.Finish(process);
        Assert.Contains("cannot push the report", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void A_run_that_is_killed_while_it_reports_is_found_by_the_next()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        _backup.WithStandIn().Set("pushgateway", "url", $"http://{listener.LocalEndpoint}");
        using (var process = _backup.Start())
        {
            using var connection = listener.AcceptTcpClient();
            process.Kill();
            process.WaitForExit();
        }
        Assert.Equal(0, _backup.Set("pushgateway", "url", _gateway.Url).Run().ExitCode);
        Assert.Equal(1, _gateway.Samples(TestBackup.Name)["assimilator_interrupted_runs"]);
    }

    private const string Hang = "while :; do sleep 0.1; done";

    private Process Started(string call)
    {
        var process = _backup.Start();
        Wait.Until(() => _backup.Calls().Contains(call), $"{call} has begun");
        return process;
    }

    private ProgramResult Signal(string duringCall, string signal)
    {
        using var process = Started(duringCall);
        Send(process, signal);
        return Programs.Finish(process);
    }

    /// <summary>Signals less than a second apart count as one, so the second comes as soon as it counts.</summary>
    private static ProgramResult SendUntilItEnds(Process process)
    {
        var finished = Task.Run(() => Programs.Finish(process));
        Wait.Until(() =>
        {
            Programs.Run("kill", ["-TERM", $"{process.Id}"]);
            return finished.IsCompleted;
        }, "the run has ended");
        return finished.GetAwaiter().GetResult();
    }

    private static void Send(Process process, string signal) =>
        Programs.RunOrThrow("kill", [$"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
}
