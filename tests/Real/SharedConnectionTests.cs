using System.Diagnostics;
using Assimilator.Tests.Binary;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>The borg processes of a run share one connection to a real sshd on loopback.</summary>
public sealed class SharedConnectionTests : IDisposable
{
    private readonly TestBackup _backup = new TestBackup().WithRealBorg();
    private readonly string _repository;
    private SshServer _server;

    public SharedConnectionTests()
    {
        _repository = _backup.Location;
        _server = new SshServer(_backup.Directory);
        _server.Introduce(_backup);
        _backup.Set("repository", "location", _server.LocationOf(_repository))
            .Set("repository", "identity_file", _server.IdentityFile).Set("repository", "connect_wait", "none")
            .Set("retention", "daily", "1").Set("retention", "compact", "always");
        _backup.Environment["BORG_RELOCATED_REPO_ACCESS_IS_OK"] = "yes";
    }

    public void Dispose()
    {
        _server.Dispose();
        _backup.Dispose();
    }

    [Fact]
    public void A_run_logs_in_once_and_leaves_nothing()
    {
        // The socket is one that only its owner can use, in a directory that nobody else can write to.
        _backup.AddScript("postexec", "look", $"stat -c '%A %a' '{_backup.Directory["state"]}' '{Socket}' > '{_backup.Directory["seen"]}'")
            .Set("hooks", "postexec_after", "create");
        Run(0, logins: 1);
        Assert.Equal("drwx------ 700\nsrw------- 600\n", File.ReadAllText(_backup.Directory["seen"]));
        Assert.Single(_backup.Archives(_repository));
        NothingIsLeft();
        Run(0, logins: 2);
    }

    [Fact]
    public void Check_and_prune_log_in_once()
    {
        Run(0, logins: 1);
        Finish(_backup.Run("check", "--now", "--drill"), 0, logins: 2);
        Finish(_backup.Run("prune", "--yes"), 0, logins: 3);
        NothingIsLeft();
    }

    [Theory]
    [InlineData("the key", 3)]
    [InlineData("rsh", 3)]
    [InlineData("BORG_RSH", 3)]
    [InlineData("[borg] environment", 3)]
    [InlineData("the state directory of everyone", 3)]
    [InlineData("another ssh", 3)]
    [InlineData("a user's own connection", 1)]
    [InlineData("a long path", 3)]
    public void What_borg_does_without_a_shared_connection(string why, int logins)
    {
        var ssh = $"ssh -i '{_server.IdentityFile}'";
        switch (why)
        {
            case "the key":
                _backup.Set("repository", "share_connection", "false");
                break;
            case "rsh":
                _backup.Set("repository", "rsh", ssh).Remove("repository", "identity_file");
                break;
            case "BORG_RSH":
                _backup.Remove("repository", "identity_file").Environment["BORG_RSH"] = ssh;
                break;
            case "[borg] environment":
                _backup.Set("borg", "environment", $"BORG_RSH=\"{ssh}\"");
                break;
            case "the state directory of everyone":
                Programs.RunOrThrow("chmod", ["777", _backup.Directory.MakeDirectory("state")]);
                break;
            case "another ssh":
                _server.Introduce(_backup, "case \" $* \" in *' -M '*) echo 'unknown option -M' >&2; exit 1 ;; esac");
                break;
            case "a user's own connection":
                _server.Introduce(_backup);
                File.AppendAllText(_backup.Directory["ssh config"],
                    $"ControlMaster auto\nControlPath {_backup.Directory["own"]}\nControlPersist 60\n");
                break;
            default:
                _backup.Set("state", "directory", _backup.Directory.MakeDirectory($"state-{new string('x', 60)}"));
                break;
        }
        Run(0, logins);
        Assert.False(File.Exists(_backup.Directory["own"]));
        NothingIsLeft();
    }

    [Fact]
    public void What_a_killed_run_left_in_place_of_the_socket_is_replaced()
    {
        _backup.Directory.Write("state/test.1.ssh", "");
        Run(0, logins: 1);
        NothingIsLeft();
    }

    [Theory]
    [InlineData("identity", 1)]
    [InlineData("other key", 2)]
    public void Repositories_of_one_host_share_it_but_not_two_keys(string key, int logins)
    {
        File.Copy(_server.IdentityFile, _backup.Directory["other key"]);
        using var backup = Another();
        var first = backup.Location;
        backup.WithSecondRepository("a", "b").Remove("repository", "identity_file")
            .Set("repository.a", "location", first).Set("repository.a", "identity_file", _server.IdentityFile)
            .Set("repository.b", "location", _server.LocationOf(backup.Directory["repository-b"]))
            .Set("repository.b", "identity_file", _backup.Directory[key]);
        Finish(backup.Run(), 0, logins);
        NothingIsLeft();
    }

    [Fact]
    public void Two_backups_side_by_side_have_one_each()
    {
        using var other = Another().Set("state", "directory", _backup.Directory["state"]);
        other.Label = "other";
        using var first = _backup.Start();
        using var second = other.Start();
        var results = new[] { Programs.Finish(first), Programs.Finish(second) };
        Assert.All(results, result => Assert.True(result.ExitCode == 0, result.ToString()));
        Assert.Equal(2, _server.Logins);
        NothingIsLeft();
    }

    [Fact]
    public void A_connection_that_dies_between_two_steps_is_replaced()
    {
        // Until its parent has noticed: before that, one step more may connect by itself.
        _backup.AddScript("postexec", "kill", $"""
            connection=$(pgrep -f -- '{Connection}') && kill -KILL "$connection"
            while [ -e "/proc/$connection" ]; do sleep 0.05; done
            sleep 0.5
            """).Set("hooks", "postexec_after", "create");
        var result = Run(0, logins: 2);
        Assert.Equal("", result.Error);
        NothingIsLeft();
    }

    [Fact]
    public void A_connection_that_dies_during_a_step_is_an_error_and_the_next_run_is_well()
    {
        using var process = StartAndHang();
        Programs.RunOrThrow("pkill", ["-KILL", "-f", "--", Connection]);
        _backup.Directory.Write("go", "");
        // The second one asks ssh for the reason, the third one looks whether the archive is complete all the same.
        Finish(Programs.Finish(process), 2, logins: 3);
        NothingIsLeft();
        Assert.Empty(_backup.Archives(_repository));
        _backup.Remove("streams").Set("paths", "1", _backup.Directory["source"]);
        Run(0, logins: 4);
    }

    [Fact]
    public void A_run_that_a_signal_ends_unlocks_the_repository_and_leaves_nothing()
    {
        using var process = StartAndHang();
        Programs.RunOrThrow("kill", ["-TERM", $"{process.Id}"]);
        Finish(Programs.Finish(process), 143, logins: 1);
        Assert.False(Directory.Exists(Lock));
        NothingIsLeft();
    }

    [Fact]
    public void A_run_that_is_killed_leaves_nothing()
    {
        // Killed while it makes its first cache, borg needs help.
        Run(0, logins: 1);
        using var process = StartAndHang();
        process.Kill();
        process.WaitForExit();
        _backup.Directory.Write("go", "");
        Wait.Until(() => !File.Exists(Socket), "the socket is gone");
        NothingIsLeft();
        _backup.Remove("streams").Set("paths", "1", _backup.Directory["source"]);
        Run(0, logins: 3);
    }

    [Fact]
    public void A_run_that_fails_leaves_nothing()
    {
        _backup.Set("repository", "location", _server.LocationOf(_backup.Directory["missing"]));
        Run(2, logins: 1);
        NothingIsLeft();
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 2)]
    public void A_host_that_limits_sessions(int most, int exitCode)
    {
        _server.Dispose();
        foreach (var key in new[] { "identity", "identity.pub", "host-key", "host-key.pub" })
            File.Delete(_backup.Directory[key]);
        _server = new SshServer(_backup.Directory, $"MaxSessions {most}");
        _server.Introduce(_backup);
        _backup.Set("repository", "location", _server.LocationOf(_repository));
        var result = _backup.Run();
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Equal(exitCode == 0 ? 1 : 0, _backup.Archives(_repository).Count);
        NothingIsLeft();
    }

    private string Socket => _backup.Directory["state/test.1.ssh"];

    private string Lock => Path.Combine(_repository, "lock.exclusive");

    /// <summary>The arguments of the ssh that holds the connection, and of no other process.</summary>
    private string Connection => $"-S {Socket} -o ControlPersist";

    /// <summary>Another backup to the same host.</summary>
    private TestBackup Another()
    {
        var other = new TestBackup().WithRealBorg();
        _server.Introduce(other);
        other.Environment["BORG_RELOCATED_REPO_ACCESS_IS_OK"] = "yes";
        return other.Set("repository", "location", _server.LocationOf(other.Location))
            .Set("repository", "identity_file", _server.IdentityFile).Set("retention", "daily", "1");
    }

    private ProgramResult Run(int exitCode, int logins) => Finish(_backup.Run(), exitCode, logins);

    private ProgramResult Finish(ProgramResult result, int exitCode, int logins)
    {
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Wait.Until(() => _server.Logins >= logins, () => $"somebody has logged in {logins} times: {_server.Logins}\n{result}");
        Assert.Equal(logins, _server.Logins);
        return result;
    }

    /// <summary>Starts a run whose create waits for the file <c>go</c>.</summary>
    private Process StartAndHang()
    {
        _backup.Remove("paths").Set("streams", "dump", _backup.Directory.WriteScript("stream",
            $"echo 1; until [ -e '{_backup.Directory["go"]}' ]; do sleep 0.05; done; echo 2"));
        var process = _backup.Start();
        Wait.Until(() => Directory.Exists(Lock), "borg has locked the repository");
        return process;
    }

    /// <summary>Neither a process nor a socket.</summary>
    private void NothingIsLeft()
    {
        Wait.Until(() => !FaultMatrix.Survivors(_backup).Any(), () => string.Join('\n', FaultMatrix.Survivors(_backup)));
        Assert.Empty(Directory.EnumerateFiles(_backup.Directory.Path, "*.ssh*", SearchOption.AllDirectories));
    }
}
