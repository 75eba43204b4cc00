using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>Two configurations on one host that get in each other's way are told so, and nothing is lost.</summary>
public sealed class SharedStateTests : IDisposable
{
    private readonly TestBackup _home = new TestBackup().WithStandIn().Set("retention", "daily", "7");
    private readonly TestBackup _etc = new TestBackup().WithStandIn().Set("retention", "daily", "7");

    public SharedStateTests() => _etc.Set("state", "directory", _home.Directory["state"]);

    public void Dispose()
    {
        _home.Dispose();
        _etc.Dispose();
    }

    [Fact]
    public void Two_backups_that_would_prune_each_others_archives_prune_nothing()
    {
        _home.Label = "home";
        _etc.Set("backup", "name", "etc").Set("repository", "location", _home.Location);
        Assert.Equal(0, _home.Run().ExitCode);
        var result = _etc.Run();
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["create"], _etc.Calls());
        Assert.Contains(
            $"error: nothing is pruned: the backup of {_home.Directory["state/home.json"]} prunes the same archives of the same repository\n",
            result.Error, StringComparison.Ordinal);
        _etc.Set("backup", "archive", "{hostname}-etc-{now:%Y-%m-%dT%H:%M:%S}");
        Assert.Equal(0, _etc.Run().ExitCode);
    }

    [Fact]
    public void A_name_that_another_configuration_uses_wants_attention()
    {
        Assert.Equal(0, _home.Run().ExitCode);
        var result = _etc.Run();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"warning: the name test was last used by {_home.ConfigurationFile}\n", result.Error, StringComparison.Ordinal);
        // One that has only moved is told once.
        Assert.Equal(0, _etc.Run().ExitCode);
    }
}
