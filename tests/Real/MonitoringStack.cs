using System.Diagnostics;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>All that a report passes until somebody is woken: gateway, Prometheus with the rules that the binary prints,
/// Alertmanager and a webhook.</summary>
internal sealed class MonitoringStack : IDisposable
{
    private readonly MonitoringPrograms _programs;
    private readonly AlertmanagerServer _alertmanager;
    private readonly List<MonitoringStack> _stacks;
    private readonly MirroringServer? _mirror;

    /// <param name="adapt">Changes the rules, where a test cannot wait as long as they do.</param>
    /// <param name="history">What Prometheus has scraped long ago.</param>
    /// <param name="programs">Which programs its servers are; the installed ones if null.</param>
    /// <param name="mirrored">Each of these Debians gets a stack with its own programs, to which every push goes as well, and
    /// where the same alerts have to fire.</param>
    public MonitoringStack(Func<string, string>? adapt = null, string? history = null, MonitoringPrograms? programs = null,
        IEnumerable<string>? mirrored = null)
    {
        programs ??= MonitoringPrograms.Installed;
        _programs = programs;
        _stacks = [this];
        try
        {
            _alertmanager = new AlertmanagerServer(programs);
            Gateway = new PushgatewayServer(programs);
            var rules = Programs.RunOrThrow(Repository.Binary, ["print", "alerts"]);
            Prometheus = new PrometheusServer(
                [("pushgateway", $"127.0.0.1:{Gateway.Port}")], adapt?.Invoke(rules) ?? rules, _alertmanager.Address, history,
                programs: programs);
            foreach (var suite in mirrored ?? [])
                _stacks.Add(new MonitoringStack(adapt, history, MonitoringPrograms.Of(suite)));
            if (_stacks.Count > 1)
            {
                _mirror = new MirroringServer(Gateway.Port, _stacks.Skip(1).Select(stack => stack.Gateway.Port));
                Gateway.Url = _mirror.Url;
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public PushgatewayServer Gateway { get; }

    public PrometheusServer Prometheus { get; }

    /// <summary>Waits until Prometheus knows what the gateway holds of a backup.</summary>
    public void WaitUntilScraped(string backup)
    {
        const string lastRun = "assimilator_last_run_timestamp_seconds";
        var reported = Gateway.Samples(backup)[lastRun];
        foreach (var stack in _stacks)
        {
            Wait.Until(
                () => stack.Prometheus.Query($"{lastRun}{{backup=\"{backup}\"}}").Any(sample => sample.Value == reported),
                $"Prometheus of {stack._programs} has scraped the report of {backup}");
        }
    }

    /// <summary>Stops the gateway, the mirrored ones too.</summary>
    public void StopGateway() => _stacks.ForEach(stack => stack.Gateway.Stop());

    /// <summary>Starts it without any memory, the mirrored ones too.</summary>
    public void RestartGateway() => _stacks.ForEach(stack => stack.Gateway.Restart());

    /// <summary>Waits until exactly these alerts of a backup have reached the webhook, and sees that it stays so.</summary>
    /// <param name="names">Sorted.</param>
    /// <returns>When they had arrived, as <see cref="Stopwatch.GetTimestamp"/> counts.</returns>
    public long ExpectAlerts(string? backup, params string[] names)
    {
        foreach (var stack in _stacks)
        {
            Wait.Until(() => stack.Names(backup).SequenceEqual(names), () => $"these alerts of {backup} fire on {stack._programs}: "
                + $"{string.Join(", ", names)}; firing are: {string.Join(", ", stack.Names(backup))}");
        }
        var arrivedAt = Stopwatch.GetTimestamp();
        PrometheusServer.WaitForEvaluations([.. _stacks.Select(stack => stack.Prometheus)]);
        Assert.All(_stacks, stack => stack.ExpectFiring(backup, names));
        return arrivedAt;
    }

    public void Dispose()
    {
        _mirror?.Dispose();
        foreach (var stack in _stacks.Skip(1))
            stack.Dispose();
        Prometheus?.Dispose();
        _alertmanager?.Dispose();
        Gateway?.Dispose();
    }

    private string[] Names(string? backup) => [.. _alertmanager.Firing(backup).Select(alert => alert.Name)];

    private void ExpectFiring(string? backup, string[] names)
    {
        Assert.Equal(names, Prometheus.Query($"ALERTS{{backup=\"{backup}\", alertstate=\"firing\"}}")
            .Select(alert => alert.Labels["alertname"]).Order(StringComparer.Ordinal));
        Assert.Equal(names, Names(backup));
        Assert.All(_alertmanager.Firing(backup), alert => ExpectWords(alert, backup));
    }

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
