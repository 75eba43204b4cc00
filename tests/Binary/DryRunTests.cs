using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary><c>run --dry-run</c> shows what a run would do, and does none of it.</summary>
public sealed class DryRunTests : IDisposable
{
    private const string Secret = "Zq7canaryX9v and more";

    private readonly RecordingGateway _gateway = new();
    private readonly TestBackup _backup = new();

    public DryRunTests() => _backup
        .WithStandIn(create: """
            case "$*" in *--dry-run*) ;; *) exit 3 ;; esac
            for path in /one /two; do echo "{\"type\": \"file_status\", \"status\": \"-\", \"path\": \"$path\"}" >&2; done
            echo '{"type": "file_status", "status": "x", "path": "/three"}' >&2
            """)
        .AddScript("preexec", "1").AddScript("postexec", "1").Set("backup", "instance", TestBackup.Instance)
        .Set("pushgateway", "url", _gateway.Url).Set("textfile", "path", $"{_backup.Directory.MakeDirectory("metrics")}/test.prom")
        .Set("retention", "daily", "7");

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public void Shows_every_step_and_takes_none()
    {
        var result = Expect(0);
        var lines = result.Output.Split('\n');
        Assert.Equal(
            ["preexec 1", "source paths", "create", "prune", "compact", "postexec 1", "textfile", "push"],
            lines.Skip(1).TakeWhile(line => !line.Contains("without changing anything:", StringComparison.Ordinal))
                .Select(line => line["assimilator: ".Length..].Split([", ", ": "], StringSplitOptions.None)[0]));
        Assert.Contains("would back up 2 files and directories", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("/one", result.Output, StringComparison.Ordinal);
        Assert.Contains("would keep     stand-in", result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.Error);
        // Only borg ran, and only dry.
        Assert.Equal(["create", "prune"], _backup.Calls());
        Assert.Contains("--dry-run", File.ReadAllLines(_backup.Directory["arguments.prune"]));
        Assert.DoesNotContain("--json", File.ReadAllLines(_backup.Directory["arguments.create"]));
        Assert.Empty(_gateway.Received);
        Assert.Empty(Directory.GetFiles(_backup.Directory["metrics"]));
        Assert.False(Path.Exists(_backup.Directory["state"]));
    }

    [Fact]
    public void Names_files_at_level_debug_and_shows_the_plan_at_any_level()
    {
        _backup.Set("logging", "level", "debug").Set("borg", "create_arguments", "--list --filter AME");
        Assert.Contains("borg: - /one", Expect(0).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("--filter", File.ReadAllLines(_backup.Directory["arguments.create"]));
        _backup.Set("logging", "level", "error");
        Assert.Contains("create: ", Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Does_not_run_the_command_of_a_stream()
    {
        var command = _backup.Directory.WriteScript("dump", $"echo dump >> '{_backup.Directory["calls"]}'");
        _backup.Remove("paths").Set("streams", "shop.sql", $"{command} 'a b'");
        Assert.Contains($"shop.sql: create: {command} 'a b' | {_backup.Directory["borg-stand-in"]} create ", Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(["prune"], _backup.Calls());
    }

    [Fact]
    public void Leaves_a_state_as_it_is_and_says_when_a_run_is_in_progress()
    {
        var go = _backup.Directory["go"];
        _backup.WithStandIn(create: $$"""
            case "$*" in *--dry-run*) exit 0 ;; esac
            while [ ! -e '{{go}}' ]; do sleep 0.05; done; echo "$JSON"
            """);
        using var run = _backup.Start();
        Wait.Until(() => _backup.Calls().Contains("create"), "the run has begun");
        var (state, changed) = (_backup.StateText(), File.GetLastWriteTimeUtc(_backup.Directory["state/test.json"]));
        var result = Expect(0);
        Assert.Contains("a run of test is in progress", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("never reported", result.Everything, StringComparison.Ordinal);
        Assert.Equal((state, changed), (_backup.StateText(), File.GetLastWriteTimeUtc(_backup.Directory["state/test.json"])));
        _backup.Directory.Write("go", "");
        Assert.Equal(0, Programs.Finish(run).ExitCode);
        Assert.DoesNotContain("in progress", Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_path_is_what_the_run_would_fail_for()
    {
        _backup.Set("paths", "2", _backup.Directory["missing"]);
        Assert.Contains($"the path {_backup.Directory["missing"]} does not exist", Expect(2).Error, StringComparison.Ordinal);
        Assert.Empty(_backup.Calls());
        _backup.Set("backup", "paths_must_exist", "false");
        Expect(1);
        Assert.Equal(["create"], _backup.Calls());
    }

    [Fact]
    public void A_warning_of_borg_is_shown_and_ends_with_1()
    {
        _backup.WithStandIn(create: """
            echo '{"type": "log_message", "levelname": "WARNING", "name": "borg.archiver", "message": "/x: odd"}' >&2; exit 1
            """);
        Assert.Contains("warning: borg: /x: odd", Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_configuration_is_not_reported()
    {
        _backup.Set("backup", "compression", "lz5");
        Assert.Contains("compression", Expect(78).Error, StringComparison.Ordinal);
        Assert.Empty(_gateway.Received);
        Assert.Empty(_backup.Calls());
    }

    [Theory]
    [InlineData("run", "--dry-run")]
    [InlineData("run", "--json")]
    [InlineData("validate", "--online")]
    public void No_secret_is_shown(params string[] command)
    {
        _backup.Remove("repository", "passphrase_file").Set("repository", "passphrase", Secret).Set("logging", "level", "debug")
            .Set("pushgateway", "username", "u").Set("pushgateway", "password", $"{Secret}!");
        _backup.Environment["BORG_PASSPHRASE"] = $"{Secret}?";
        var result = _backup.Run(command);
        Assert.NotEmpty(result.Output);
        Assert.False(Canary.IsIn(result.Everything), result.ToString());
    }

    private ProgramResult Expect(int exitCode)
    {
        File.Delete(_backup.Directory["calls"]);
        var result = _backup.Run("run", "--dry-run");
        Assert.True(result.ExitCode == exitCode, result.ToString());
        return result;
    }
}
