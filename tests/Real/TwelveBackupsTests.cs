using System.Text.Json;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>Twelve backups, each in another state, and one that has moved from one gateway to another, in one Prometheus: the
/// dashboard shows each once.</summary>
public sealed class TwelveBackupsTests : IDisposable
{
    private readonly PushgatewayServer _old = new();
    private readonly PushgatewayServer _new = new();
    private readonly List<TestBackup> _backups = [];

    public void Dispose()
    {
        _backups.ForEach(backup => backup.Dispose());
        _old.Dispose();
        _new.Dispose();
    }

    [Fact]
    public void Each_is_shown_once_and_alarms_for_itself()
    {
        Run("good", 0);
        Run("fails", 2, backup => backup.WithStandIn(create: "exit 2"), runs: 3);
        Run("failed-once", 2, backup => backup.WithStandIn(create: "exit 2"));
        Run("is-skipped", 75, backup => backup.AddScript("preexec", "1", "exit 75"), runs: 3);
        Run("warns", 1, backup => backup.WithStandIn(create: "echo \"$JSON\"; exit 1"));
        Run("cannot-prune", 1, backup => backup.WithStandIn(prune: "exit 2").Set("retention", "daily", "7").Set("retention", "adopt", "true"));
        Run("is-misconfigured", 78, backup => backup.Set("backup", "compresion", "lz4"));
        Run("has-a-label", 0, backup => backup.Set("labels", "site", "vienna"));
        Run("has-two", 0, backup => InTwo(backup, "server", "usb"));
        Run("lacks-one", 0, backup => InTwo(backup, "server", "usb").Set("repository.usb", "may_be_absent", "true"));
        Run("is-silent", 0);
        _old.Rewrite("is-silent", (name, value) =>
            name.EndsWith("_timestamp_seconds", StringComparison.Ordinal) ? value - TimeSpan.FromDays(5).TotalSeconds : value);
        _old.PutGroup("job/assimilator/instance/testhost/backup/is-of-the-original",
            "# TYPE assimilator_create_return_code gauge\nassimilator_create_return_code 2\n");

        var moved = Run("moved", 0);
        _old.Rewrite("moved", (name, value) =>
            name.EndsWith("_timestamp_seconds", StringComparison.Ordinal) ? value - TimeSpan.FromDays(5).TotalSeconds : value);
        moved.Set("pushgateway", "url", _new.Url);
        Assert.Equal(0, moved.Run().ExitCode);

        using var prometheus = new PrometheusServer([("old", $"127.0.0.1:{_old.Port}"), ("new", $"127.0.0.1:{_new.Port}")],
            Programs.RunOrThrow(Repository.Binary, ["print", "alerts"]), labelsGateways: true);
        Wait.Until(() => prometheus.Query("assimilator:superseded").Count == 1, "the old report of the moved backup is known as such");
        PrometheusServer.WaitForEvaluations([prometheus]);

        ExpectEachOnce(prometheus);
        Assert.Equal(
            [
                "cannot-prune BackupPruneFailed", "failed-once BackupFailed", "fails BackupFailed", "fails BackupNeverSucceeded",
                "is-misconfigured BackupFailed", "is-of-the-original BackupOriginalFailed", "is-silent BackupOverdue",
                "is-silent BackupReportMissing", "is-skipped BackupNeverSucceeded",
                "is-skipped BackupSkippedTooOften",
            ],
            prometheus.Query("ALERTS{alertstate=\"firing\"}").Select(alert => $"{alert.Labels["backup"]} {alert.Labels["alertname"]}")
                .Order(StringComparer.Ordinal));
    }

    private static void ExpectEachOnce(PrometheusServer prometheus)
    {
        using var dashboard = JsonDocument.Parse(Programs.RunOrThrow(Repository.Binary, ["print", "dashboard"]));
        var shown = new HashSet<string>();
        foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _)))
        {
            foreach (var target in panel.GetProperty("targets").EnumerateArray())
            {
                var query = target.GetProperty("expr").GetString()!.Replace("$__rate_interval", "5m", StringComparison.Ordinal);
                var rows = prometheus.Query(System.Text.RegularExpressions.Regex.Replace(query, @"\$\w+", ".*"))
                    .Where(row => row.Labels.ContainsKey("backup"))
                    .Select(row => $"{row.Labels["backup"]} {row.Labels.GetValueOrDefault("repository")}".Trim()).ToList();
                Assert.True(rows.Count == rows.Distinct().Count(), $"{query}\n{string.Join('\n', rows.Order(StringComparer.Ordinal))}");
                if (panel.GetProperty("type").GetString() == "table")
                    shown.UnionWith(rows);
            }
        }
        Assert.Equal(
            [
                "cannot-prune", "failed-once", "fails", "good", "has-a-label", "has-two server", "has-two usb", "is-misconfigured",
                "is-of-the-original", "is-silent", "is-skipped", "lacks-one server", "lacks-one usb", "moved", "warns",
            ],
            shown.Order(StringComparer.Ordinal));
    }

    private TestBackup Run(string name, int exitCode, Action<TestBackup>? change = null, int runs = 1)
    {
        var backup = new TestBackup(_old).WithStandIn();
        _backups.Add(backup);
        backup.Label = name;
        change?.Invoke(backup);
        for (var i = 0; i < runs; i++)
        {
            var result = backup.Run();
            Assert.True(result.ExitCode == exitCode, $"{name}: {result}");
        }
        return backup;
    }

    private static TestBackup InTwo(TestBackup backup, string first, string second) => backup.Remove("repository", "location")
        .Set($"repository.{first}", "location", backup.Directory["first"]).Set($"repository.{second}", "location", backup.Directory["second"]);
}
