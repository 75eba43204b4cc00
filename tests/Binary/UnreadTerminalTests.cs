using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>A terminal that stops reading, by Ctrl-S for example, stops messages but no run.</summary>
public sealed class UnreadTerminalTests : IDisposable
{
    private static readonly string Rest = new('x', 100);

    private readonly TestBackup _backup = new TestBackup().WithStandIn()
        .AddScript("preexec", "1", $"seq -f 'line %04.0f {Rest}' 1500");

    public void Dispose() => _backup.Dispose();

    [Fact]
    public void It_does_not_hold_the_run()
    {
        var result = Run(_backup.AddScript("postexec", "1"));
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(["preexec-1", "create", "postexec-1"], _backup.Calls());
    }

    [Fact]
    public void When_it_goes_on_it_gets_whole_lines()
    {
        var result = Run(_backup.AddScript("postexec", "1",
            $"touch '{_backup.Directory["begin"]}'; until [ -e '{_backup.Directory["idle"]}' ]; do sleep 0.05; done"));
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.All(result.Output.Split("\r\n").Where(line => line.Contains("line", StringComparison.Ordinal)),
            line => Assert.Matches($@"\Aassimilator: preexec 1: line \d{{4}} {Rest}\z", line));
        Assert.Contains("\r\nassimilator: everything succeeded (exit code 0 after ", result.Output, StringComparison.Ordinal);
    }

    /// <summary>The limit counts all that a user runs, and this one runs nothing else.</summary>
    [Fact]
    public void Where_no_further_thread_is_to_be_had_it_is_written_all_the_same()
    {
        const uint user = 54321;
        var result = Users.RunAs(user, new Dictionary<string, string?>(), "prlimit", "--nproc=2", Repository.Binary, "validate", "-c", "/nonexistent");
        Assert.Equal((78, "assimilator: error: /nonexistent: does not exist\n"), (result.ExitCode, result.Error));
    }

    private static ProgramResult Run(TestBackup backup)
    {
        backup.WriteConfiguration();
        return Programs.Run("python3",
            [Path.Combine(Repository.Root, "tests/Resources/unread-terminal.py"), backup.Directory["begin"], backup.Directory["idle"],
                Repository.Binary, "-c", backup.ConfigurationFile], backup.Environment);
    }
}
