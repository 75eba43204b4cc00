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
    public void A_name_that_another_configuration_uses_wants_attention()
    {
        Assert.Equal(0, _home.Run().ExitCode);
        var result = _etc.Run();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"warning: the name test was last used by {_home.ConfigurationFile}\n", result.Error, StringComparison.Ordinal);
        // One that has only moved is told once.
        Assert.Equal(0, _etc.Run().ExitCode);
    }

    [Fact]
    public void One_configuration_by_two_names_is_one()
    {
        Assert.Equal(0, _home.Run().ExitCode);
        var link = _home.Directory["link.ini"];
        File.CreateSymbolicLink(link, _home.ConfigurationFile);
        var result = Programs.Run(Repository.Binary, ["-c", link], _home.Environment);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    [Fact]
    public void Operators_that_are_quoted_are_arguments_that_are_meant()
    {
        _home.Set("preexec", "1", "/bin/echo \\;").Set("preexec", "2", "/bin/echo ';' \"|\" '&&'");
        Assert.Contains("preexec 2: ; | &&\n", _home.Run().Output, StringComparison.Ordinal);
        var refused = _home.Set("preexec", "3", "/bin/echo a > /tmp/b").Run();
        Assert.Equal(78, refused.ExitCode);
        Assert.Contains("[preexec] 3: '>' is shell syntax, and would be passed as an argument\n", refused.Error, StringComparison.Ordinal);
    }
}
