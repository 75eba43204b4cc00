using System.Text.Json;
using System.Text.RegularExpressions;
using Assimilator.Reporting;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>The dashboard asks for what is there, and draws it in one piece.</summary>
public sealed partial class DashboardTests
{
    private static readonly Lazy<JsonDocument> Dashboard = new(() =>
        JsonDocument.Parse(Programs.RunOrThrow(Repository.Binary, ["print", "dashboard"])));

    private static List<JsonElement> Panels => [.. Dashboard.Value.RootElement.GetProperty("panels").EnumerateArray()];

    private static IEnumerable<JsonElement> Variables =>
        Dashboard.Value.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray();

    [Theory]
    [InlineData(null)]
    [InlineData("trixie")]
    public void Every_expression_and_variable_finds_data(string? newer)
    {
        using var stack = new MonitoringStack(programs: newer is null ? null : MonitoringPrograms.Of(newer));
        using var backup = new WatchedBackup(stack, "main");
        backup.Good();
        Assert.Equal(0, backup.Backup.Run("check", "--now", "--drill").ExitCode);
        backup.Good();

        foreach (var (job, instance, name) in new[] { (".*", ".*", ".*"), ("assimilator", TestBackup.Instance, "main") })
        {
            foreach (var expression in Expressions())
            {
                var query = expression.Replace("$job", job, StringComparison.Ordinal)
                    .Replace("$instance", instance, StringComparison.Ordinal)
                    .Replace("$backup", name, StringComparison.Ordinal)
                    .Replace("$__rate_interval", "5m", StringComparison.Ordinal);
                Assert.DoesNotContain("$", query, StringComparison.Ordinal);
                Assert.True(stack.Prometheus.Query(query).Count == 1, query);
            }
        }
        Assert.Equal(["assimilator", TestBackup.Instance, "main"], Variables.Where(IsQuery).Select(variable =>
        {
            var query = LabelValues().Match(variable.GetProperty("query").GetProperty("query").GetString()!);
            Assert.Equal(variable.GetProperty("name").GetString(), query.Groups["label"].Value);
            return Assert.Single(stack.Prometheus.LabelValues(
                query.Groups["label"].Value, VariableName().Replace(query.Groups["selector"].Value, ".*")));
        }));
    }

    /// <summary>A backup with one repository beside one with two, in one Prometheus.</summary>
    [Fact]
    public void Every_repository_has_its_row_and_its_alerts()
    {
        using var stack = new MonitoringStack();
        using var one = new WatchedBackup(stack, "one");
        using var two = new WatchedBackup(stack, "two");
        two.Backup.WithSecondRepository("server", "usb");
        one.Good();
        two.Good();
        var table = Panels.Single(panel => panel.GetProperty("type").GetString() == "table").GetProperty("targets").EnumerateArray();
        foreach (var target in table)
        {
            var rows = stack.Prometheus.Query(target.GetProperty("expr").GetString()!.Replace("$job", ".*", StringComparison.Ordinal))
                .Select(row => $"{row.Labels["backup"]} {row.Labels.GetValueOrDefault("repository")}").Order(StringComparer.Ordinal);
            Assert.Equal(["one ", "two server", "two usb"], rows);
        }
        two.Fault(1, backup => backup.Set("borg", "path", backup.Directory.WriteScript("borg-prune",
            "case \"$1 $*\" in prune*-usb) exit 2 ;; esac\nexec borg \"$@\"")), "BackupPruneFailed");
        Assert.Equal("usb", Assert.Single(stack.Prometheus.Query("ALERTS{backup=\"two\"}")).Labels["repository"]);
        stack.ExpectAlerts("one");
    }

    [Fact]
    public void Every_metric_of_the_report_that_changes_is_shown()
    {
        var shown = string.Join('\n', Expressions());
        string[] left =
        [
            // Of no use besides the whole run's exit code, or besides the sizes and the durations.
            "assimilator_preexec_return_code", "assimilator_postexec_return_code",
            "borg_prune_return_code", "assimilator_compact_return_code", "assimilator_all_archives_compressed_size_bytes",
            "assimilator_timed_out_processes",
            // The create of a stream takes as long.
            "assimilator_stream_return_code", "assimilator_stream_duration_seconds",
            // It stays until the next check, beside durations of the last run.
            "assimilator_check_duration_seconds",
            // For the alerts.
            "assimilator_check_return_code", "assimilator_check_interval_seconds",
            "assimilator_restore_return_code", "assimilator_restore_interval_seconds",
            "assimilator_archive_usual_original_size_bytes", "assimilator_archive_usual_files_count",
            "assimilator_archive_usual_deduplicated_size_bytes",
        ];
        Assert.Equal(left.Order(), MetricCatalog.Original.Concat(MetricCatalog.Further)
            .Select(metric => metric.Name).Where(name => !shown.Contains(name, StringComparison.Ordinal)).Order());
    }

    [Theory]
    [InlineData("Overdue", "BackupOverdue")]
    [InlineData("Not reporting", "BackupReportMissing")]
    [InlineData("Failed", "BackupFailed")]
    public void Tiles_count_what_the_alerts_fire_for(string tile, string alert)
    {
        var counted = Panels.Where(panel => panel.TryGetProperty("targets", out _)).SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Single(target => target.TryGetProperty("legendFormat", out var legend) && legend.GetString() == tile).GetProperty("expr").GetString()!;
        var rule = AlertExpression(alert).Match(Programs.RunOrThrow(Repository.Binary, ["print", "alerts"])).Groups[1].Value;
        Assert.Equal(Blanks().Replace($"count({rule}) or vector(0)", ""),
            Blanks().Replace(counted.Replace("{job=~\"$job\"}", "", StringComparison.Ordinal), ""));
    }

    [Fact]
    public void Panels_have_an_id_of_their_own_and_do_not_overlap()
    {
        Assert.Equal(Panels.Count, Panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        var cells = new HashSet<(int, int)>();
        foreach (var panel in Panels)
        {
            var place = panel.GetProperty("gridPos");
            int At(string name) => place.GetProperty(name).GetInt32();
            Assert.InRange(At("x") + At("w"), 1, 24);
            foreach (var x in Enumerable.Range(At("x"), At("w")))
            {
                foreach (var y in Enumerable.Range(At("y"), At("h")))
                    Assert.True(cells.Add((x, y)), panel.GetProperty("title").GetString());
            }
        }
    }

    [Fact]
    public void Every_panel_takes_the_chosen_data_source_and_says_its_unit()
    {
        foreach (var panel in Panels.Where(panel => panel.GetProperty("type").GetString() != "row"))
        {
            Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString());
            var type = panel.GetProperty("type").GetString();
            if (type is not ("table" or "state-timeline"))
                Assert.True(panel.GetProperty("fieldConfig").GetProperty("defaults").TryGetProperty("unit", out _), panel.ToString());
        }
    }

    private static List<string> Expressions() =>
        [.. Panels.Where(panel => panel.TryGetProperty("targets", out _)).SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!)];

    private static bool IsQuery(JsonElement variable) => variable.GetProperty("type").GetString() == "query";

    private static Regex AlertExpression(string alert) =>
        new($@"- alert: {alert}\n(?: +#.*\n)* +expr: (?:\|\n)?((?:.*\n)*?) +labels:");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\Alabel_values\((?<selector>.*), (?<label>\w+)\)\z")]
    private static partial Regex LabelValues();

    [GeneratedRegex(@"\$\w+")]
    private static partial Regex VariableName();
}
