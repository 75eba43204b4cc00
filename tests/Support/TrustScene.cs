namespace Assimilator.Tests.Support;

/// <summary>A backup of root's or of another user, of which a test gives away or opens single files and directories. In what
/// tests write, DIR stands for its directory and FILE for its configuration. Its script is <c>DIR/way/script</c>.</summary>
internal sealed class TrustScene : IDisposable
{
    public const uint Root = 0;

    /// <summary>A user with a group of the same id in which nobody else is: www-data.</summary>
    public const uint User = 33;

    public TrustScene()
    {
        Backup.WithStandIn().Directory.WriteScript("way/script", $"echo script >> '{Backup.Directory["calls"]}'");
        File.Copy(Repository.Binary, Backup.Directory["assimilator"]);
        Backup.Set("preexec", "1", "DIR/way/script");
        Backup.Directory.MakeDirectory("state");
    }

    public TestBackup Backup { get; } = new();

    public string ConfigurationFile { get; init; } = "FILE";

    /// <summary>Gives everything to a user, whatever the umask of the tests is, and does as root what a test wants.</summary>
    public TrustScene Prepare(uint user, string shell)
    {
        Backup.Directory.Write($"{TestBackup.Name}.ini", Filled(Backup.ConfigurationText()), "600");
        Users.RunAsRoot("sh", "-c", Filled($"chown -R {user}:{user} DIR; chmod 755 DIR DIR/way; chmod 700 DIR/state; set -e; {shell}"));
        return this;
    }

    /// <summary>Runs the backup.</summary>
    /// <param name="before">Words in front of the program's own, such as a command that starts it.</param>
    public ProgramResult Run(uint user, params string[] before) => Users.RunAs(
        user, Backup.Environment,
        [.. before.Select(Filled), Backup.Directory["assimilator"], "-c", Filled(ConfigurationFile)]);

    /// <summary>What ran, in order.</summary>
    public IReadOnlyList<string> Calls() => Backup.Calls();

    public void IsAccepted(ProgramResult result)
    {
        Assert.Equal("", result.Error);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["script", "create"], Calls());
    }

    /// <param name="result">How the program ended.</param>
    /// <param name="expected">How every line of standard error begins, without the program's name.</param>
    public void IsRefused(ProgramResult result, params string[] expected)
    {
        var lines = result.Error.TrimEnd('\n').Split('\n');
        Assert.StartsWith(BrokenConfiguration.FailedRun.TrimEnd('\n'), lines[^1], StringComparison.Ordinal);
        Assert.Collection(lines[..^1], [.. expected.Select<string, Action<string>>(
            line => actual => Assert.StartsWith($"assimilator: {Filled(line)}", actual, StringComparison.Ordinal))]);
        Assert.Equal(78, result.ExitCode);
        Assert.Empty(Calls());
    }

    public string Filled(string text) => text
        .Replace("DIR", Backup.Directory.Path, StringComparison.Ordinal)
        .Replace("FILE", Backup.ConfigurationFile, StringComparison.Ordinal);

    public void Dispose()
    {
        Users.RunAsRoot("rm", "-rf", Backup.Directory.Path);
        Backup.Dispose();
    }
}
