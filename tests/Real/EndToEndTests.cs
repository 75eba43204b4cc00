using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>From a fault to the alert that wakes somebody, and back: the real binary, borg, gateway, Prometheus and
/// Alertmanager, of this host and, with a copy of each push, of newer Debians. The faults are injected side by side, because
/// what takes time is waiting.</summary>
public sealed class EndToEndTests(FaultsSideBySide faults) : IClassFixture<FaultsSideBySide>
{
    public static TheoryData<string> Names => new(MonitoredFaults.All.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Exactly_the_right_alerts_arrive_and_end_with_the_next_good_run(string fault) =>
        TestContext.Current.TestOutputHelper!.WriteLine($"{fault}: {await faults.Outcome(fault)}");
}

/// <summary>Injects every fault, a few at a time, each into a backup of its own.</summary>
public sealed class FaultsSideBySide : IDisposable
{
    private const int AtATime = 6;

    private readonly MonitoringStack _stack = new(
        history: PastMetric.Serialize(MonitoredFaults.History), mirrored: MonitoringPrograms.NewerSuites);
    private readonly SemaphoreSlim _places = new(AtATime);
    private readonly Dictionary<string, Task<string>> _outcomes;

    public FaultsSideBySide() => _outcomes = MonitoredFaults.All.ToDictionary(fault => fault.Key,
        fault => Task.Factory.StartNew(
            () => Inject(fault.Key, fault.Value), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));

    /// <summary>How long the alerts took; a fault with the wrong alerts throws.</summary>
    public Task<string> Outcome(string fault) => _outcomes[fault];

    public void Dispose()
    {
        Task.WhenAll(_outcomes.Values).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        _stack.Dispose();
        _places.Dispose();
    }

    private string Inject(string name, Action<WatchedBackup> scenario)
    {
        _places.Wait();
        try
        {
            using var backup = new WatchedBackup(_stack, MonitoredFaults.Label(name));
            scenario(backup);
            return backup.Times;
        }
        finally
        {
            _places.Release();
        }
    }
}
