using System.Text.RegularExpressions;
using Assimilator.Reporting;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>The alert rules, by the real promtool. Its test files say what fires when, and with which words.</summary>
public sealed partial class AlertRulesTests : IDisposable
{
    private const string RulesFile = "alerts.yaml";

    private static readonly string[] TestFiles =
        ["runs.test.yaml", "reports.test.yaml", "gateway.test.yaml", "contents.test.yaml", "repositories.test.yaml", "streams.test.yaml"];

    private readonly TestDirectory _directory = new();

    public AlertRulesTests() => _directory.Write(RulesFile, RulesWithoutComments);

    public static TheoryData<string> HandWritten => [.. TestFiles];

    public static TheoryData<string> NewerSuites => [.. MonitoringPrograms.NewerSuites];

    private static string Rules => Programs.RunOrThrow(Repository.Binary, ["print", "alerts"]);

    /// <summary>With the rules that stand in comments.</summary>
    private static string RulesWithoutComments => RuleInComment().Replace(Rules, "$1");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Promtool_accepts_the_rules()
    {
        Promtool("check", _directory[RulesFile]);
        Promtool("check", _directory.Write("as-delivered.yaml", Rules));
    }

    [Theory]
    [MemberData(nameof(HandWritten))]
    public void What_fires_when(string file) => Promtool("test", _directory.Write(file, HandWrittenText(file)));

    [Theory]
    [MemberData(nameof(NewerSuites))]
    public void Newer_promtools_accept_the_rules_and_agree_what_fires_when(string suite)
    {
        var programs = MonitoringPrograms.Of(suite);
        var promtool = programs["promtool"];
        Assert.True(programs.Runs("prometheus", () => Programs.RunOrThrow(promtool, ["--version"]).Split(' ')[2]));
        Promtool("check", _directory[RulesFile], promtool);
        Promtool("check", _directory.Write("as-delivered.yaml", Rules), promtool);
        foreach (var file in TestFiles)
            Promtool("test", _directory.Write(file, HandWrittenText(file)), promtool);
    }

    [Fact]
    public void Every_alert_is_tested_firing_and_not()
    {
        var alerts = RuleBlocks().Select(rule => rule.Name).ToList();
        var cases = TestFiles.SelectMany(file => Case().Matches(HandWrittenText(file)))
            .Select(match => (Alert: match.Groups["alert"].Value, Fires: !match.Groups["none"].Success)).ToList();
        Assert.NotEmpty(alerts);
        Assert.Equal(alerts.Order(), alerts.Distinct().Order());
        Assert.Equal(alerts.Order(), cases.Where(one => one.Fires).Select(one => one.Alert).Distinct().Order());
        Assert.Equal(alerts.Order(), cases.Where(one => !one.Fires).Select(one => one.Alert).Distinct().Order());
    }

    [Fact]
    public void Every_alert_says_how_grave_it_is_what_is_wrong_and_what_to_do()
    {
        foreach (var (name, text) in RuleBlocks())
        {
            Assert.True(Severity().Count(text) == 1, $"{name} has no severity");
            foreach (var annotation in new[] { "summary", "description", "runbook" })
                Assert.True(Regex.Count(text, $@"\n {{10}}{annotation}: \S") == 1, $"{name} has no {annotation}");
        }
    }

    /// <summary>A name that is misspelt neither fires nor fails.</summary>
    [Fact]
    public void Rules_and_tests_know_only_metrics_that_there_are()
    {
        var known = MetricCatalog.Original.Concat(MetricCatalog.Further).Select(metric => metric.Name).ToHashSet();
        foreach (var text in TestFiles.Select(HandWrittenText).Append(RulesWithoutComments))
            Assert.Subset(known, MetricName().Matches(text).Select(match => match.Value).ToHashSet());
    }

    private static void Promtool(string command, string file, string promtool = "promtool")
    {
        var result = Programs.Run(promtool, [command, "rules", file], patience: TimeSpan.FromMinutes(8));
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    private static string HandWrittenText(string file) => Repository.ReadText($"tests/Resources/alerts/{file}");

    private static IEnumerable<(string Name, string Text)> RuleBlocks() => RuleStart().Split(RulesWithoutComments).Skip(1)
        .Select(text => (text[..text.IndexOf('\n', StringComparison.Ordinal)], text));

    [GeneratedRegex("^( +)#(?=- alert|  )", RegexOptions.Multiline)]
    private static partial Regex RuleInComment();


    [GeneratedRegex(@"^ +- alert: (?=\w+$)", RegexOptions.Multiline)]
    private static partial Regex RuleStart();

    [GeneratedRegex(@"\n {10}severity: (critical|warning)\n")]
    private static partial Regex Severity();

    [GeneratedRegex(@"alertname: (?<alert>\w+),?\s+exp_alerts:(?<none> \[\])?")]
    private static partial Regex Case();

    [GeneratedRegex(@"\b(assimilator|borg)_\w+")]
    private static partial Regex MetricName();
}
