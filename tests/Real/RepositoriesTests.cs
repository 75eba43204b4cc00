using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>Several repositories for one backup: what happens to one of them neither hides nor harms another one.</summary>
public sealed class RepositoriesTests : IDisposable
{
    private const string LastSuccess = "assimilator_last_success_timestamp_seconds";

    private readonly PushgatewayServer _gateway = new();
    private readonly TestBackup _backup;
    private readonly string _server;

    public RepositoriesTests()
    {
        _backup = new TestBackup(_gateway).WithRealBorg().Set("retention", "daily", "3").Set("backup", "archive", "web-{utcnow:%Y-%m-%dT%H:%M:%S.%f}");
        _server = _backup.Location;
        _backup.WithSecondRepository("server", "usb");
    }

    private string Usb => _backup.Directory["repository-usb"];

    public void Dispose()
    {
        _backup.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public void Each_gets_its_archive_and_its_metrics_and_scripts_run_once()
    {
        _backup.AddScript("preexec", "1").AddScript("postexec", "1", $"env > '{_backup.Directory["seen"]}'").Set("repository.usb", "interval", "30d");
        Run(0);

        Assert.Single(_backup.Archives(_server));
        Assert.Single(_backup.Archives(Usb));
        Assert.Equal(["preexec-1", "postexec-1"], _backup.Calls());
        var samples = Samples();
        foreach (var repository in new[] { "server", "usb" })
        {
            Assert.Equal(0, samples[$"assimilator_create_return_code{{{repository}}}"]);
            Assert.Equal(1, samples[$"assimilator_prune_kept_archives{{{repository}}}"]);
            Assert.Contains($"{LastSuccess}{{{repository}}}", samples.Keys);
        }
        Assert.Equal((86400, 2592000), (samples["assimilator_interval_seconds{server}"], samples["assimilator_interval_seconds{usb}"]));
        Assert.Equal(0, samples["assimilator_return_code"]);
        Assert.DoesNotContain("assimilator_create_return_code", samples.Keys);
        Assert.DoesNotContain("assimilator_interval_seconds", samples.Keys);
        var seen = File.ReadAllLines(_backup.Directory["seen"]);
        Assert.Contains($"ASSIMILATOR_REPOSITORY_USB={Usb}", seen);
        Assert.Contains($"ASSIMILATOR_ARCHIVE_SERVER={_backup.Archives(_server)[0]}", seen);
        Assert.Contains("ASSIMILATOR_PRUNE_RETURN_CODE_USB=0", seen);
        Assert.DoesNotContain(seen, line => line.StartsWith("ASSIMILATOR_ARCHIVE=", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_archive_is_made_before_anything_is_pruned()
    {
        _backup.Set("retention", "compact", "always").Set("borg", "path", _backup.Directory.WriteScript("borg-noting",
            $"{TestBackup.StandInVersion}\nfor last; do :; done\necho \"$1 ${{last##*/}}\" >> '{_backup.Directory["calls"]}'\nexec borg \"$@\""));
        Run(0);
        Assert.Equal(["create source", "create source", "prune repository", "prune repository-usb", "compact repository", "compact repository-usb"],
            _backup.Calls().Where(call => !call.StartsWith("list", StringComparison.Ordinal)));
    }

    [Fact]
    public void One_here_and_one_over_ssh()
    {
        using var ssh = new SshServer(_backup.Directory);
        _backup.Set("repository.server", "location", $"ssh://{Environment.UserName}@127.0.0.1:{ssh.Port}{_server}")
            .Set("repository.server", "rsh", $"ssh -i '{ssh.IdentityFile}' -o UserKnownHostsFile='{ssh.KnownHosts}'");
        _backup.Environment["BORG_RELOCATED_REPO_ACCESS_IS_OK"] = "yes";
        Run(0);
        Assert.Single(_backup.Archives(_server));
        Assert.Single(_backup.Archives(Usb));
    }

    [Fact]
    public void A_disk_that_may_be_absent_is_skipped_and_grows_old()
    {
        _backup.Set("repository.usb", "may_be_absent", "true");
        Run(0);
        var before = Samples()[$"{LastSuccess}{{usb}}"];
        Directory.Move(Usb, $"{Usb}-unplugged");
        // A mount point without its disk.
        Directory.CreateDirectory(Usb);

        var result = Run(0);
        Assert.Contains($"usb: skipped: there is no repository at {Usb}", result.Output, StringComparison.Ordinal);
        var samples = Samples();
        Assert.Equal(before, samples[$"{LastSuccess}{{usb}}"]);
        Assert.True(samples[$"{LastSuccess}{{server}}"] > before);
        Assert.DoesNotContain("assimilator_create_return_code{usb}", samples.Keys);
        Assert.Equal(2, _backup.Archives(_server).Count);
    }

    [Fact]
    public void A_host_that_may_be_absent_is_skipped()
    {
        _backup.Set("repository.usb", "may_be_absent", "true").Set("repository.usb", "connect_wait", "none")
            .Set("repository.usb", "location", $"ssh://root@127.0.0.1:{Server.FreePort()}/srv/borg");
        var result = Run(0);
        Assert.Contains("usb: skipped: its host cannot be reached", result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.Error);
        Assert.Equal(0, Samples()["assimilator_create_return_code{server}"]);
    }

    [Theory]
    [InlineData("true", "true", 2)]
    [InlineData("true", "false", 2)]
    [InlineData("false", "true", 0)]
    public void Without_any_archive_or_a_repository_that_must_be_there_a_run_has_failed(string serverMayBe, string usbMayBe, int exitCode)
    {
        _backup.Set("repository.server", "may_be_absent", serverMayBe).Set("repository.usb", "may_be_absent", usbMayBe);
        Directory.Delete(Usb, recursive: true);
        if (exitCode == 2)
            Directory.Delete(_server, recursive: true);
        Run(exitCode);
    }

    [Fact]
    public void A_full_one_does_not_keep_the_other_from_its_archive()
    {
        var place = _backup.Directory.MakeDirectory("small");
        File.WriteAllBytes(_backup.Directory["source/random"], System.Security.Cryptography.RandomNumberGenerator.GetBytes(12_000_000));
        _backup.Set("repository.usb", "location", $"{place}/repository").Set("repository.server", "location", $"{_server}");
        var script = $"""
            BORG_PASSPHRASE='{TestBackup.Passphrase}' borg init -e repokey-blake2 {place}/repository
            '{Repository.Binary}' -c '{_backup.WriteConfiguration()}'; echo run $?
            """;
        var result = Programs.Run("bwrap", ["--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--size", "8000000", "--tmpfs", place, "/bin/sh", "-c", script],
            _backup.Environment);
        Assert.EndsWith("run 2\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("error: usb: borg: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("error: server: ", result.Error, StringComparison.Ordinal);
        var samples = Samples();
        Assert.Equal(0, samples["assimilator_create_return_code{server}"]);
        Assert.NotEqual(0, samples["assimilator_create_return_code{usb}"]);
        Assert.Contains("borg_prune_return_code{server}", samples.Keys);
        Assert.DoesNotContain("borg_prune_return_code{usb}", samples.Keys);
        Assert.DoesNotContain($"{LastSuccess}{{usb}}", samples.Keys);
    }

    [Fact]
    public void A_locked_one_is_named_in_error_and_hint()
    {
        _backup.Set("repository.server", "lock_wait", "1s");
        using var holder = Programs.Start("borg", ["with-lock", _server, "sh", "-c", $"touch '{_backup.Directory["locked"]}'; exec sleep 1000"],
            new Dictionary<string, string?>(_backup.Environment) { ["BORG_PASSPHRASE"] = TestBackup.Passphrase });
        Wait.Until(() => File.Exists(_backup.Directory["locked"]), "the repository is locked");
        var result = Run(2);
        holder.Kill(entireProcessTree: true);
        Assert.Contains($"error: server: {_server} is locked by process ", result.Error, StringComparison.Ordinal);
        Assert.Contains($"assimilator borg -c {_backup.ConfigurationFile} --repository server -- break-lock", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, Samples()["assimilator_create_return_code{usb}"]);
        Assert.Contains("backup FAILED", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_failing_preexec_none_is_touched()
    {
        _backup.AddScript("preexec", "1", "exit 3").AddScript("postexec", "1");
        Run(2);
        Assert.Empty(_backup.Archives(_server));
        Assert.Empty(_backup.Archives(Usb));
        Assert.Equal(["preexec-1", "postexec-1"], _backup.Calls());
    }

    [Fact]
    public void A_signal_during_the_second_create_leaves_the_first_archive_counted()
    {
        _backup.AddScript("postexec", "1").Set("borg", "path", _backup.Directory.WriteScript("borg-slow", $$"""
            case "$*" in *repository-usb*) touch '{{_backup.Directory["second"]}}'; exec sleep 1000 ;; esac
            exec borg "$@"
            """));
        using var process = _backup.Start();
        Wait.Until(() => File.Exists(_backup.Directory["second"]), "the second create has begun");
        Programs.RunOrThrow("kill", ["-TERM", $"{process.Id}"]);
        Assert.Equal(143, Programs.Finish(process).ExitCode);
        Assert.Equal(["postexec-1"], _backup.Calls());
        var samples = Samples();
        Assert.Equal((143, 0, 143), (samples["assimilator_return_code"], samples["assimilator_create_return_code{server}"],
            samples["assimilator_create_return_code{usb}"]));
        Assert.Contains($"{LastSuccess}{{server}}", samples.Keys);
        Assert.DoesNotContain("borg_prune_return_code{server}", samples.Keys);
        // The archive is known, so the next run does not take it for somebody else's.
        _backup.Set("borg", "path", "borg");
        Run(0);
    }

    [Fact]
    public void Growing_from_one_to_two_keeps_the_last_success_and_leaves_no_old_series()
    {
        _backup.Remove("repository.server").Remove("repository.usb").Set("repository", "location", _server);
        Run(0);
        var before = Samples();
        Assert.Contains(LastSuccess, before.Keys);

        _backup.Remove("repository", "location").Set("repository.server", "location", _server).Set("repository.usb", "location", Usb)
            .Set("repository.usb", "may_be_absent", "true").AddScript("preexec", "1", "exit 3");
        Directory.Move(Usb, $"{Usb}-unplugged");
        Run(2);
        var after = Samples();
        Assert.Equal(before[LastSuccess], after[$"{LastSuccess}{{server}}"]);
        Assert.DoesNotContain(LastSuccess, after.Keys);
        Assert.DoesNotContain("assimilator_create_return_code", after.Keys);
    }

    [Fact]
    public void Only_the_chosen_one_is_used()
    {
        Run(0);
        var before = Samples()[$"{LastSuccess}{{usb}}"];
        Run(0, "run", "--repository", "server");
        Assert.Equal((2, 1), (_backup.Archives(_server).Count, _backup.Archives(Usb).Count));
        Assert.Equal(before, Samples()[$"{LastSuccess}{{usb}}"]);
        Assert.Contains("hint: known: server, usb", Run(64, "run", "--repository", "tape").Error, StringComparison.Ordinal);
        Assert.Contains("choose one with --repository", Programs.Run(Repository.Binary, ["borg", "-c", _backup.ConfigurationFile, "--", "list"]).Error,
            StringComparison.Ordinal);
        Assert.Equal(_backup.Archives(Usb)[0], Programs.Run(
            Repository.Binary, ["borg", "-c", _backup.ConfigurationFile, "--repository", "usb", "--", "list", "--short"], _backup.Environment).Output.Trim());
    }

    [Fact]
    public void Each_has_its_own_retention_and_consent()
    {
        _backup.Set("retention.usb", "monthly", "12").Set("retention", "secondly", "1").Remove("retention", "daily");
        _backup.Borg("create", $"{_server}::web-2026-01-31T02:30:00.000000", _backup.Directory["source"]);
        Run(1);
        var held = Samples();
        Assert.Equal((1, 0), (held["assimilator_prune_held{server}"], held["assimilator_prune_held{usb}"]));
        var pruned = Run(0, "prune", "--yes");
        Assert.Contains("server: deleted web-", pruned.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("usb: deleted ", pruned.Output, StringComparison.Ordinal);
        Assert.Equal((1, 1), (_backup.Archives(_server).Count, _backup.Archives(Usb).Count));
    }

    private ProgramResult Run(int exitCode, params string[] arguments)
    {
        var result = _backup.Run(arguments);
        Assert.True(result.ExitCode == exitCode, result.ToString());
        return result;
    }

    private IReadOnlyDictionary<string, double> Samples() => _gateway.Samples(TestBackup.Name);
}
