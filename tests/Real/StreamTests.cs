using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>The output of a command as an archive: all of it, or no archive.</summary>
public sealed class StreamTests(PushgatewayFixture gateway) : IClassFixture<PushgatewayFixture>
{
    private const string File = "dumps/shop.sql";

    /// <summary>Far more than a pipe holds: borg has begun when it comes to its end.</summary>
    private const string Much = "head -c 5000000 /dev/urandom";

    [Fact]
    public void The_output_becomes_an_archive_of_its_own()
    {
        using var backup = Backup($"env > '{{0}}'; echo a note >&2; printf 'insert \\0 1;\\n'");
        var result = backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"warning: {File}: a note", result.Error, StringComparison.Ordinal);
        var archive = Assert.Single(backup.Archives(), name => name.EndsWith("Z-dumps-shop.sql", StringComparison.Ordinal));
        Assert.Equal("insert \0 1;\n", backup.Borg("extract", "--stdout", $"{backup.Location}::{archive}", File));
        Assert.Equal(2, backup.Archives().Count);
        var environment = System.IO.File.ReadAllText(backup.Directory["seen"]);
        Assert.Contains($"ASSIMILATOR_STREAM={File}\n", environment, StringComparison.Ordinal);
        Assert.DoesNotContain(TestBackup.Passphrase, environment, StringComparison.Ordinal);
        var samples = gateway.Server.Samples(backup.Label);
        Assert.Equal(0, samples[$"assimilator_stream_return_code{{{File}}}"]);
        Assert.Equal(1, samples[$"assimilator_create_files_count{{{File}}}"]);
        Assert.Single(samples.Keys, name => name.StartsWith("assimilator_all_archives_original_size_bytes", StringComparison.Ordinal));
        Assert.True(samples[$"assimilator_last_success_timestamp_seconds{{{File}}}"] >= samples["assimilator_last_success_timestamp_seconds"]);
    }

    [Theory]
    // The exit code as the metric has it, and whether borg had been started.
    [InlineData("exec no-such-command", 127, false)]
    [InlineData("exit 3", 3, false)]
    [InlineData("exit 0", 0, false)]
    [InlineData("exec >&-; exit 0", 0, false)]
    [InlineData($"{Much}; exit 3", 3, true)]
    [InlineData($"{Much}; exec >&-; sleep 0.3; exit 3", 3, true)]
    [InlineData($"{Much}; kill -9 $$", 137, true)]
    [InlineData($"{Much}; exit 75", 75, true)]
    [InlineData("sleep 1000", 143, false)]
    [InlineData($"{Much}; sleep 1000", 143, true)]
    [InlineData($"{Much}; trap 'exit 0' TERM; sleep 1000 & wait", 124, true)]
    [InlineData($"trap '' TERM; {Much}; while :; do sleep 0.1; done", 137, true)]
    [InlineData($"sleep 1000 & {Much}", 124, true)]
    public void A_command_that_fails_leaves_no_archive(string command, int returnCode, bool hasBorg)
    {
        using var backup = Backup(command).Set("hooks", "timeout", "3s").Set("backup", "shutdown_timeout", "6s").AddScript("postexec", "1");
        var result = backup.Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        // Neither as an archive nor as a checkpoint; the paths have theirs.
        Assert.DoesNotContain(File.Split('/')[1], string.Concat(backup.Archives()), StringComparison.Ordinal);
        Assert.Single(backup.Archives());
        Assert.Equal("error", Assert.Single(Errors(result)).Split(": ")[1]);
        var samples = gateway.Server.Samples(backup.Label);
        Assert.Equal(returnCode, samples[$"assimilator_stream_return_code{{{File}}}"]);
        Assert.Equal(hasBorg, samples.ContainsKey($"assimilator_create_return_code{{{File}}}"));
        Assert.Equal(0, samples["assimilator_create_return_code"]);
        Assert.Equal(0, samples["assimilator_postexec_return_code"]);
        Assert.DoesNotContain($"assimilator_last_success_timestamp_seconds{{{File}}}", samples.Keys);
        Assert.Equal(1, samples[$"assimilator_runs_without_archive{{{File}}}"]);
        Assert.Empty(LeftBehind(backup));
    }

    /// <summary>The real one does that once in a while on a busy machine.</summary>
    [Fact]
    public void A_borg_that_missed_the_signal_is_woken()
    {
        using var backup = new TestBackup(gateway.Server) { Label = $"woken-{Guid.NewGuid():N}" };
        backup.Set("streams", File, backup.Directory.WriteScript("dump", $"echo a; until [ -e '{backup.Directory["ready"]}' ]; do sleep 0.05; done; exit 3"));
        backup.WithStandIn(create: $"""
            case "$*" in *--stdin-name*)
                trap '' TERM
                trap 'touch "{backup.Directory["woken"]}"; exit 143' USR1
                touch "{backup.Directory["ready"]}"
                while :; do sleep 0.05; done ;;
            esac
            echo "$JSON"
            """);
        Assert.Equal(2, backup.Run().ExitCode);
        Assert.True(System.IO.File.Exists(backup.Directory["woken"]));
        Assert.Equal(143, gateway.Server.Samples(backup.Label)[$"assimilator_create_return_code{{{File}}}"]);
    }

    [Fact]
    public void After_a_failure_the_last_success_stays_and_the_next_run_is_a_good_one()
    {
        using var backup = Backup($"[ ! -e '{{0}}' ] || {{ {Much}; kill -9 $$; }}; echo good").Set("retention", "secondly", "9");
        Assert.Equal(0, backup.Run().ExitCode);
        var before = gateway.Server.Samples(backup.Label);
        backup.Directory.Write("seen", "");
        Assert.Equal(2, backup.Run().ExitCode);
        var after = gateway.Server.Samples(backup.Label);
        var lastSuccess = $"assimilator_last_success_timestamp_seconds{{{File}}}";
        Assert.Equal(before[lastSuccess], after[lastSuccess]);
        Assert.True(after["assimilator_last_success_timestamp_seconds"] > before["assimilator_last_success_timestamp_seconds"]);
        System.IO.File.Delete(backup.Directory["seen"]);
        var result = backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(5, backup.Archives().Count);
    }

    [Fact]
    public void If_we_are_killed_there_is_no_archive_either()
    {
        using var backup = Backup($"echo begun; touch '{{0}}'; {Much}; while [ -e '{{0}}' ]; do sleep 0.1; done; exit 3").Set("retention", "secondly", "9");
        using var process = backup.Start();
        Wait.Until(() => System.IO.File.Exists(backup.Directory["seen"])
            && LeftBehind(backup).Exists(line => line.Contains("--stdin-name", StringComparison.Ordinal)), "borg reads what the command writes");
        process.Kill();
        System.IO.File.Delete(backup.Directory["seen"]);
        Programs.Finish(process);
        Wait.Until(() => LeftBehind(backup).Count == 0, "borg has ended");
        Assert.Single(backup.Archives());
        backup.Set("streams", File, "/bin/echo good");
        var result = backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("never reported", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, gateway.Server.Samples(backup.Label)["assimilator_interrupted_runs"]);
        Assert.Equal(3, backup.Archives().Count);
    }

    [Fact]
    public void A_process_that_goes_on_writing_is_waited_for()
    {
        using var backup = Backup("{ sleep 1; echo late; } & echo early");
        var result = backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("early\nlate\n", backup.Borg("extract", "--stdout", $"{backup.Location}::{backup.Archives()[^1]}"));
    }

    [Fact]
    public void A_command_that_nobody_reads_any_more_is_ended_and_is_not_to_blame()
    {
        using var backup = Backup("cat /dev/urandom").Set("borg", "create_timeout", "3s");
        var result = backup.Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("timed out after 3 s", Errors(result)[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(Errors(result), error => error.Contains("the command", StringComparison.Ordinal));
        Assert.DoesNotContain($"assimilator_stream_return_code{{{File}}}", gateway.Server.Samples(backup.Label).Keys);
        Assert.Single(backup.Archives());
        Assert.Empty(LeftBehind(backup));
    }

    [Theory]
    [InlineData("echo; exec cat /dev/urandom")]
    [InlineData("exec sleep 1000")]
    public void A_signal_ends_both_and_is_reported(string command)
    {
        using var backup = Backup($"touch '{{0}}'; {command}").AddScript("postexec", "1");
        using var process = backup.Start();
        Wait.Until(() => System.IO.File.Exists(backup.Directory["seen"]), "the command runs");
        Programs.RunOrThrow("kill", ["-TERM", $"{process.Id}"]);
        var result = Programs.Finish(process);
        Assert.True(result.ExitCode == 143, result.ToString());
        var samples = gateway.Server.Samples(backup.Label);
        Assert.Equal(143, samples["assimilator_return_code"]);
        Assert.Equal(0, samples["assimilator_postexec_return_code"]);
        Assert.Single(backup.Archives());
        Assert.Empty(LeftBehind(backup));
    }

    [Fact]
    public void A_repository_that_is_full_in_the_middle_takes_no_archive()
    {
        using var backup = Backup("head -c 60000000 /dev/urandom").Set("retention", "daily", "7");
        var place = backup.Directory.MakeDirectory("small");
        backup.Set("repository", "location", $"{place}/repository");
        backup.WriteConfiguration();
        var script =
            $"""
            cp -r '{backup.Directory["repository"]}' '{place}/repository'
            '{Repository.Binary}' -c '{backup.ConfigurationFile}'; echo "run $?"
            '{Repository.Binary}' -c '{backup.ConfigurationFile}' borg -- list --short
            """;
        var result = Programs.Run(
            "bwrap", ["--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--size", "40000000", "--tmpfs", place, "/bin/sh", "-c", script],
            backup.Environment);
        Assert.Contains("run 2\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Z-dumps-shop.sql\n", result.Output, StringComparison.Ordinal);
        // The command has done nothing wrong, and was started once more after a compact.
        var samples = gateway.Server.Samples(backup.Label);
        Assert.DoesNotContain($"assimilator_stream_return_code{{{File}}}", samples.Keys);
        Assert.Equal(2, samples[$"assimilator_create_return_code{{{File}}}"]);
        Assert.Equal(0, samples["assimilator_compact_return_code"]);
        Assert.Empty(LeftBehind(backup));
    }

    [Fact]
    public void Each_repository_gets_the_output_of_a_command_of_its_own()
    {
        using var backup = Backup("echo \"$ASSIMILATOR_REPOSITORY\" | tee -a '{0}'").WithSecondRepository("local", "usb");
        var result = backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal([backup.Directory["repository"], backup.Directory["repository-usb"]], System.IO.File.ReadAllLines(backup.Directory["seen"]));
        var samples = gateway.Server.Samples(backup.Label);
        foreach (var repository in new[] { "local", "usb" })
            Assert.Equal(0, samples[$"assimilator_stream_return_code{{{repository} {File}}}"]);
        Assert.Contains("usb dumps/shop.sql: archive ", result.Output, StringComparison.Ordinal);
        var status = backup.Run("status").Output;
        Assert.Equal(4, status.Split('\n').Count(line => line.Contains("  OK  ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Without_paths_each_stream_is_pruned_checked_and_read_back()
    {
        using var backup = Backup("date +%N").Remove("paths").Set("streams", "b", "/bin/echo b")
            .Set("retention", "secondly", "2").Set("repository", "passcommand", "");
        backup.Remove("repository", "passcommand").Set("check", "every", "30d").Set("check", "restore_every", "7d");
        foreach (var count in new[] { 2, 4, 4 })
        {
            var result = backup.Run("run");
            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Equal(count, backup.Archives().Count);
            Wait.Until(() => DateTimeOffset.UtcNow.Millisecond < 200, "the next second");
        }
        var samples = gateway.Server.Samples(backup.Label);
        Assert.Equal((2, 1), (samples["assimilator_prune_kept_archives{b}"], samples[$"assimilator_prune_deleted_archives{{{File}}}"]));
        backup.AgeState("first_run", 31);
        var text = backup.Run();
        Assert.True(text.ExitCode == 0, text.ToString());
        samples = gateway.Server.Samples(backup.Label);
        Assert.Equal((0, 2592000), (samples["assimilator_check_return_code"], samples["assimilator_check_interval_seconds"]));
        Assert.Equal((1, 1), (samples["assimilator_restore_read_files{b}"], samples[$"assimilator_restore_read_files{{{File}}}"]));
        // One check for the whole repository.
        Assert.Single(text.Output.Split('\n'), line => line.Contains("checked in", StringComparison.Ordinal));
    }

    [Fact]
    public void The_passphrase_is_asked_for_once()
    {
        using var backup = Backup("echo x").Remove("repository", "passphrase_file");
        var command = backup.Directory.WriteScript("ask", $"echo asked >> '{backup.Directory["asked"]}'; echo '{TestBackup.Passphrase}'");
        var result = backup.Set("repository", "passcommand", command).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["asked"], System.IO.File.ReadAllLines(backup.Directory["asked"]));
    }

    [Fact]
    public void Ten_gigabytes_take_no_memory()
    {
        using var backup = new TestBackup(gateway.Server) { Label = $"stream-{Guid.NewGuid():N}" };
        // The stand-in for borg looks at the memory of its parent when all is through.
        backup.WithStandIn(create: $"wc -c > '{backup.Directory["bytes"]}'; grep VmHWM /proc/$PPID/status > '{backup.Directory["memory"]}'; echo \"$JSON\"")
            .Remove("paths").Set("streams", File, "/usr/bin/head -c 10000000000 /dev/zero");
        var result = backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("10000000000", System.IO.File.ReadAllText(backup.Directory["bytes"]).Trim());
        var peak = int.Parse(System.IO.File.ReadAllText(backup.Directory["memory"]).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(peak, 1, 40_000);
    }

    /// <summary>A backup of one path and of a shell script's output; <c>{0}</c> is a file for its notes.</summary>
    private TestBackup Backup(string script)
    {
        var backup = new TestBackup(gateway.Server) { Label = $"stream-{Guid.NewGuid():N}" }.WithRealBorg();
        return backup.Set("streams", File, backup.Directory.WriteScript("dump", script.Replace("{0}", backup.Directory["seen"], StringComparison.Ordinal)));
    }

    private static List<string> Errors(ProgramResult result) =>
        [.. result.Error.Split('\n').Where(line => line.Contains(": error: ", StringComparison.Ordinal))];

    /// <summary>What runs although its backup has ended.</summary>
    private static List<string> LeftBehind(TestBackup backup) =>
        [.. Programs.Run("ps", ["-eo", "pid,args"]).Output.Split('\n').Where(line => line.Contains(backup.Directory.Path, StringComparison.Ordinal))];
}
