using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>Without a passphrase in the configuration, borg's own variables count; and what children inherit.</summary>
public sealed class InheritedPassphraseTests : IDisposable
{
    private const string Take =
        "printf '%s|%s|%s|%s\\n' \"$BORG_PASSPHRASE\" \"$BORG_PASSCOMMAND\" \"$BORG_PASSPHRASE_FD\" \"$({ cat <&3; } 2>/dev/null)\" >> ";

    private readonly TestBackup _backup = new TestBackup().Remove("repository", "passphrase_file").Set("retention", "daily", "1");

    public InheritedPassphraseTests()
    {
        var take = $"{Take}'{_backup.Directory["taken"]}'";
        _backup.WithStandIn($"{take}; echo \"$JSON\"", $"{take}; echo \"$LIST\" >&2", take);
    }

    public void Dispose() => _backup.Dispose();

    [Fact]
    public void Without_any_there_is_none() => Reaches("|||");

    [Theory]
    [InlineData("BORG_PASSPHRASE=a b", "||3|a b")]
    [InlineData("BORG_PASSPHRASE=", "||3|")]
    [InlineData("BORG_PASSCOMMAND=echo a b", "||3|a b")]
    [InlineData("BORG_PASSPHRASE=a\nBORG_PASSCOMMAND=b\nBORG_PASSPHRASE_FD=9", "||3|a")]
    [InlineData("BORG_PASSCOMMAND=printf 'a  b'\nBORG_PASSPHRASE_FD=9", "||3|a  b")]
    public void The_environment_counts_in_the_order_of_borg(string variables, string taken)
    {
        Add(variables);
        Reaches(taken);
    }

    [Theory]
    [InlineData("passphrase", "x y", "||3|x y")]
    [InlineData("passcommand", "/bin/echo x  y", "||3|x y")]
    public void The_configuration_counts_before_the_environment(string key, string value, string taken)
    {
        Add("BORG_PASSPHRASE=a\nBORG_PASSCOMMAND=b\nBORG_PASSPHRASE_FD=9\nBORG_NEW_PASSPHRASE=c");
        _backup.Set("repository", key, value);
        Reaches(taken);
    }

    [Fact]
    public void A_passphrase_that_borg_would_not_get_as_it_is_is_an_error()
    {
        _backup.Environment["BORG_PASSPHRASE"] = "a\n";
        IsRefused("the passphrase contains a line break");
        _backup.Environment["BORG_PASSPHRASE"] = new string('x', 4097);
        IsRefused("the passphrase is longer than 4096 bytes");
        _backup.Environment["BORG_PASSPHRASE"] = new string('x', 4096);
        Reaches($"||3|{new string('x', 4096)}");
    }

    [Fact]
    public void Children_inherit_no_descriptor()
    {
        var show = $"ls /proc/$$/fd > '{_backup.Directory["fds"]}'";
        _backup.Set("repository", "passphrase", "x y").WithStandIn($"{show}.borg; echo \"$JSON\"").AddScript("preexec", "1", $"{show}.script");
        var result = Run("sh", "-c", "exec \"$0\" \"$@\" 3< /dev/null 4< /dev/null 5< /etc/passwd 9> /dev/null");
        Assert.Equal(0, result.ExitCode);
        // From the tenth on they are the shell's own.
        Assert.Equal(["0", "1", "2"], File.ReadAllLines(_backup.Directory["fds.script"]).Where(descriptor => descriptor.Length == 1));
        Assert.Equal(["0", "1", "2", "3"], File.ReadAllLines(_backup.Directory["fds.borg"]).Where(descriptor => descriptor.Length == 1));
    }

    private void Add(string variables)
    {
        foreach (var variable in variables.Split('\n'))
            _backup.Environment[variable.Split('=')[0]] = variable.Split('=', 2)[1];
    }

    private void Reaches(string taken, params string[] wrapper)
    {
        var result = Run(wrapper);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal([taken, taken, taken], File.ReadAllLines(_backup.Directory["taken"]));
    }

    private void IsRefused(string problem, params string[] wrapper)
    {
        var result = Run(wrapper);
        Assert.Equal(78, result.ExitCode);
        Assert.Contains($"[repository] passphrase: {problem}\n", result.Error, StringComparison.Ordinal);
        Assert.Empty(_backup.Calls());
    }

    private ProgramResult Run(params string[] wrapper)
    {
        string[] command = [.. wrapper, Repository.Binary, "-c", _backup.ConfigurationFile];
        _backup.WriteConfiguration();
        return Programs.Run(command[0], command[1..], _backup.Environment);
    }
}
