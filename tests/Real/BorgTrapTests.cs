using System.Diagnostics;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>What borg does that nobody expects, and what becomes of it.</summary>
public sealed class BorgTrapTests : IDisposable
{
    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup;

    public BorgTrapTests() => _backup = new TestBackup(_gateway).WithRealBorg()
        .Set("backup", "archive", "web-{utcnow:%Y-%m-%dT%H:%M:%S.%f}");

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Theory]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("exit 2", 2)]
    public void An_archive_that_was_complete_when_borg_was_killed_counts(string end, int returnCode)
    {
        _backup.Set("retention", "daily", "3").Set("borg", "path", _backup.Directory.WriteScript("borg-killed", $$"""
            [ "$1" = create ] || exec borg "$@"
            borg "$@"
            {{end}}
            """));
        var result = _backup.Run();
        Assert.True(result.ExitCode == 1, result.ToString());
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal(returnCode, samples["assimilator_create_return_code"]);
        Assert.Contains("assimilator_last_success_timestamp_seconds", samples.Keys);
        Assert.DoesNotContain("borg_prune_return_code", samples.Keys);
        Assert.Contains(_backup.Archives()[0], result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_older_archive_is_none_of_a_create_that_was_killed()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        _backup.Set("borg", "path", _backup.Directory.WriteScript("borg-killed",
            "[ \"$1\" = create ] && kill -KILL $$\nexec borg \"$@\""));
        Assert.Equal(2, _backup.Run().ExitCode);
        Assert.Equal(137, _gateway.Samples(TestBackup.Name)["assimilator_create_return_code"]);
    }

    /// <summary>Archives were deleted, but their space is still taken: only a compact helps.</summary>
    [Fact]
    public void A_full_repository_is_compacted_once_and_then_takes_the_archive()
    {
        var full = InSmallRepository(firstSize: 30, secondSize: 55);
        Assert.True(full.Output.Contains("run 1\n", StringComparison.Ordinal), full.ToString());
        Assert.Contains("run 1\n", full.Output, StringComparison.Ordinal);
        Assert.Contains("no space left: compacting the repository", full.Error, StringComparison.Ordinal);
        var samples = _gateway.Samples(TestBackup.Name);
        Assert.Equal((0, 0), (samples["assimilator_create_return_code"], samples["assimilator_compact_return_code"]));
        Assert.Contains("assimilator_last_success_timestamp_seconds", samples.Keys);
    }

    [Fact]
    public void An_append_only_repository_that_is_full_is_never_compacted()
    {
        _backup.Set("repository", "append_only", "true");
        var full = InSmallRepository(firstSize: 30, secondSize: 55);
        Assert.Contains("run 2\n", full.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("assimilator_compact_return_code", _gateway.Samples(TestBackup.Name).Keys);
        Assert.Contains("hint: free space ", full.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_passcommand_runs_once()
    {
        var command = _backup.Directory.WriteScript("passcommand",
            $"echo x >> '{_backup.Directory["asked"]}'; echo '{TestBackup.Passphrase}'");
        _backup.Remove("repository", "passphrase_file").Set("repository", "passcommand", command)
            .Set("retention", "daily", "1").Set("retention", "compact", "always");
        var result = _backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Single(File.ReadAllLines(_backup.Directory["asked"]));
    }

    [Fact]
    public void What_a_passcommand_says_shows_no_passphrase()
    {
        _backup.Remove("repository", "passphrase_file").Set("repository", "passcommand", _backup.Directory.WriteScript("passcommand",
            $"echo 'it is {TestBackup.Passphrase}, really' >&2; echo '{TestBackup.Passphrase}'"));
        var result = _backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("passcommand: it is ***, really", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(TestBackup.Passphrase, _backup.StateText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sleep 1000", "timed out after 1 s")]
    [InlineData("exit 3", "exited with code 3")]
    [InlineData("true", "printed nothing")]
    [InlineData("printf 'a\\nb\\n'", "printed more than one line")]
    public void A_passcommand_that_fails_is_an_error_in_bounded_time(string body, string problem)
    {
        _backup.Remove("repository", "passphrase_file").Set("hooks", "timeout", "1s")
            .Set("repository", "passcommand", _backup.Directory.WriteScript("passcommand", body));
        var result = _backup.Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"error: passcommand {problem}", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, _gateway.Samples(TestBackup.Name)["assimilator_return_code"]);
    }

    [Fact]
    public void Who_holds_the_lock_is_said_while_borg_waits()
    {
        _backup.Set("repository", "lock_wait", "60s");
        using var holder = Hold(seconds: 4);
        var result = _backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"{_backup.Location} is locked by process ", result.Output, StringComparison.Ordinal);
        Assert.Contains("borg waits up to 1 min", result.Output, StringComparison.Ordinal);
        Programs.Finish(holder);
    }

    [Fact]
    public void A_lock_that_stays_is_an_error_that_names_its_holder()
    {
        _backup.Set("repository", "lock_wait", "1s").Set("logging", "level", "warning");
        using var holder = Hold(seconds: 1000);
        var result = _backup.Run();
        holder.Kill(entireProcessTree: true);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"error: {_backup.Location} is locked by process ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(" list ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_holds_the_lock_is_said_to_whoever_lists()
    {
        _backup.Set("repository", "lock_wait", "60s");
        using var holder = Hold(seconds: 4);
        var result = _backup.Run("list");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"{_backup.Location} is locked by process ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("locked", result.Output, StringComparison.Ordinal);
        Programs.Finish(holder);
    }

    [Fact]
    public void A_host_that_comes_up_late_is_tried_again()
    {
        var location = _backup.Location;
        _backup.Set("repository", "location", $"ssh://root@127.0.0.1:{Server.FreePort()}/srv/borg").Set("repository", "connect_wait", "8s")
            .Set("borg", "path", _backup.Directory.WriteScript("borg-late", $$"""
                {{TestBackup.StandInVersion}}
                [ -e '{{_backup.Directory["up"]}}' ] && exec borg create --json --log-json '{{location}}::late' '{{_backup.Directory["source"]}}'
                touch '{{_backup.Directory["up"]}}'
                exec borg "$@"
                """));
        var result = _backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("Connection refused: trying again", result.Error, StringComparison.Ordinal);
        Assert.Equal("late\n", _backup.Borg("list", "--short", location));
    }

    [Fact]
    public void A_host_that_stays_away_is_an_error_in_bounded_time()
    {
        _backup.Set("repository", "location", $"ssh://root@127.0.0.1:{Server.FreePort()}/srv/borg").Set("repository", "connect_wait", "2s");
        var result = _backup.Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("warning: borg: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("Connection refused", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_borg_was_asked_to_list_is_shown()
    {
        _backup.Set("borg", "create_arguments", "--list --filter=A");
        Assert.Contains($"borg: A {_backup.Directory["source"]}/file\n", _backup.Run().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_command_of_borg_runs_with_the_configured_repository()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        var archive = Assert.Single(_backup.Archives());
        Assert.Equal($"{archive}\n", Borg("list", "--short").Output);
        Assert.Contains("source/file", Borg("list", $"::{archive}").Output, StringComparison.Ordinal);
        Assert.Equal(2, Borg("list", "::nothing").ExitCode);
        Assert.Equal(0, Borg("break-lock").ExitCode);
        // It works where it was started.
        var target = _backup.Directory.MakeDirectory("target");
        var extracted = Programs.Run("sh", ["-c", $"cd '{target}' && exec '{Repository.Binary}' borg -c '{_backup.ConfigurationFile}' -- extract '::{archive}'"],
            _backup.Environment);
        Assert.True(extracted.ExitCode == 0, extracted.ToString());
        Assert.True(File.Exists($"{target}{_backup.Directory["source/file"]}"));
    }

    [Fact]
    public void Borg_gets_the_signals_of_the_terminal()
    {
        _backup.Set("borg", "path", _backup.Directory.WriteScript("borg-wait",
            $"trap 'exit 42' INT\ntouch '{_backup.Directory["up"]}'\nwhile :; do sleep 0.1; done")).WriteConfiguration();
        using var process = Programs.Start(Repository.Binary, ["borg", "-c", _backup.ConfigurationFile, "--", "list"], _backup.Environment);
        Wait.Until(() => File.Exists(_backup.Directory["up"]), "borg has begun");
        Programs.RunOrThrow("kill", ["-INT", $"{process.Id}"]);
        Assert.Equal(42, Programs.Finish(process).ExitCode);
    }

    [Fact]
    public void A_lock_of_borgs_cache_names_its_holder()
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        var cache = Directory.GetDirectories(_backup.Directory["borg/.cache/borg"]).Single(path => Path.GetFileName(path).Length == 64);
        _backup.Directory.Write(Path.Combine(cache, "lock.exclusive/elsewhere@1.4711-0"), "");
        var result = _backup.Set("repository", "lock_wait", "1s").Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"error: {cache} is locked by process 4711 on elsewhere since ", result.Error, StringComparison.Ordinal);
    }

    /// <summary>Who holds the lock of a remote repository cannot be seen from here.</summary>
    [Fact]
    public void A_silent_borg_of_a_remote_repository_may_be_waiting()
    {
        _backup.WithStandIn("sleep 3; echo \"$JSON\"").Set("repository", "location", "ssh://host/srv/borg").Set("repository", "lock_wait", "2s");
        var result = _backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("borg create has said nothing for 1 s: ", result.Output, StringComparison.Ordinal);
    }

    /// <summary>A killed pod leaves the locks of a host that is no more, in borg's cache and in its repository.</summary>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    public void A_killed_pod_does_not_lock_out_the_next_one(bool hasHostId, int exitCode)
    {
        var pipe = _backup.Directory["source/pipe"];
        Programs.RunOrThrow("mkfifo", [pipe]);
        _backup.Set("borg", "create_arguments", "--read-special").Set("repository", "lock_wait", "1s").WriteConfiguration();
        if (hasHostId)
            _backup.Environment["BORG_HOST_ID"] = "backup-web";
        using (var first = Programs.Start("bwrap", Pod("pod-1"), _backup.Environment))
        {
            // Opening waits until borg reads.
            using (new FileStream(pipe, FileMode.Open, FileAccess.Write))
                first.Kill(entireProcessTree: false);
            Programs.Finish(first);
        }
        File.Delete(pipe);
        var second = Programs.Run("bwrap", Pod("pod-2"), _backup.Environment);
        Assert.True(second.ExitCode == exitCode, second.ToString());
    }

    private string[] Pod(string host) =>
    [
        "--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--proc", "/proc", "--unshare-pid", "--unshare-uts", "--hostname", host,
        "--die-with-parent", Repository.Binary, "-c", _backup.ConfigurationFile,
    ];

    private ProgramResult Borg(params string[] arguments) =>
        Programs.Run(Repository.Binary, ["borg", "-c", _backup.ConfigurationFile, "--", .. arguments], _backup.Environment);

    private Process Hold(int seconds)
    {
        var process = Programs.Start("borg", ["with-lock", _backup.Location, "sh", "-c", $"touch '{_backup.Directory["locked"]}'; exec sleep {seconds}"],
            new Dictionary<string, string?>(_backup.Environment) { ["BORG_PASSPHRASE"] = TestBackup.Passphrase });
        Wait.Until(() => File.Exists(_backup.Directory["locked"]), "the repository is locked");
        return process;
    }

    /// <summary>A repository of 80 MB: one archive is made and deleted, then the program runs.</summary>
    private ProgramResult InSmallRepository(int firstSize, int secondSize)
    {
        var place = _backup.Directory.MakeDirectory("small");
        var source = _backup.Directory["source"];
        _backup.Set("repository", "location", $"{place}/repository").Set("backup", "compression", "none");
        var script = $"""
            export BORG_PASSPHRASE='{TestBackup.Passphrase}'
            borg init -e repokey-blake2 {place}/repository
            borg config {place}/repository max_segment_size 5000000
            borg config {place}/repository additional_free_space 0
            head -c {firstSize}000000 /dev/urandom > '{source}/random'
            borg create -C none {place}/repository::old '{source}'
            borg delete {place}/repository::old
            head -c {secondSize}000000 /dev/urandom > '{source}/random'
            unset BORG_PASSPHRASE
            '{Repository.Binary}' -c '{_backup.WriteConfiguration()}'; echo run $?
            """;
        return Programs.Run("bwrap", ["--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--size", "80000000", "--tmpfs", place, "/bin/sh", "-c", script],
            _backup.Environment);
    }
}
