using System.Globalization;
using System.Text.RegularExpressions;
using Assimilator.Commands;
using Assimilator.Report;
using Assimilator.Tests.Binary;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Unit;

/// <summary>README is short, and what the manual says beside the tables of the program is what the code does.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Readme_can_be_read_in_ten_minutes() => Assert.InRange(Repository.ReadText("README.md").Split('\n').Length, 100, 301);

    [Fact]
    public void Readme_names_no_command_that_is_not_there() => Assert.All(
        Command().Matches(Repository.ReadText("README.md")).Select(match => match.Groups[1].Value).Distinct(),
        word => Assert.Contains(word, CommandTable.Names));

    /// <summary>What README says of the time that a run takes, and of a push to a gateway with many groups.</summary>
    [Fact]
    public void Figures_are_those_of_the_benchmark()
    {
        var readme = Repository.ReadText("README.md").ReplaceLineEndings(" ");
        var rows = Repository.ReadText("tests/Bench/results.tsv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => line.Split('\t')).ToDictionary(columns => columns[0]);
        string Ratio(string row) => rows[row][6];
        string Time(string row) => rows[row][2];
        var run = rows["whole: 2,000 files, unchanged, against a script"];
        Assert.Contains($"Measured on {run[9]} by", readme, StringComparison.Ordinal);
        Assert.Contains($"2,000 unchanged files takes {run[6]} of the time of such a script and "
            + $"{Ratio("whole: 2,000 files, unchanged, against borgmatic")} of borgmatic's; over ssh with 40 ms of delay each way, a run that "
            + $"deletes nothing takes {Ratio("distance: a run over ssh that deletes nothing, against a script")} of the script's.", readme, StringComparison.Ordinal);
        Assert.Contains($"a push takes {Time("fleet: a push at 100 groups")} ms with 100 of them, {Time("fleet: a push at 1,000 groups")} ms with 1,000, "
            + $"{double.Parse(Time("fleet: a push at 10,000 groups"), CultureInfo.InvariantCulture) / 1000:0.0} s with 10,000", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Alerts() => Assert.Equal(
        AlertRule().Matches(Repository.ReadText("src/Resources/alerts.yaml")).Select(rule => $"{rule.Groups[1]} {rule.Groups[2]}"),
        Repository.ReadText("src/Resources/manual-alerts").TrimEnd('\n').Split('\n').Select(line =>
        {
            Assert.Matches(@"\A\w+ \w+ .{20,} \| .{10,}\z", line);
            return string.Join(' ', line.Split(' ')[..2]);
        }));

    [Fact]
    public void Exit_codes_are_those_that_help_shows()
    {
        foreach (var (code, _) in ExitCodes.Table)
            Assert.Matches($@"(?m)^  {Regex.Escape(code)}\s+\w", Usage.General);
    }

    /// <summary>The one exit code that all faults of a group lead to.</summary>
    internal static string ExitCode(IReadOnlyList<Fault> faults, RunStep step)
    {
        var codes = faults.Where(fault => fault.Steps.Contains(step))
            .Select(fault => Expectation.Of(fault, step).ExitCode).Distinct().ToList();
        return codes.Count == 0 ? "" : $"{Assert.Single(codes)}";
    }

    [GeneratedRegex(@"(?m)^      - alert: (\w+)$(?:\n(?! +- alert:).*)*?\n +severity: (\w+)$")]
    private static partial Regex AlertRule();

    // In a command line or in backticks; a path, an option or a placeholder is none.
    [GeneratedRegex(@"(?:^|`)assimilator ([a-z-]+)\b(?![./])", RegexOptions.Multiline)]
    private static partial Regex Command();
}
