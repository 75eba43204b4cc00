using Assimilator.Configuration;
using Assimilator.Metrics;
using Assimilator.Posix;
using Assimilator.Processes;
using Assimilator.Pushgateway;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Reporting;

/// <summary>Delivers the report: to the textfile, then to the gateway.</summary>
internal sealed class ReportDelivery(BackupConfiguration configuration, RunContext context)
{
    private static readonly TimeSpan LookAtSignals = TimeSpan.FromMilliseconds(100);

    private readonly Messages _messages = context.Messages;
    private readonly Interruption _interruption = context.Interruption;

    private readonly Textfile? _textfile = configuration.Textfile is { } path
        ? new Textfile(path, configuration.GroupingLabels)
        : null;

    private readonly PushgatewayClient? _gateway = configuration.Pushgateway is { } settings
        ? new PushgatewayClient(settings, configuration.GroupingLabels, context.Environment, context.Messages)
        : null;

    /// <summary>The gateway has the report.</summary>
    public bool IsPushed { get; private set; }

    /// <summary>The textfile has the report.</summary>
    public bool IsWritten { get; private set; }

    public Delivery Result => Delivery.Of(configuration, IsPushed, IsWritten);

    /// <summary>Delivers the report to every configured receiver. What one of them does not get, the other one is
    /// told.</summary>
    /// <returns>False if one of them does not have it.</returns>
    public bool Deliver(RunReport report)
    {
        bool isPushed;
        try
        {
            IsWritten = Write(report);
        }
        finally
        {
            // A defect of the one must not cost the other.
            isPushed = Push(WithProblems(report));
        }
        if (IsWritten && !isPushed)
            IsWritten = Write(WithProblems(report));
        return IsWritten && isPushed;
    }

    /// <summary>Removes what earlier runs delivered.</summary>
    /// <param name="isGone">The gateway does not hold the group any more.</param>
    /// <returns>False if there was nothing, or it is still there.</returns>
    public bool Withdraw(out bool isGone)
    {
        var isRemoved = Remove();
        return Delete(out isGone) && isRemoved;
    }

    /// <summary>Looks whether the report could be delivered. Nothing is written or pushed.</summary>
    /// <returns>False if the gateway cannot be reached, or is no Pushgateway.</returns>
    public bool Look()
    {
        if (_textfile?.WhyNotWritable() is { } failure)
            ShowUnwritten(failure);
        else if (_textfile is not null)
            _messages.Info($"{configuration.Textfile} can be written");
        if (_gateway is null)
            return true;
        var url = configuration.Pushgateway!.Url.AbsoluteUri;
        var (problem, version) = Bounded((settings, stop) => _gateway.LookAsync(settings.Timeout, stop));
        if (problem is null)
            _messages.Info($"the Pushgateway at {url} answers, version {version}");
        else
            _messages.Error($"cannot use the Pushgateway at {url}: {problem.Message}", problem.Hint);
        return problem is null;
    }

    private void ShowUnwritten(string failure) => _messages.Error($"cannot write the textfile: {failure}",
        "[textfile] path must be a file that only this backup uses, in the directory given to node_exporter with "
        + "--collector.textfile.directory", isFault: true);

    private RunReport WithProblems(RunReport report) => report with { Problems = _messages.Problems };

    private bool Write(RunReport report)
    {
        if (_textfile?.Write(Families(report)) is not { } failure)
            return true;
        ShowUnwritten(failure);
        return false;
    }

    /// <summary>PUT replaces the group. A report that does not know the last success must not wipe out the gateway's:
    /// it goes by POST, which leaves alone what it does not name.</summary>
    private bool Push(RunReport report)
    {
        if (_gateway is null)
            return true;
        var method = KnowsLastSuccess(report) ? HttpMethod.Put : HttpMethod.Post;
        var problem = Ask(method, TextFormat.Serialize(Families(report)));
        IsPushed = problem is null;
        if (IsPushed)
            _messages.Info($"report pushed to {_gateway.Url}");
        else
            _messages.Error($"cannot push the report to {_gateway.Url}: {problem!.Message}", problem.Hint,
                isFault: true);
        return IsPushed;
    }

    private bool Remove()
    {
        if (_textfile is null)
            return true;
        var isRemoved = _textfile.Remove(out var failure);
        if (isRemoved)
            _messages.Info($"removed {configuration.Textfile}");
        else
            _messages.Error(failure is null ? $"there is no {configuration.Textfile}"
                : $"the textfile was not removed: {failure}");
        return isRemoved;
    }

    private bool Delete(out bool isGone)
    {
        isGone = false;
        if (_gateway is null)
            return true;
        var isHeld = Bounded((_, stop) => _gateway.HoldsGroupAsync(stop));
        isGone = isHeld == false;
        if (isGone)
        {
            _messages.Error($"the gateway has nothing at {_gateway.Url}",
                "name, instance, job and labels must match those of the host that reported");
            return false;
        }
        if (isHeld is null)
            _messages.Warning("the gateway does not show its groups: it is not known whether there was one to delete");
        var problem = Ask(HttpMethod.Delete, null);
        isGone = problem is null;
        if (isGone)
            _messages.Info($"deleted {_gateway.Url}");
        else
            _messages.Error($"the gateway did not delete {_gateway.Url}: {problem!.Message}", problem.Hint);
        return isGone;
    }

    private static IReadOnlyList<MetricFamily> Families(RunReport report) =>
        MetricCatalog.Families(report, ProgramVersion.Number);

    /// <summary>Only a last success that cannot be true may be wiped out. A repository that a good state does not know
    /// beside another one was added later.</summary>
    private static bool KnowsLastSuccess(RunReport report) => report.HasMemory
        ? report.Repositories.Any(IsLastSuccessKnown)
        : report.Repositories.All(IsLastSuccessKnown);

    private static bool IsLastSuccessKnown(RepositoryReport repository) =>
        repository.LastSuccess is not null || repository.IsLastSuccessWrong;

    private Problem? Ask(HttpMethod method, string? body) => Bounded((settings, stop) =>
        _gateway!.AskAsync(method, body, _interruption.Count > 1 ? 0 : settings.Retries, settings.Timeout, stop));

    /// <summary>Waits for the gateway, and after a signal, also one that comes meanwhile, no longer than the shutdown
    /// may take; after a second one, for a single try.</summary>
    private T Bounded<T>(Func<PushgatewaySettings, CancellationToken, Task<T>> ask)
    {
        var settings = configuration.Pushgateway!;
        using var stop = new CancellationTokenSource();
        var answer = ask(settings, stop.Token);
        var signalsSeen = 0;
        do
        {
            if (_interruption.Count == signalsSeen)
                continue;
            signalsSeen = _interruption.Count;
            var time = TimeForReport(signalsSeen);
            stop.CancelAfter(time < settings.Timeout ? time : settings.Timeout);
        }
        while (!((IAsyncResult)answer).AsyncWaitHandle.WaitOne(LookAtSignals));
        return answer.GetAwaiter().GetResult();
    }

    private TimeSpan TimeForReport(int signals)
    {
        var least = _interruption.ReservedForReport / signals;
        return signals == 1 && _interruption.Remaining is { } left && left > least ? left : least;
    }
}
