using Assimilator.Tests.Support;
using static Assimilator.Tests.Support.Refusals;

namespace Assimilator.Tests.Binary;

/// <summary>Files that a configuration names and that are not what they should be.</summary>
public sealed class BrokenFilesTests
{
    private const string InstallHint =
        "hint: install it (Debian: apt install borgbackup), or set [borg] path";
    private const string WholeLineHint = "hint: quotes around the whole line make it one word";

    [Theory]
    [InlineData("", "600", "is empty, expected a secret")]
    [InlineData("\n", "600", "is empty, expected a secret")]
    [InlineData("hunter2\nhunter2\n", "600", "has several lines, expected only the secret")]
    [InlineData("hunter2\0", "600", "contains binary data, expected UTF-8 text")]
    [InlineData("hunter2\n", "604", "contains a secret, but is readable by everyone", "hint: chmod o= DIR/secret")]
    public void SecretFileIsRefused(string content, string octalMode, string expected, params string[] hint)
    {
        using var broken = new BrokenConfiguration();
        broken.Backup.Directory.Write("secret", content, octalMode);
        broken.Replace("passphrase_file", "passphrase_file = DIR/secret")
            .IsRefused([$"FILE:18: [repository] passphrase_file: DIR/secret {expected}", .. hint]);
    }

    [Theory]
    [InlineData("missing", "does not exist")]
    [InlineData("source", "is a directory, expected a file")]
    [InlineData("fifo", "is a pipe or device, expected a file")]
    [InlineData("long", "is larger than 64 KiB, expected a text file")]
    public void SecretFileThatIsNoneIsRefused(string name, string expected)
    {
        using var broken = new BrokenConfiguration();
        Programs.RunOrThrow("mkfifo", [broken.Backup.Directory["fifo"]]);
        broken.Backup.Directory.Write("long", new string('x', 100_000));
        broken.Append($"[pushgateway]\nurl = http://h\nbearer_token_file = DIR/{name}")
            .IsRefused([$"FILE:24: [pushgateway] bearer_token_file: DIR/{name} {expected}"]);
    }

    [Theory]
    [InlineData("DIR/missing", "DIR/missing does not exist")]
    [InlineData("DIR/source", "DIR/source is a directory")]
    [InlineData("DIR/passphrase", "DIR/passphrase is not executable", "hint: chmod +x DIR/passphrase")]
    [InlineData("\"DIR/preexec-1 --all\"", "DIR/preexec-1 --all does not exist", WholeLineHint)]
    [InlineData("dump", Script, ScriptHint)]
    [InlineData("./dump --all", Script, ScriptHint)]
    [InlineData("DIR/preexec-1 \"x", OpenQuote)]
    [InlineData("DIR/preexec-1 ${UNDEFINED}", "the environment variable UNDEFINED is not set", DollarHint)]
    public void ScriptIsRefused(string command, string expected, params string[] hint)
    {
        using var broken = new BrokenConfiguration();
        broken.Append($"[preexec]\n2 = {command}").IsRefused([$"FILE:23: [preexec] 2: {expected}", .. hint]);
    }

    [Theory]
    [InlineData("DIR/missing", "DIR/missing does not exist", InstallHint)]
    [InlineData("DIR/source", "DIR/source is a directory")]
    [InlineData("DIR/passphrase", "DIR/passphrase is not executable", "hint: chmod +x DIR/passphrase")]
    [InlineData("bin/borg", "expected a name without '/' or an absolute path, found 'bin/borg'")]
    [InlineData("no-such-borg", "'no-such-borg' was not found in PATH", InstallHint)]
    public void BorgIsRefused(string path, string expected, params string[] hint)
    {
        using var broken = new BrokenConfiguration();
        broken.Replace("path = ", $"path = {path}").IsRefused([$"FILE:5: [borg] path: {expected}", .. hint]);
    }

    [Theory]
    [InlineData("[preexec]\n2")]
    [InlineData("[borg]\npath")]
    [InlineData("[pushgateway]\nca_file")]
    public void A_pipe_in_place_of_a_file_does_not_hang(string key)
    {
        using var backup = new TestBackup();
        Programs.RunOrThrow("mkfifo", ["-m", "755", backup.Directory["pipe"]]);
        var file = backup.Directory.Write("pipe.ini", $"{key} = {backup.Directory["pipe"]}\n");
        var result = Programs.Run(Repository.Binary, ["validate", "-c", file], backup.Environment);
        Assert.Equal(78, result.ExitCode);
        Assert.Contains($"{backup.Directory["pipe"]} is a pipe or device, expected a file\n", result.Error, StringComparison.Ordinal);
    }
}
