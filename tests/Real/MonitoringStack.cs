using System.Diagnostics;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>All that a report passes until somebody is woken: gateway, Prometheus with the rules that the binary prints,
/// Alertmanager and a webhook.</summary>
internal sealed class MonitoringStack : IDisposable
{
    private readonly AlertmanagerServer _alertmanager = new();

    /// <param name="adapt">Changes the rules, where a test cannot wait as long as they do.</param>
    public MonitoringStack(Func<string, string>? adapt = null, string? history = null)
    {
        var rules = Programs.RunOrThrow(Repository.Binary, ["print", "alerts"]);
        Prometheus = new PrometheusServer(
            [("pushgateway", $"127.0.0.1:{Gateway.Port}")], adapt?.Invoke(rules) ?? rules, _alertmanager.Address, history);
    }

    public PushgatewayServer Gateway { get; } = new();

    public PrometheusServer Prometheus { get; }

    /// <summary>Waits until Prometheus knows what the gateway holds of a backup.</summary>
    public void WaitUntilScraped(string backup)
    {
        const string lastRun = "assimilator_last_run_timestamp_seconds";
        var reported = Gateway.Samples(backup)[lastRun];
        Wait.Until(
            () => Prometheus.Query($"{lastRun}{{backup=\"{backup}\"}}").Any(sample => sample.Value == reported),
            $"Prometheus has scraped the report of {backup}");
    }

    /// <summary>Waits until exactly these alerts of a backup have reached the webhook, and sees that it stays so.</summary>
    /// <param name="names">Sorted.</param>
    /// <returns>When they had arrived, as <see cref="Stopwatch.GetTimestamp"/> counts.</returns>
    public long ExpectAlerts(string? backup, params string[] names)
    {
        Wait.Until(() => Names(backup).SequenceEqual(names),
            () => $"these alerts of {backup} fire: {string.Join(", ", names)}; firing are: {string.Join(", ", Names(backup))}");
        var arrivedAt = Stopwatch.GetTimestamp();
        Prometheus.WaitForEvaluations();
        Assert.Equal(names, Prometheus.Query($"ALERTS{{backup=\"{backup}\", alertstate=\"firing\"}}")
            .Select(alert => alert.Labels["alertname"]).Order(StringComparer.Ordinal));
        Assert.Equal(names, Names(backup));
        Assert.All(_alertmanager.Firing(backup), alert => ExpectWords(alert, backup));
        return arrivedAt;
    }

    public void Dispose()
    {
        Prometheus.Dispose();
        _alertmanager.Dispose();
        Gateway.Dispose();
    }

    private string[] Names(string? backup) => [.. _alertmanager.Firing(backup).Select(alert => alert.Name)];

    private static void ExpectWords(ReceivedAlert alert, string? backup)
    {
        Assert.Contains(alert.Labels["severity"], new[] { "warning", "critical" });
        foreach (var annotation in new[] { "summary", "description", "runbook" })
        {
            Assert.NotEmpty(alert.Annotations[annotation]);
            Assert.DoesNotContain("{{", alert.Annotations[annotation], StringComparison.Ordinal);
            Assert.DoesNotContain("no value", alert.Annotations[annotation], StringComparison.Ordinal);
        }
        if (backup is null)
            return;
        Assert.Contains($"backup {backup} of {TestBackup.Instance}", alert.Annotations["summary"], StringComparison.Ordinal);
        Assert.Equal(("assimilator", TestBackup.Instance), (alert.Labels["job"], alert.Labels["instance"]));
    }
}
