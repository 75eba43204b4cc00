using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>What one run leaves to the next, and two runs at once.</summary>
public sealed class StateTests : IDisposable
{
    private const string LastSuccess = "assimilator_last_success_timestamp_seconds";

    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup;

    public StateTests() => _backup = new TestBackup(_gateway).WithStandIn();

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public void The_state_holds_what_the_next_run_must_know_and_only_its_owner_reads_it()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        var state = _backup.State();
        Assert.Equal(2, state.GetProperty("version").GetInt32());
        Assert.Equal(1004, state.GetProperty("archives")[0].GetProperty("stats").GetProperty("nfiles").GetInt64());
        Assert.False(state.TryGetProperty("run_in_progress", out _));
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        foreach (var file in Directory.GetFiles(_backup.Directory["state"]))
            Assert.Equal(ownerOnly, File.GetUnixFileMode(file));
        Assert.Equal(ownerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(_backup.Directory["state"]));
        Assert.Equal(["test.json", "test.lock"], Files());
    }

    /// <summary>A state that is too large would not be read by the next run.</summary>
    [Fact]
    public void A_run_with_many_long_problems_keeps_its_state_small()
    {
        _backup.WithStandIn(create: "head -c 9000000 /dev/zero | tr '\\0' 'x' | fold -w 60000 >&2; echo \"$JSON\"");
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.InRange(_backup.StateText().Length, 1, 200_000);
        Assert.Equal(100, _backup.State().GetProperty("last_report").GetProperty("problems").GetArrayLength());
    }

    [Fact]
    public void A_failed_run_keeps_the_last_success()
    {
        _backup.Run();
        var before = _gateway.Samples(TestBackup.Name)[LastSuccess];
        _backup.WithStandIn(create: "exit 2").Run();
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal(before, samples[LastSuccess]);
        Assert.Equal(2, samples["assimilator_return_code"]);
        // A report that knows the last success replaces the group: what did not happen this time is not there.
        Assert.DoesNotContain("assimilator_archive_original_size_bytes", samples.Keys);
        Assert.True(_backup.Memory().TryGetProperty("last_success", out _));
    }

    [Theory]
    [InlineData("torn", "{\"version\": 1, \"last_succ", "is damaged, or is not a state file of assimilator")]
    [InlineData("of the future", "{\"version\": 99}", "has version 99, expected 2")]
    [InlineData("empty", "", "is damaged, or is not a state file of assimilator")]
    [InlineData("null", "null", "has version 0, expected 2")]
    [InlineData("binary", "\0\0\0", "contains binary data, expected UTF-8 text")]
    public void An_unusable_state_is_put_aside_and_the_gateway_keeps_its_last_success(string what, string content, string problem)
    {
        _gateway.Put(TestBackup.Name, $"{LastSuccess} 12345\nassimilator_return_code 0\n");
        _backup.Directory.MakeDirectory("state");
        _backup.Directory.Write("state/test.json", content);
        var result = _backup.WithStandIn(create: "exit 2").Run();
        Assert.True(result.ExitCode == 2, $"{what}: {result}");
        Assert.Contains($"warning: cannot use the state: {_backup.Directory["state/test.json"]} {problem}\n", result.Error, StringComparison.Ordinal);
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal(12345, samples[LastSuccess]);
        Assert.Equal(2, samples["assimilator_return_code"]);
        Assert.Equal(content, File.ReadAllText(_backup.Directory["state/test.json.unreadable"]));
        Assert.Equal(0, _backup.WithStandIn().Run().ExitCode);
        Assert.True(_gateway.Samples(TestBackup.Name)[LastSuccess] > 12345);
    }

    [Fact]
    public void A_lost_state_and_failures_after_it_never_wipe_out_the_gateways_last_success()
    {
        _gateway.Put(TestBackup.Name, $"{LastSuccess} 12345\n");
        _backup.WithStandIn(create: "exit 2");
        _backup.Run();
        _backup.Run();
        Assert.Equal(12345, _gateway.Samples(TestBackup.Name)[LastSuccess]);
    }

    [Fact]
    public void A_run_that_was_killed_is_counted_by_the_next_and_forgotten_after_a_success()
    {
        for (var i = 0; i < 2; i++)
        {
            _backup.WithStandIn(create: "while :; do sleep 0.1; done");
            using var process = _backup.Start();
            Wait.Until(() => _backup.Calls().Count > i, "borg has begun");
            process.Kill();
            process.WaitForExit();
            // What it had started, it can no longer end.
            Programs.Run("pkill", ["-KILL", "-f", _backup.Directory["borg-stand-in"]]);
        }
        var result = _backup.WithStandIn().Run();
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("never reported", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, _gateway.Samples(TestBackup.Name)["assimilator_interrupted_runs"]);
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.Equal(0, _gateway.Samples(TestBackup.Name)["assimilator_interrupted_runs"]);
    }

    [Fact]
    public void A_second_run_waits_for_the_first()
    {
        using var first = Begin();
        using var second = _backup.Start();
        Release();
        Assert.Equal(0, Programs.Finish(first).ExitCode);
        var result = Programs.Finish(second);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["create", "create"], _backup.Calls());
    }

    [Fact]
    public void A_second_run_that_waited_too_long_reports_75_and_leaves_the_rest_alone()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        var before = _gateway.Samples(TestBackup.Name);
        _backup.Set("backup", "lock_wait", "1s");
        using var first = Begin(calls: 2);
        var second = _backup.Run();
        Assert.Equal(75, second.ExitCode);
        Assert.Contains("error: another run of test is still in progress after 1 s\n", second.Error, StringComparison.Ordinal);
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal(75, samples["assimilator_return_code"]);
        Assert.Equal(before[LastSuccess], samples[LastSuccess]);
        Assert.Equal(1001, samples["assimilator_archive_original_size_bytes"]);
        Release();
        Assert.Equal(0, Programs.Finish(first).ExitCode);
        Assert.Equal(0, _gateway.Samples(TestBackup.Name)["assimilator_return_code"]);
    }

    /// <summary>A first run that hangs has reported nothing yet; by that time an alert sees that there is no archive.</summary>
    [Fact]
    public void A_second_run_during_the_first_one_reports_when_that_one_began()
    {
        _backup.Set("backup", "lock_wait", "1s");
        using var first = Begin();
        Assert.Equal(75, _backup.Run().ExitCode);
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.InRange(samples["assimilator_first_run_timestamp_seconds"], 1, samples["assimilator_last_run_timestamp_seconds"] - 0.001);
        Assert.DoesNotContain("assimilator_runs_without_archive", samples.Keys);
        Release();
        Assert.Equal(0, Programs.Finish(first).ExitCode);
        Assert.Equal(samples["assimilator_first_run_timestamp_seconds"],
            _gateway.Samples(TestBackup.Name)["assimilator_first_run_timestamp_seconds"]);
    }

    [Fact]
    public void Runs_without_an_archive_are_counted_until_there_is_one()
    {
        foreach (var (create, expected) in new[] { ("exit 2", 1), ("exit 2", 2), ("echo \"$JSON\"", 0), ("exit 2", 1) })
        {
            _backup.WithStandIn(create: create).Run();
            Assert.Equal(expected, _gateway.Samples(TestBackup.Name)["assimilator_runs_without_archive"]);
        }
    }

    [Fact]
    public void A_signal_ends_the_wait_for_the_lock()
    {
        using var first = Begin();
        using var second = _backup.Start();
        Wait.Until(() => Programs.Run("grep", ["-qs", "SigCgt:.*[4-7c-f][0-9a-f][0-9a-f][0-9a-f]$", $"/proc/{second.Id}/status"]).ExitCode == 0,
            "the second run listens to signals");
        Programs.RunOrThrow("kill", ["-TERM", $"{second.Id}"]);
        Assert.Equal(143, Programs.Finish(second).ExitCode);
        Release();
        Assert.Equal(0, Programs.Finish(first).ExitCode);
    }

    [Fact]
    public void Without_a_place_for_the_lock_the_backup_is_made_and_wants_attention()
    {
        _backup.Directory.Write("state", "a file where the directory should be");
        var result = _backup.Run();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("assimilator: warning: running without a lock: ", result.Error, StringComparison.Ordinal);
        Assert.Equal(["create"], _backup.Calls());
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal(1, samples["assimilator_return_code"]);
        Assert.True(samples.ContainsKey(LastSuccess));
    }

    [Fact]
    public void The_state_directory_of_systemd_is_used()
    {
        _backup.Remove("state");
        _backup.Environment["STATE_DIRECTORY"] = _backup.Directory["from-systemd"];
        Assert.Equal(0, _backup.Run().ExitCode);
        Assert.True(File.Exists(_backup.Directory["from-systemd/test.json"]));
    }

    private IEnumerable<string?> Files() => Directory.GetFiles(_backup.Directory["state"]).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    /// <summary>Starts a run that holds the lock until <see cref="Release"/>.</summary>
    private System.Diagnostics.Process Begin(int calls = 1)
    {
        _backup.WithStandIn(create: $"until [ -e '{_backup.Directory["go"]}' ]; do sleep 0.05; done; echo \"$JSON\"");
        var process = _backup.Start();
        Wait.Until(() => _backup.Calls().Count == calls, "borg has begun");
        return process;
    }

    private void Release() => _backup.Directory.Write("go", "");
}
