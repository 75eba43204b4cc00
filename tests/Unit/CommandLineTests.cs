using Assimilator.Commands;

namespace Assimilator.Tests.Unit;

public sealed class CommandLineTests
{
    private const string Default = "/etc/assimilator.ini";

    [Theory]
    [InlineData("", nameof(Command.Run), Default)]
    [InlineData("run", nameof(Command.Run), Default)]
    [InlineData("validate", nameof(Command.Validate), Default)]
    [InlineData("print config", nameof(Command.Print), Default)]
    [InlineData("forget -c x.ini", nameof(Command.Forget), "x.ini")]
    [InlineData("-c x.ini", nameof(Command.Run), "x.ini")]
    [InlineData("--config x.ini", nameof(Command.Run), "x.ini")]
    [InlineData("--config=x.ini", nameof(Command.Run), "x.ini")]
    [InlineData("--config=a=b", nameof(Command.Run), "a=b")]
    [InlineData("-cx.ini", nameof(Command.Run), "x.ini")]
    [InlineData("run -c x.ini", nameof(Command.Run), "x.ini")]
    [InlineData("-c x.ini run", nameof(Command.Run), "x.ini")]
    [InlineData("-c run", nameof(Command.Run), "run")]
    [InlineData("-c -h", nameof(Command.Run), "-h")]
    [InlineData("validate -c /a/b.ini", nameof(Command.Validate), "/a/b.ini")]
    [InlineData("print -c x.ini config", nameof(Command.Print), "x.ini")]
    public void Reads(string arguments, string command, string file)
    {
        var parsed = Parse(arguments, out var problem);
        Assert.Equal((command, file), (parsed?.Command.ToString(), parsed?.ConfigurationFile));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("-h", nameof(Command.Help))]
    [InlineData("--help", nameof(Command.Help))]
    [InlineData("help", nameof(Command.Help))]
    [InlineData("run -h", nameof(Command.Help))]
    [InlineData("nonsense --help", nameof(Command.Help))]
    [InlineData("-c x.ini -h", nameof(Command.Help))]
    [InlineData("-V", nameof(Command.Version))]
    [InlineData("--version", nameof(Command.Version))]
    [InlineData("version", nameof(Command.Version))]
    [InlineData("validate -V", nameof(Command.Version))]
    public void Helps(string arguments, string command)
    {
        Assert.Equal(command, Parse(arguments, out var problem)?.Command.ToString());
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("--verbose", "unknown option '--verbose'")]
    [InlineData("-x", "unknown option '-x'")]
    [InlineData("-", "unknown option '-'")]
    [InlineData("--", "unknown option '--'")]
    [InlineData("--conf x.ini", "unknown option '--conf'")]
    [InlineData("--configx.ini", "unknown option '--configx.ini'")]
    [InlineData("-C x.ini", "unknown option '-C'")]
    [InlineData("-c", "-c needs the path of a configuration")]
    [InlineData("--config", "-c needs the path of a configuration")]
    [InlineData("--config=", "-c needs the path of a configuration")]
    [InlineData("run --config", "-c needs the path of a configuration")]
    [InlineData("-c a -c b", "-c is given twice; one run is one backup")]
    [InlineData("-c a --config=a", "-c is given twice; one run is one backup")]
    [InlineData("-ca -cb", "-c is given twice; one run is one backup")]
    [InlineData("print", "print what? known are config, alerts, dashboard, service, timer, systemd")]
    [InlineData("print version", "print what? known are config, alerts, dashboard, service, timer, systemd")]
    [InlineData("print config again", "print what? known are config, alerts, dashboard, service, timer, systemd")]
    [InlineData("backup", "unknown command 'backup'")]
    [InlineData("Run", "unknown command 'Run'")]
    [InlineData("run validate", "unknown command 'run validate'")]
    [InlineData("x.ini", "unknown command 'x.ini'")]
    [InlineData("\u001b[31m", @"unknown command '\x1b[31m'")]
    [InlineData("-\u001b[31m", @"unknown option '-\x1b[31m'")]
    public void Refuses(string arguments, string expected)
    {
        Assert.Null(Parse(arguments, out var problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void Takes_an_empty_argument_as_it_is()
    {
        Assert.Null(CommandLine.Parse([""], out var problem));
        Assert.Equal("unknown command ''", problem);
        Assert.Null(CommandLine.Parse(["-c", ""], out problem));
        Assert.Equal("-c needs the path of a configuration", problem);
    }

    [Fact]
    public void Takes_a_path_with_blanks() =>
        Assert.Equal("/a b/c.ini", CommandLine.Parse(["-c", "/a b/c.ini"], out _)?.ConfigurationFile);

    private static CommandLine? Parse(string arguments, out string? problem) =>
        CommandLine.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), out problem);
}
