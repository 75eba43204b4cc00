using Assimilator.Configuration;
using Assimilator.Metrics;
using Assimilator.Processes;
using Assimilator.Pushgateway;
using Assimilator.Terminal;

namespace Assimilator;

/// <summary>Brings the report to where it is read.</summary>
internal sealed class ReportDelivery(
    BackupConfiguration configuration, IReadOnlyDictionary<string, string> environment, Interruption interruption,
    Messages messages)
{
    /// <summary>Pushes the report, if there is a gateway.</summary>
    /// <returns>False if it could not be delivered.</returns>
    public bool Deliver(RunReport report)
    {
        if (configuration.Pushgateway is not { } settings)
            return true;
        var body = TextFormat.Serialize(MetricCatalog.Families(report, ProgramVersion.Number));
        var client = new PushgatewayClient(settings, environment, messages);
        var (retries, timeout) = Limits(settings);
        var result = client.PushAsync(MethodFor(report), body, retries, timeout).GetAwaiter().GetResult();
        if (result.Failure is null)
            messages.Info($"report pushed to {client.Url}");
        else
            messages.Error($"the report was not delivered to {client.Url}: {result.Failure}", result.Hint);
        return result.Failure is null;
    }

    /// <summary>PUT replaces the group. A report that does not know the last success must not wipe out the gateway's: it
    /// goes by POST, which leaves alone what it does not name.</summary>
    private static HttpMethod MethodFor(RunReport report) => report.LastSuccess is null ? HttpMethod.Post : HttpMethod.Put;

    /// <summary>After a signal, no longer than the shutdown may take; after a second one, a single try.</summary>
    private (int Retries, TimeSpan Timeout) Limits(PushgatewaySettings settings)
    {
        var timeout = interruption.Remaining is { } left && left < settings.Timeout
            ? TimeSpan.FromSeconds(Math.Max(left.TotalSeconds, 5))
            : settings.Timeout;
        return (interruption.Count > 1 ? 0 : settings.Retries, timeout);
    }
}
