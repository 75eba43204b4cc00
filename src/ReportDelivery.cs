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
    private static readonly TimeSpan LookAtSignals = TimeSpan.FromMilliseconds(100);

    /// <summary>Pushes the report, if there is a gateway.</summary>
    /// <returns>False if it could not be delivered.</returns>
    public bool Deliver(RunReport report)
    {
        if (configuration.Pushgateway is not { } settings)
            return true;
        var body = TextFormat.Serialize(MetricCatalog.Families(report, ProgramVersion.Number));
        var client = new PushgatewayClient(settings, environment, messages);
        var result = Push(client, settings, MethodFor(report), body);
        if (result.Failure is null)
            messages.Info($"report pushed to {client.Url}");
        else
            messages.Error($"the report was not delivered to {client.Url}: {result.Failure}", result.Hint);
        return result.Failure is null;
    }

    /// <summary>PUT replaces the group. A report that does not know the last success must not wipe out the gateway's: it
    /// goes by POST, which leaves alone what it does not name. Only one that cannot be true goes.</summary>
    private static HttpMethod MethodFor(RunReport report) =>
        report.LastSuccess is null && !report.IsLastSuccessWrong ? HttpMethod.Post : HttpMethod.Put;

    /// <summary>Pushes, and after a signal, also one that comes meanwhile, no longer than the shutdown may take; after a
    /// second one, a single try.</summary>
    private PushResult Push(PushgatewayClient client, PushgatewaySettings settings, HttpMethod method, string body)
    {
        using var stop = new CancellationTokenSource();
        var push = client.PushAsync(method, body, interruption.Count > 1 ? 0 : settings.Retries, settings.Timeout, stop.Token);
        var signalsSeen = 0;
        do
        {
            if (interruption.Count == signalsSeen)
                continue;
            signalsSeen = interruption.Count;
            var time = TimeForReport(signalsSeen);
            stop.CancelAfter(time < settings.Timeout ? time : settings.Timeout);
        }
        while (Task.WaitAny([push], LookAtSignals) != 0);
        return push.GetAwaiter().GetResult();
    }

    private TimeSpan TimeForReport(int signals)
    {
        var least = interruption.ReservedForReport / signals;
        return signals == 1 && interruption.Remaining is { } left && left > least ? left : least;
    }
}
