using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>A repository on another host: a real sshd on loopback.</summary>
public sealed class SshTests : IDisposable
{
    private readonly TestBackup _backup = new TestBackup().WithRealBorg();
    private readonly SshServer _server;

    public SshTests()
    {
        _server = new SshServer(_backup.Directory);
        _server.Introduce(_backup);
        _backup.Set("repository", "location", _server.LocationOf(_backup.Location))
            .Set("retention", "daily", "1").Set("borg", "environment", "BORG_RELOCATED_REPO_ACCESS_IS_OK=yes");
    }

    public void Dispose()
    {
        _server.Dispose();
        _backup.Dispose();
    }

    [Fact]
    public void Backs_up_with_the_identity_file()
    {
        var key = _backup.Directory["a key with blanks"];
        File.Copy(_server.IdentityFile, key);
        _backup.Set("repository", "identity_file", key);
        var result = _backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("pruned in ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_not_let_in_is_an_error_and_asks_nobody()
    {
        Programs.RunOrThrow("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", _backup.Directory["other-key"]]);
        _backup.Set("repository", "identity_file", _backup.Directory["other-key"]);
        var result = _backup.Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Matches(@"error: no connection to the repository's host: \S+: Permission denied \(publickey\)\.\n", result.Error);
        Assert.Matches(@"backup FAILED after \S+ s: no connection to the repository's host: ", result.Error);
        foreach (var command in new[] { "init", "validate" })
            Assert.Contains("Permission denied", _backup.Run(command == "init" ? [command] : [command, "--online"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_remote_shell_of_ones_own_and_a_remote_path_are_used()
    {
        var rsh = _backup.Directory.WriteScript("my-ssh",
            $"echo \"$@\" > '{_backup.Directory["rsh-arguments"]}'\nexec ssh -i '{_server.IdentityFile}' \"$@\"");
        _backup.Set("repository", "rsh", $"{rsh} -o BatchMode=yes").Set("repository", "remote_path", "/usr/bin/borg");
        var result = _backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("/usr/bin/borg serve", File.ReadAllText(_backup.Directory["rsh-arguments"]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_borg_starts_sees_no_passphrase()
    {
        var seen = _backup.Directory["seen"];
        var rsh = _backup.Directory.WriteScript("my-ssh",
            $"ls -l /proc/$$/fd >> '{seen}'\ncat /proc/$$/environ /proc/$PPID/environ 2>&1 | tr '\\0' '\\n' >> '{seen}'\n"
                // The arguments of this backup's processes: other tests have the same passphrase.
                + $"cat /dev/null $(grep -lsaF '{_backup.Directory.Path}' /proc/[0-9]*/cmdline) 2>&1 | tr '\\0' '\\n' >> '{seen}'\n"
                + $"exec ssh -i '{_server.IdentityFile}' \"$@\"");
        _backup.Set("repository", "rsh", rsh);
        var result = _backup.Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        var text = File.ReadAllText(seen);
        Assert.Contains("BORG_PASSPHRASE_FD=3\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(TestBackup.Passphrase, text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?m) 3 -> pipe:", text);
    }
}
