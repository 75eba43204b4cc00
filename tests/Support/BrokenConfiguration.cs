using System.Text.RegularExpressions;

namespace Assimilator.Tests.Support;

/// <summary>A configuration that is in order until a test breaks it, and how the published binary must refuse it then.
/// In what tests write, DIR/ stands for the backup's directory and FILE for its configuration.</summary>
internal sealed partial class BrokenConfiguration : IDisposable
{
    /// <summary>Stands where a secret could; nothing may ever show it.</summary>
    public const string Canary = "hunter2";

    public BrokenConfiguration(PushgatewayServer? gateway = null)
    {
        Backup = new TestBackup(gateway).WithStandIn().AddScript("preexec", "1").AddScript("postexec", "1");
        Text = Backup.ConfigurationText();
    }

    public TestBackup Backup { get; }

    public string Text { get; set; }

    /// <summary>Puts other lines in place of the one that begins so.</summary>
    public BrokenConfiguration Replace(string line, string by)
    {
        var lines = Text.Split('\n');
        var index = Array.FindIndex(lines, candidate => candidate.StartsWith(line, StringComparison.Ordinal));
        lines[index] = by;
        Text = string.Join('\n', lines);
        return this;
    }

    public BrokenConfiguration Append(string lines)
    {
        Text += $"{lines}\n";
        return this;
    }

    public void Write(string octalMode = "600") =>
        Backup.Directory.Write($"{TestBackup.Name}.ini", Filled(Text + Interval), octalMode);

    /// <summary>At the end, so that no line changes its number: a report without an interval would be a warning.</summary>
    private string Interval => (Text.Contains("[pushgateway]", StringComparison.Ordinal)
        || Text.Contains("[textfile]", StringComparison.Ordinal)) && !Text.Contains("\ninterval", StringComparison.Ordinal)
        ? "\n[backup]\ninterval = 24h\n" : "";

    public ProgramResult Run(params string[] arguments)
    {
        Write();
        return RunAsWritten(arguments);
    }

    /// <summary>How a run ends whose configuration is wrong.</summary>
    public const string FailedRun = "assimilator: backup FAILED: the configuration is wrong, so nothing was started\n";

    public ProgramResult RunAsWritten(params string[] arguments) =>
        Programs.Run(Repository.Binary, [.. arguments, "-c", Backup.ConfigurationFile], Backup.Environment);

    /// <summary>Runs the backup and checks that it is refused with exactly these lines.</summary>
    public void IsRefused(IEnumerable<string> expected, string octalMode = "600")
    {
        Write(octalMode);
        IsRefused(RunAsWritten(), expected);
    }

    /// <param name="result">How the program ended.</param>
    /// <param name="expected">The lines of standard error: an error each, unless they begin with <c>hint: </c>.</param>
    /// <param name="last">The last line of standard error.</param>
    public void IsRefused(ProgramResult result, IEnumerable<string> expected, string last = FailedRun)
    {
        var lines = expected.Select(line => line.StartsWith("hint: ", StringComparison.Ordinal)
            ? $"assimilator: {Filled(line)}\n"
            : $"assimilator: error: {Filled(line)}\n").Append(last).Where(line => line.Length > 0);
        var isAsExpected = result.Error.TrimEnd('\n').Split('\n').Zip(lines)
            .All(pair => pair.First.StartsWith(pair.Second.TrimEnd('\n'), StringComparison.Ordinal))
            && result.Error.Count(character => character == '\n') == lines.Count();
        Assert.True(isAsExpected, $"expected {string.Concat(lines)}, got {result.Error}");
        Assert.Equal("", result.Output);
        Assert.Equal(78, result.ExitCode);
        Assert.DoesNotContain(Canary, result.Everything, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(StackTraceOrResourceKey(), result.Everything);
        Assert.Empty(Backup.Calls());
    }

    public void Dispose() => Backup.Dispose();

    private string Filled(string text) => text
        .Replace("DIR/", $"{Backup.Directory.Path}/", StringComparison.Ordinal)
        .Replace("FILE", Backup.ConfigurationFile, StringComparison.Ordinal);

    [GeneratedRegex(@"^   at |\b(net|IO|Arg|Argument|Format|InvalidOperation|UnauthorizedAccess)_\w",
        RegexOptions.Multiline)]
    private static partial Regex StackTraceOrResourceKey();
}
