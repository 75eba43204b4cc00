using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>Full and read-only file systems, and no descriptors left. The backup is made, and the report is true.</summary>
public sealed class FileSystemFaultTests(PushgatewayFixture gateway) : IClassFixture<PushgatewayFixture>
{
    private const string LastSuccess = "assimilator_last_success_timestamp_seconds";

    [Theory]
    [InlineData("full from the start", "head -c 200000 /dev/zero > $STATE/fill", "exit 0")]
    [InlineData("full from preexec on", ":", "head -c 200000 /dev/zero > $STATE/fill 2>/dev/null; exit 0")]
    public void A_full_state_directory_wants_attention_and_never_sets_the_last_success_back(string what, string before, string preexec)
    {
        using var backup = Backup();
        backup.AddScript("preexec", "1", preexec);
        var state = $"$(ls {backup.Directory["state"]})";
        // Two runs on the same small file system: a success that cannot be written down, then a failure.
        var result = InRoot(backup, ["--size", "65536", "--tmpfs", backup.Directory.MakeDirectory("state")], $$"""
            {{before}} 2>/dev/null
            '{{Repository.Binary}}' -c '{{backup.WriteConfiguration()}}'; echo first $?
            touch '{{backup.Directory["fail"]}}'
            '{{Repository.Binary}}' -c '{{backup.ConfigurationFile}}'; echo second $? {{state}}
            """);
        Assert.True(result.Output.Contains("first 1\n", StringComparison.Ordinal), $"{what}: {result}");
        Assert.Contains("second 2 ", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", result.Output, StringComparison.Ordinal);
        Assert.Contains("warning: cannot write ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", result.Error, StringComparison.Ordinal);
        var samples = gateway.Server.Samples(backup.Label);
        Assert.Equal(2, samples["assimilator_return_code"]);
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - samples[LastSuccess], -1, 60);
    }

    [Fact]
    public void A_limit_on_the_size_of_files_is_said_and_reported()
    {
        using var backup = Backup();
        // It reaches children, too: these write nothing.
        backup.Set("borg", "path", backup.Directory.WriteScript("borg", $"{TestBackup.StandInVersion}\necho '{TestBackup.StandInJson}'"));
        var result = Programs.Run("/bin/sh",
            ["-c", $"ulimit -f 0; exec '{Repository.Binary}' -c '{backup.WriteConfiguration()}'"], backup.Environment);
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains(
            ".json: the file size limit is too low (ulimit -f, LimitFSIZE=)\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, gateway.Server.Samples(backup.Label)["assimilator_return_code"]);
    }

    [Fact]
    public void A_failed_run_on_a_full_disk_does_not_take_the_state_away()
    {
        using var backup = Backup();
        var run = $"'{Repository.Binary}' -c '{backup.WriteConfiguration()}'";
        var result = InRoot(backup, ["--size", "65536", "--tmpfs", backup.Directory.MakeDirectory("state")], $"""
            {run}
            head -c 200000 /dev/zero > $STATE/fill
            touch '{backup.Directory["fail"]}'
            {run}
            cat $STATE/*.json
            """);
        Assert.Contains("\"last_success\": ", result.Output, StringComparison.Ordinal);
        Assert.Contains("warning: cannot write ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_directory_that_became_read_only_does_not_set_the_last_success_back()
    {
        using var backup = Backup();
        Assert.Equal(0, backup.Run().ExitCode);
        var first = gateway.Server.Samples(backup.Label)[LastSuccess];
        string[] readOnly = ["--ro-bind", backup.Directory["state"], backup.Directory["state"]];
        var command = $"exec '{Repository.Binary}' -c '{backup.ConfigurationFile}'";
        var result = InRoot(backup, readOnly, command);
        Assert.True(result.ExitCode == 1, result.ToString());
        var second = gateway.Server.Samples(backup.Label)[LastSuccess];
        Assert.True(second > first);
        backup.Directory.Write("fail", "");
        Assert.Equal(2, InRoot(backup, readOnly, command).ExitCode);
        Assert.Equal(second, gateway.Server.Samples(backup.Label)[LastSuccess]);
    }

    [Fact]
    public void Everything_read_only_and_no_tmp_is_no_problem_with_a_place_for_the_state()
    {
        using var backup = Backup();
        backup.WriteConfiguration();
        var state = backup.Directory.MakeDirectory("state");
        var result = Programs.Run("bwrap",
            ["--ro-bind", "/", "/", "--dev", "/dev", "--tmpfs", "/var", "--bind", backup.Directory.Path, backup.Directory.Path,
                "--bind", state, state, Repository.Binary, "-c", backup.ConfigurationFile], backup.Environment);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    [Fact]
    public void Without_descriptors_for_a_child_the_failure_is_reported()
    {
        using var backup = Backup();
        backup.Set("pushgateway", "retries", "0");
        var file = backup.WriteConfiguration();
        // With too few for the lock, the state and the push nothing can be reported; with more than these, borg runs.
        // How many the runtime itself needs differs from machine to machine.
        var codes = new List<int>();
        for (var limit = 20; codes.LastOrDefault() == 0; limit--)
        {
            var result = Programs.Run("sh", ["-c", $"ulimit -n {limit}; exec '{Repository.Binary}' -c '{file}'"], backup.Environment);
            Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
            codes.Add(result.ExitCode);
            Assert.Equal(codes[^1], gateway.Server.Samples(backup.Label)["assimilator_return_code"]);
        }
        Assert.Equal(2, codes[^1]);
    }

    [Theory]
    [InlineData(">&-")]
    [InlineData("2>&-")]
    [InlineData("<&- >&- 2>&-")]
    [InlineData(">/dev/full 2>/dev/full")]
    [InlineData("| head -n 0")]
    public void A_terminal_that_is_gone_does_not_end_the_run(string redirection)
    {
        using var backup = Backup().AddScript("postexec", "1");
        Programs.Run("sh", ["-c", $"'{Repository.Binary}' -c '{backup.WriteConfiguration()}' {redirection}"], backup.Environment);
        Assert.Equal(["create", "postexec-1"], backup.Calls());
        // Nothing was written to a file that got the number of a closed stream.
        Assert.Equal(0, new FileInfo(backup.Directory[$"state/{backup.Label}.lock"]).Length);
        Assert.Equal(0, gateway.Server.Samples(backup.Label)["assimilator_return_code"]);
        Assert.True(backup.Memory().TryGetProperty("last_success", out _));
    }

    [Fact]
    public void A_state_of_another_owner_is_left_alone_by_a_failure_and_replaced_by_a_success()
    {
        using var backup = Backup();
        gateway.Server.PutLastSuccess(backup.Label, 12345);
        backup.Directory.MakeDirectory("state");
        backup.WriteConfiguration();
        const string content = """{"version": 1, "last_success": "2020-01-01T00:00:00+00:00"}""";
        var state = backup.Directory.Write($"state/{backup.Label}.json", content);
        var fail = backup.Directory.Write("fail", "");
        Users.GiveToUnprivileged(backup);
        Users.RunAsRoot("chown", "root:root", state);

        var failed = Users.RunUnprivileged(backup);
        Assert.True(failed.ExitCode == 2, failed.ToString());
        Assert.Contains($"warning: cannot use the state: {state} cannot be read: permission denied\n", failed.Error, StringComparison.Ordinal);
        Assert.Equal(content, Users.RunAsRoot("cat", state));
        Assert.Equal(12345, gateway.Server.Samples(backup.Label)[LastSuccess]);

        Users.RunAsRoot("rm", fail);
        Assert.Equal(0, Users.RunUnprivileged(backup).ExitCode);
        Assert.True(gateway.Server.Samples(backup.Label)[LastSuccess] > 12345);
        Assert.Contains("stand-in", backup.StateText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_success_in_the_future_is_not_believed()
    {
        using var backup = Backup();
        backup.Directory.MakeDirectory("state");
        backup.Directory.Write($"state/{backup.Label}.json", """{"version": 1, "last_success": "2099-01-01T00:00:00+00:00"}""");
        backup.Directory.Write("fail", "");
        gateway.Server.PutLastSuccess(backup.Label, 4070908800);
        var result = backup.Run();
        Assert.Contains("2099-01-01 00:00:00Z, lies in the future", result.Error, StringComparison.Ordinal);
        // Neither believed nor replaced by another made-up time, and the gateway does not keep it either.
        Assert.DoesNotContain(LastSuccess, gateway.Server.Samples(backup.Label).Keys);
        // Also if that report was lost.
        gateway.Server.PutLastSuccess(backup.Label, 4070908800);
        Assert.Equal(2, backup.Run().ExitCode);
        Assert.DoesNotContain(LastSuccess, gateway.Server.Samples(backup.Label).Keys);
        File.Delete(backup.Directory["fail"]);
        Assert.Equal(1, backup.Run().ExitCode);
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - gateway.Server.Samples(backup.Label)[LastSuccess], -1, 60);
        Assert.Equal(0, backup.Run().ExitCode);
    }

    [Fact]
    public void A_clock_that_was_set_back_a_little_does_not_set_the_last_success_back()
    {
        using var backup = Backup();
        backup.Directory.MakeDirectory("state");
        var ahead = DateTimeOffset.UtcNow.AddHours(1);
        backup.Directory.Write($"state/{backup.Label}.json", $$"""{"version": 1, "last_success": "{{ahead:O}}"}""");
        Assert.Equal(0, backup.Run().ExitCode);
        Assert.Equal(ahead.ToUnixTimeMilliseconds() / 1000.0, gateway.Server.Samples(backup.Label)[LastSuccess]);
    }

    [Fact]
    public void A_gateway_that_lost_its_memory_learns_the_last_success_again_from_a_failed_run()
    {
        using var backup = Backup();
        Assert.Equal(0, backup.Run().ExitCode);
        var success = gateway.Server.Samples(backup.Label)[LastSuccess];
        using var restarted = new PushgatewayServer();
        backup.Set("pushgateway", "url", restarted.Url).Directory.Write("fail", "");
        Assert.Equal(2, backup.Run().ExitCode);
        Assert.Equal(success, restarted.Samples(backup.Label)[LastSuccess]);
    }

    /// <summary>A backup whose borg fails once the file <c>fail</c> is there.</summary>
    private TestBackup Backup()
    {
        var backup = new TestBackup(gateway.Server) { Label = $"files-{Guid.NewGuid():N}" };
        backup.Environment["STATE"] = backup.Directory["state"];
        return backup.WithStandIn(create: $"[ -e '{backup.Directory["fail"]}' ] && exit 2; echo \"$JSON\"");
    }

    private static ProgramResult InRoot(TestBackup backup, string[] mounts, string script) => Programs.Run(
        "bwrap", ["--bind", "/", "/", "--dev", "/dev", "--proc", "/proc", .. mounts, "sh", "-c", script], backup.Environment);
}
