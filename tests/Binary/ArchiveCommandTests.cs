using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>What borg is called with by the commands that are short for one of its own, and when compact refuses.</summary>
public sealed class ArchiveCommandTests : IDisposable
{
    private readonly TestBackup _backup = new TestBackup().WithStandIn().Set("backup", "archive", "web-{utcnow:%Y}");

    public void Dispose() => _backup.Dispose();

    [Theory]
    [InlineData("list", "list --glob-archives=web-[0-9][0-9][0-9][0-9] ::")]
    [InlineData("list test", "list --glob-archives=web-[0-9][0-9][0-9][0-9] ::")]
    [InlineData("list test test", "list ::test")]
    [InlineData("list -- --short", "list --glob-archives=web-[0-9][0-9][0-9][0-9] --short ::")]
    [InlineData("list -- -a *", "list -a * ::")]
    [InlineData("list a b c", "list ::a b c")]
    [InlineData("list ::a", "list ::a")]
    [InlineData("list test a", "list ::a")]
    [InlineData("info", "info ::")]
    [InlineData("info a", "info ::a")]
    [InlineData("extract a", "extract ::a")]
    [InlineData("extract a etc/x home -- --dry-run --list", "extract --dry-run --list ::a etc/x home")]
    [InlineData("extract test", "extract ::test")]
    [InlineData("extract test a", "extract ::a")]
    [InlineData("mount /mnt", "mount --glob-archives=web-[0-9][0-9][0-9][0-9] :: /mnt")]
    [InlineData("mount a /mnt -- -f", "mount -f ::a /mnt")]
    [InlineData("mount test a /mnt", "mount ::a /mnt")]
    [InlineData("mount test", "mount --glob-archives=web-[0-9][0-9][0-9][0-9] :: test")]
    [InlineData("diff a b", "diff ::a b")]
    [InlineData("diff a ::b etc", "diff ::a b etc")]
    [InlineData("diff test a b", "diff ::a b")]
    public void Borg_gets(string command, string expected)
    {
        _backup.WriteConfiguration();
        var result = Programs.Run(Repository.Binary, ["-c", _backup.ConfigurationFile, .. command.Split(' ')], _backup.Environment);
        Assert.True(result.ExitCode == 0, result.ToString());
        var (name, arguments) = expected.Split(' ', 2) is [var first, var rest] ? (first, rest) : throw new ArgumentException(expected);
        Assert.Equal($"{name} --lock-wait=600 {arguments}", string.Join(' ', File.ReadAllLines(_backup.Directory[$"arguments.{name}"])));
    }

    [Theory]
    [InlineData("hold", 1)]
    [InlineData("damage", 1)]
    [InlineData("append_only", 1)]
    [InlineData("", 0)]
    public void Compact_refuses_what_would_make_deletions_final(string obstacle, int exitCode)
    {
        Assert.Equal(0, _backup.Run().ExitCode);
        var memory = obstacle switch
        {
            "hold" => "\"hold\": { \"since\": \"2026-01-01T00:00:00Z\", \"reason\": \"archives have disappeared\" },",
            "damage" => "\"damaged_since\": \"2026-01-01T00:00:00Z\",",
            _ => "",
        };
        var state = _backup.StateText();
        var changed = state.Replace("\"memory\": {", $"\"memory\": {{ {memory}", StringComparison.Ordinal);
        Assert.Equal(memory.Length == 0, changed == state.Replace("\"memory\": {", "\"memory\": { ", StringComparison.Ordinal));
        _backup.Directory.Write($"state/{TestBackup.Name}.json", changed);
        if (obstacle == "append_only")
            _backup.Set("repository", "append_only", "true");
        var result = _backup.Run("compact");
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Equal(exitCode == 0, _backup.Calls().Contains("compact"));
        Assert.Equal(exitCode != 0, result.Error.Contains("assimilator: hint: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_compact_that_fails_is_not_remembered()
    {
        _backup.WithStandIn(compact: "exit 2");
        Assert.Equal(0, _backup.Run().ExitCode);
        var before = _backup.Memory().GetProperty("last_compact").GetString();
        Assert.Equal(1, _backup.Run("compact").ExitCode);
        Assert.Equal(before, _backup.Memory().GetProperty("last_compact").GetString());
    }

    [Fact]
    public void Each_repository_is_created()
    {
        _backup.Remove("repository", "location").Set("repository.a", "location", _backup.Directory["a"])
            .Set("repository.b", "location", _backup.Directory["b"]).Set("repository.b", "append_only", "true");
        var result = _backup.Run("init");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["init", "init"], _backup.Calls());
        Assert.Contains("--encryption=repokey-blake2", File.ReadAllLines(_backup.Directory["arguments.init"]));
        Assert.Contains($"assimilator borg -c {_backup.ConfigurationFile} --repository b -- key export :: FILE", result.Output, StringComparison.Ordinal);
    }

    /// <summary>With several backups, the name of one comes first.</summary>
    [Fact]
    public void Several_backups_are_told_apart()
    {
        _backup.WriteConfiguration();
        var text = File.ReadAllText(_backup.ConfigurationFile).Replace("name = test", "name = other", StringComparison.Ordinal)
            .Replace("archive = web-", "archive = other-", StringComparison.Ordinal);
        string[] files = ["-c", _backup.ConfigurationFile, "-c", _backup.Directory.Write("other.ini", text)];
        var unclear = Programs.Run(Repository.Binary, ["list", "a", .. files], _backup.Environment);
        Assert.Equal(64, unclear.ExitCode);
        var clear = Programs.Run(Repository.Binary, ["list", "other", .. files], _backup.Environment);
        Assert.True(clear.ExitCode == 0, clear.ToString());
        Assert.Contains("--glob-archives=other-[0-9][0-9][0-9][0-9]", File.ReadAllLines(_backup.Directory["arguments.list"]));
    }
}
