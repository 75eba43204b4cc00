using System.Text.RegularExpressions;
using Assimilator.Commands;
using Assimilator.Configuration;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.Run;
using Assimilator.Tests.Binary;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Unit;

/// <summary>README's tables say what the code does, row by row.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string[] Lines = Repository.ReadText("README.md").Split('\n');

    [Fact]
    public void Configuration_keys() => Expect("| key | default | meaning |",
        Schema.All.Select(key => $"| `[{key.Section}] {key.Name}` | {key.Default} | {key.Help} |"));

    [Fact]
    public void Lists() => Expect("| list | values |",
        Schema.Lists.Select(list => $"| `[{list.Name}]` | {list.Help} |"));

    [Fact]
    public void Script_variables() => Expect("| variable | meaning |",
        ScriptEnvironment.Table.Select(variable => $"| `{variable.Name}` | {variable.Meaning} |"));

    [Fact]
    public void Commands() => Expect("| command | what it does |",
        CommandTable.All.Select(row => $"| `{row.Name}` | {row.Summary} |"));

    [Fact]
    public void Exit_codes() => Expect("| code | meaning |",
        ExitCodes.Table.Select(row => $"| {row.Code} | {row.Meaning} |"));

    [Fact]
    public void Metrics()
    {
        var rows = Table("| metric | meaning | what it is for |").Select(row => row.Split(" | ")).ToList();
        Assert.Equal(
            MetricCatalog.Original.Concat(MetricCatalog.Further).Select(metric => $"| `{metric.Name}` | {metric.Help}")
                .Append($"| `{MetricCatalog.BuildInfoName}` | {MetricCatalog.BuildInfoHelp}"),
            rows.Select(row => $"{row[0]} | {row[1]}"));
        // The manual says the same.
        Assert.Equal(Repository.ReadText("src/Resources/manual-metrics"), string.Concat(rows.Select(row => $"{row[0].Trim('|', ' ', '`')} {row[2][..^2]}\n")));
    }

    [Fact]
    public void Alerts() => Assert.Equal(
        AlertRule().Matches(Repository.ReadText("src/Resources/alerts.yaml")).Select(rule => $"| `{rule.Groups[1]}` | {rule.Groups[2]}"),
        Table("| alert | severity | fires when | cannot see |").Select(row => string.Join(" | ", row.Split(" | ")[..2])));

    [Fact]
    public void What_happens_when() => Expect("| what a child does | preexec | create | prune | compact | postexec |",
        Fault.All.GroupBy(fault => fault.Group).Select(group =>
            $"| {group.Key} | {string.Join(" | ", Enum.GetValues<RunStep>().Select(step => ExitCode([.. group], step)))} |"));

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

    private static void Expect(string header, IEnumerable<string> rows) =>
        Assert.Equal(string.Join('\n', rows), string.Join('\n', Table(header)));

    private static IEnumerable<string> Table(string header)
    {
        var start = Array.IndexOf(Lines, header);
        Assert.True(start >= 0, $"README has no table with the header {header}");
        return Lines.Skip(start + 2).TakeWhile(line => line.StartsWith('|'));
    }

    [GeneratedRegex(@"(?m)^      - alert: (\w+)$(?:\n(?! +- alert:).*)*?\n +severity: (\w+)$")]
    private static partial Regex AlertRule();
}
