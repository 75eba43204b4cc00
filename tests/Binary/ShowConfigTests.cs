using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>What the published binary shows of a configuration, and of what one can hold.</summary>
public sealed class ShowConfigTests : IDisposable
{
    private readonly TestBackup _backup = new TestBackup().WithStandIn();

    public void Dispose() => _backup.Dispose();

    [Fact]
    public void What_it_shows_is_valid_and_shows_the_same_again()
    {
        _backup.Directory.Write("shared.ini", "[retention]\ndaily = 7\n");
        _backup.Set("include", "1", "shared.ini").Set("backup", "interval", "24h").AddScript("preexec", "1");
        var shown = _backup.Run("show-config");
        Assert.True(shown.ExitCode == 0, shown.ToString());
        Assert.Contains("\ndaily = \"7\"\n", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("[include]", shown.Output, StringComparison.Ordinal);
        var copy = _backup.Directory.Write("copy.ini", shown.Output);
        Assert.Equal(0, Programs.Run(Repository.Binary, ["validate", "-c", copy], _backup.Environment).ExitCode);
        var again = Programs.Run(Repository.Binary, ["show-config", "-c", copy], _backup.Environment);
        Assert.Equal(Names(shown.Output), Names(again.Output));
        Assert.Empty(_backup.Calls());
    }

    [Fact]
    public void Secrets_are_masked()
    {
        _backup.Remove("repository", "passphrase_file").Set("repository", "passphrase", TestBackup.Passphrase);
        File.SetUnixFileMode(_backup.WriteConfiguration(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var shown = Programs.Run(Repository.Binary, ["show-config", "-c", _backup.ConfigurationFile], _backup.Environment);
        Assert.Equal((0, ""), (shown.ExitCode, shown.Error));
        Assert.Contains("passphrase = \"***\"", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(TestBackup.Passphrase, shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_configuration_is_not_shown()
    {
        _backup.Set("backup", "interval", "soon");
        var shown = _backup.Run("show-config");
        Assert.Equal((78, ""), (shown.ExitCode, shown.Output));
    }

    /// <summary>The values, whether they are defaults or not.</summary>
    private static IEnumerable<string> Names(string text) => text.Split('\n').Where(line => !line.StartsWith(';')).Order();
}
