using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>Section 2 of the contract, row by row: what ran and what did not, the exit code, and what the real Pushgateway
/// then serves.</summary>
public sealed class OutcomeTests : IDisposable
{
    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup;

    public OutcomeTests()
    {
        _backup = new TestBackup(_gateway).WithStandIn().Set("retention", "daily", "7")
            .AddScript("preexec", "1").AddScript("postexec", "1");
    }

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public void Everything_succeeds()
    {
        Expect(0, "preexec-1 create prune compact postexec-1");
        Serves(("assimilator_create_return_code", 0), ("borg_prune_return_code", 0), ("assimilator_compact_return_code", 0),
            ("assimilator_preexec_return_code", 0), ("assimilator_postexec_return_code", 0),
            ("assimilator_create_files_count", 1004));
        Knows_last_success(true);
    }

    [Fact]
    public void A_failed_preexec_script_stops_the_list_and_borg()
    {
        _backup.AddScript("preexec", "2", "exit 3").AddScript("preexec", "3");
        var result = Expect(2, "preexec-1 preexec-2 postexec-1");
        Assert.Contains("assimilator: error: preexec 2 exited with code 3: ", result.Error, StringComparison.Ordinal);
        Serves(("assimilator_preexec_return_code", 3), ("assimilator_postexec_return_code", 0));
        Lacks("assimilator_create_return_code", "borg_prune_return_code", "assimilator_compact_return_code",
            "assimilator_archive_original_size_bytes");
        Knows_last_success(false);
    }

    [Fact]
    public void A_failed_preexec_script_does_not_stop_borg_when_it_is_told_to_continue()
    {
        _backup.AddScript("preexec", "2", "exit 3").AddScript("preexec", "3").Set("hooks", "on_failure", "continue");
        Expect(1, "preexec-1 preexec-2 create prune compact postexec-1");
        Serves(("assimilator_preexec_return_code", 3), ("assimilator_create_return_code", 0));
        Knows_last_success(true);
    }

    [Theory]
    [InlineData("abort")]
    [InlineData("continue")]
    public void A_preexec_script_can_skip_the_run(string onFailure)
    {
        _backup.AddScript("preexec", "2", "exit 75").AddScript("preexec", "3").Set("hooks", "on_failure", onFailure);
        var result = Expect(75, "preexec-1 preexec-2 postexec-1");
        Assert.DoesNotContain("error", result.Everything, StringComparison.Ordinal);
        Serves(("assimilator_preexec_return_code", 75));
        Lacks("assimilator_create_return_code");
    }

    [Fact]
    public void A_preexec_script_that_takes_too_long_is_ended()
    {
        _backup.AddScript("preexec", "2", "sleep 1000").Set("hooks", "timeout", "1s");
        var result = Expect(2, "preexec-1 preexec-2 postexec-1");
        Assert.Contains("error: preexec 2 timed out after 1 s: ", result.Error, StringComparison.Ordinal);
        Serves(("assimilator_preexec_return_code", 143));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(75)]
    public void A_preexec_script_that_was_cut_short_has_failed_whatever_it_says(int says)
    {
        _backup.AddScript("preexec", "2", $"trap 'exit {says}' TERM; while :; do sleep 0.05; done").Set("hooks", "timeout", "1s");
        var result = Expect(2, "preexec-1 preexec-2 postexec-1");
        Assert.Contains("error: preexec 2 timed out after 1 s: ", result.Error, StringComparison.Ordinal);
        Serves(("assimilator_preexec_return_code", 124), ("assimilator_timed_out_processes", 1));
    }

    [Fact]
    public void A_borg_that_was_cut_short_has_made_no_archive_unless_it_says_so()
    {
        _backup.WithStandIn(create: "trap 'exit 0' TERM; while :; do sleep 0.05; done").Set("borg", "create_timeout", "1s");
        Expect(2, "preexec-1 create postexec-1");
        Knows_last_success(false);
    }

    [Fact]
    public void What_preexec_left_running_on_purpose_outlives_a_borg_that_is_killed()
    {
        var pidFile = _backup.Directory["tunnel.pid"];
        _backup.AddScript("preexec", "2", $"setsid sleep 1000 > /dev/null 2>&1 & echo $! > '{pidFile}'")
            .WithStandIn(create: "trap '' TERM; while :; do sleep 0.05; done")
            .Set("borg", "create_timeout", "1s").Set("backup", "shutdown_timeout", "3s");
        try
        {
            Expect(2, "preexec-1 preexec-2 create postexec-1");
            Assert.True(Directory.Exists($"/proc/{File.ReadAllText(pidFile).Trim()}"), "the tunnel was killed");
        }
        finally
        {
            Programs.Run("kill", [File.ReadAllText(pidFile).Trim()]);
        }
    }

    [Fact]
    public void An_archive_without_files_is_made_but_prunes_nothing()
    {
        _backup.WithStandIn(create: "echo \"$JSON\" | sed s/1004/0/");
        var result = Expect(1, "preexec-1 create postexec-1");
        Assert.Contains("warning: the archive contains no files, so nothing is pruned\n", result.Error, StringComparison.Ordinal);
        Serves(("assimilator_create_files_count", 0));
    }

    [Fact]
    public void A_missing_path_ends_the_run_before_borg()
    {
        _backup.Set("paths", "2", "/nonexistent/path");
        var result = Expect(2, "preexec-1 postexec-1");
        Assert.Contains("assimilator: error: the path /nonexistent/path does not exist\n", result.Error, StringComparison.Ordinal);
        Lacks("assimilator_create_return_code", "assimilator_create_duration_seconds");
    }

    [Fact]
    public void A_missing_path_can_be_left_to_borg()
    {
        _backup.Set("paths", "2", "/nonexistent/path").Set("backup", "paths_must_exist", "false");
        Expect(1, "preexec-1 create postexec-1");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(107)]
    [InlineData(127)]
    public void A_warning_of_borg_with_an_archive_goes_on(int returnCode)
    {
        _backup.WithStandIn(create: $"echo \"$JSON\"; exit {returnCode}");
        Expect(1, "preexec-1 create prune compact postexec-1");
        Serves(("assimilator_create_return_code", returnCode), ("assimilator_archive_original_size_bytes", 1001));
        Knows_last_success(true);
    }

    [Fact]
    public void A_warning_of_borg_without_an_archive_prunes_nothing()
    {
        _backup.WithStandIn(create: "exit 1");
        Expect(2, "preexec-1 create postexec-1");
        Serves(("assimilator_create_return_code", 1));
        Lacks("borg_prune_return_code", "assimilator_archive_original_size_bytes");
        Knows_last_success(false);
    }

    [Theory]
    [InlineData("exit 2", 2)]
    [InlineData("exit 99", 99)]
    [InlineData("exit 137", 137)]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("kill -SEGV $$", 139)]
    public void An_error_of_borg_is_never_a_success_even_with_good_json(string end, int returnCode)
    {
        _backup.WithStandIn(create: $"echo \"$JSON\"; {end}");
        Expect(2, "preexec-1 create postexec-1");
        Serves(("assimilator_create_return_code", returnCode));
        Lacks("borg_prune_return_code", "assimilator_compact_return_code");
        Knows_last_success(false);
    }

    [Fact]
    public void A_failed_prune_skips_compact()
    {
        _backup.WithStandIn(prune: "exit 2");
        Expect(1, "preexec-1 create prune postexec-1");
        Serves(("borg_prune_return_code", 2), ("assimilator_create_return_code", 0));
        Lacks("assimilator_compact_return_code", "assimilator_prune_kept_archives");
        Knows_last_success(true);
    }

    [Fact]
    public void A_prune_that_warns_does_not_skip_compact()
    {
        _backup.WithStandIn(prune: "exit 1");
        Expect(1, "preexec-1 create prune compact postexec-1");
        Serves(("borg_prune_return_code", 1), ("assimilator_compact_return_code", 0));
    }

    [Fact]
    public void A_failed_compact_is_reported()
    {
        _backup.WithStandIn(compact: "exit 2");
        Expect(1, "preexec-1 create prune compact postexec-1");
        Serves(("assimilator_compact_return_code", 2), ("borg_prune_return_code", 0));
    }

    [Fact]
    public void Every_postexec_script_runs_even_after_one_that_failed()
    {
        _backup.AddScript("postexec", "0", "exit 4").AddScript("postexec", "2", "exit 5");
        Expect(1, "preexec-1 create prune compact postexec-0 postexec-1 postexec-2");
        Serves(("assimilator_postexec_return_code", 4), ("assimilator_create_return_code", 0));
        Knows_last_success(true);
    }

    [Fact]
    public void Without_retention_nothing_is_pruned()
    {
        _backup.Remove("retention");
        Expect(0, "preexec-1 create postexec-1");
        Lacks("borg_prune_return_code", "assimilator_compact_return_code");
    }

    [Theory]
    [InlineData("echo \"$JSON\"; exit 107", 0, "preexec-1 create prune compact postexec-1")]
    [InlineData("echo \"$JSON\"; exit 105", 1, "preexec-1 create prune compact postexec-1")]
    [InlineData("exit 107", 2, "preexec-1 create postexec-1")]
    public void A_warning_that_is_accepted_is_no_problem_if_there_is_an_archive(string create, int exitCode, string calls)
    {
        _backup.WithStandIn(create: create).Set("backup", "accept", "100, 107");
        Expect(exitCode, calls);
    }

    [Fact]
    public void Postexec_can_run_before_prune()
    {
        _backup.Set("hooks", "postexec_after", "create");
        Expect(0, "preexec-1 create postexec-1 prune compact");
        _backup.WithStandIn(create: "exit 2");
        File.Delete(_backup.Directory["calls"]);
        Expect(2, "preexec-1 create postexec-1");
    }

    [Fact]
    public void Compact_can_be_left_out()
    {
        _backup.Set("retention", "compact", "no");
        Expect(0, "preexec-1 create prune postexec-1");
        Lacks("assimilator_compact_return_code");
    }

    [Fact]
    public void Scripts_learn_what_happened_and_no_secret()
    {
        _backup.Environment["BORG_PASSPHRASE"] = "inherited secret";
        _backup.Set("backup", "interval", "1d").WithStandIn(prune: "exit 2")
            .AddScript("postexec", "2", $"env > '{_backup.Directory["script-environment"]}'");
        _backup.Run();
        var environment = File.ReadAllText(_backup.Directory["script-environment"]);
        foreach (var expected in new[]
        {
            "STEP=postexec", "BACKUP=test", $"REPOSITORY={_backup.Location}", $"CONFIG_FILE={_backup.ConfigurationFile}",
            "ARCHIVE=stand-in", "PREEXEC_RETURN_CODE=0", "CREATE_RETURN_CODE=0", "PRUNE_RETURN_CODE=2", "OUTCOME=warning",
        })
            Assert.Contains($"ASSIMILATOR_{expected}\n", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("ASSIMILATOR_COMPACT_RETURN_CODE", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", environment, StringComparison.Ordinal);
        Assert.DoesNotContain(TestBackup.Passphrase, environment, StringComparison.Ordinal);
    }

    private ProgramResult Expect(int exitCode, string calls)
    {
        var result = _backup.Run();
        Assert.True(exitCode == result.ExitCode, result.ToString());
        Assert.Equal(calls, string.Join(' ', _backup.Calls()));
        Serves(("assimilator_return_code", exitCode));
        return result;
    }

    private void Serves(params (string Name, double Value)[] expected)
    {
        var samples = _gateway.Samples(TestBackup.Name);
        foreach (var (name, value) in expected)
            Assert.Equal((name, value), (name, samples.GetValueOrDefault(name, double.NaN)));
    }

    private void Lacks(params string[] names) => Assert.Empty(names.Intersect(_gateway.Samples(TestBackup.Name).Keys));

    private void Knows_last_success(bool expected)
    {
        Assert.Equal(expected, _gateway.Samples(TestBackup.Name).ContainsKey("assimilator_last_success_timestamp_seconds"));
        Assert.Equal(expected, _backup.Memory().TryGetProperty("last_success", out _));
    }
}
