using System.Text.RegularExpressions;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>One line shows how far borg has come, where somebody watches.</summary>
public sealed partial class ProgressTests : IDisposable
{
    /// <summary>Half a second of progress, with a file whose name is wide.</summary>
    private const string Create =
        """
        for i in 1 2 3 4 5; do
            echo '{"type": "archive_progress", "original_size": 3200000000, "nfiles": 12345, "path": "home/alice/Pictures/日本語/holiday.jpg"}' >&2
            sleep 0.2
        done
        echo '{"type": "log_message", "levelname": "WARNING", "message": "a warning"}' >&2
        sleep 0.5
        echo '{"type": "archive_progress", "finished": true}' >&2
        echo "$JSON"
        """;

    private readonly TestBackup _backup = new TestBackup().WithStandIn(create: Create);

    public void Dispose() => _backup.Dispose();

    [Theory]
    [InlineData(40)]
    [InlineData(200)]
    public void A_terminal_has_one_line_that_redraws_itself(int columns)
    {
        var output = InTerminal($"stty cols {columns}", "xterm");
        var drawn = Drawn().Matches(output).Select(match => match.Groups[1].Value).Where(line => line.Length > 0).ToList();
        Assert.True(drawn.Count >= 3, output);
        // A wide character takes two columns.
        Assert.All(drawn, line => Assert.InRange(line.Length + line.Count(character => character >= 0x2E80), 1, columns - 1));
        Assert.Contains(drawn, line => line.Contains("12,345 files", StringComparison.Ordinal));
        Assert.Equal(columns == 200, drawn.Exists(line => line.Contains("/home/alice/Pictures/日本語/holiday.jpg", StringComparison.Ordinal)));
        // Messages are above it, and nothing of it is left.
        var screen = Drawn().Replace(output, "").Split("\r\n");
        Assert.Contains("assimilator: warning: borg: a warning", screen);
        Assert.StartsWith("assimilator: backup OK", screen[^2], StringComparison.Ordinal);
        Assert.Contains("--progress", File.ReadAllText(_backup.Directory["arguments.create"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Follows_a_terminal_that_gets_another_width()
    {
        var progress = string.Join('\n', Create.Split('\n')[..4]);
        _backup.WithStandIn(create: $"{progress}\nstty -F \"$(cat '{_backup.Directory["tty"]}')\" cols 40\n{Create}");
        var drawn = Drawn().Matches(InTerminal($"stty cols 200; tty > '{_backup.Directory["tty"]}'", "xterm"))
            .Select(match => match.Groups[1].Value).Where(line => line.Contains("create: ", StringComparison.Ordinal)).ToList();
        Assert.True(drawn[0].Length > 60, drawn[0]);
        Assert.InRange(drawn[^1].Length, 1, 39);
    }

    [Theory]
    [InlineData("dumb", "true")]
    [InlineData("", "true")]
    [InlineData("xterm", "exec 2>/dev/null")]
    [InlineData("xterm", "true", "--quiet")]
    [InlineData("xterm", "true", "--json")]
    public void Nobody_else_has(string terminal, string before, string option = "")
    {
        Assert.DoesNotContain("\e", InTerminal(before, terminal, option), StringComparison.Ordinal);
        Assert.DoesNotContain("--progress", File.ReadAllText(_backup.Directory["arguments.create"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_says_nothing_of_a_success_and_all_of_a_failure()
    {
        _backup.WithStandIn();
        Assert.Equal((0, ""), (_backup.Run("run", "-q") is var good ? good.ExitCode : -1, good.Everything));
        var bad = _backup.WithStandIn(create: "echo 'the cause' >&2; exit 2").Run("run", "-q");
        Assert.Equal((2, ""), (bad.ExitCode, bad.Output));
        Assert.Contains("borg: the cause", bad.Error, StringComparison.Ordinal);
        Assert.Contains("error: borg create exited with code 2", bad.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Verbose_shows_each_command() =>
        Assert.Contains("assimilator: running ", _backup.WithStandIn().Run("run", "-v").Output, StringComparison.Ordinal);

    /// <summary>script(1) gives the program a terminal.</summary>
    private string InTerminal(string before, string terminal, string option = "")
    {
        _backup.Environment["TERM"] = terminal;
        var result = Programs.Run(
            "script", ["-qec", $"{before}; exec '{Repository.Binary}' run {option} -c '{_backup.WriteConfiguration()}'", "/dev/null"], _backup.Environment);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.Output;
    }

    [GeneratedRegex("\r([^\r\n]*)\e\\[K")]
    private static partial Regex Drawn();
}
