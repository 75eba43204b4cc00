using System.Diagnostics;
using System.Globalization;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Real;

/// <summary>A real backup whose report is scraped and whose alerts arrive.</summary>
internal sealed class WatchedBackup : IDisposable
{
    private readonly MonitoringStack _stack;
    private readonly List<string> _times = [];
    private long _endedAt;

    /// <param name="label">Its name; one of its own for each test.</param>
    public WatchedBackup(MonitoringStack stack, string label)
    {
        _stack = stack;
        Backup = new TestBackup(stack.Gateway) { Label = label }.WithRealBorg()
            .Set("backup", "interval", "24h").Set("backup", "lock_wait", "1s").Set("repository", "lock_wait", "1s").Set("retention", "daily", "1");
        Backup.Directory.Write("source/random", RandomText());
    }

    public TestBackup Backup { get; }

    /// <summary>How long each alert took to arrive and to go.</summary>
    public string Times => string.Join("; ", _times);

    /// <summary>100,000 characters that neither compress much nor were there before.</summary>
    public static string RandomText()
    {
        var bytes = new byte[75_000];
        Random.Shared.NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>A run without fault, on which nothing fires.</summary>
    public WatchedBackup Good()
    {
        Run(0);
        _stack.ExpectAlerts(Backup.Label);
        return this;
    }

    /// <summary>A run in which something is wrong.</summary>
    /// <param name="alerts">Exactly what is to reach the webhook, sorted by name.</param>
    public WatchedBackup Fault(int exitCode, Action<TestBackup> change, params string[] alerts)
    {
        change(Backup);
        Run(exitCode);
        return Alerts(alerts);
    }

    /// <summary>The host has not run for so long.</summary>
    public WatchedBackup Silent(TimeSpan time, params string[] alerts)
    {
        _stack.Gateway.Rewrite(Backup.Label, (name, value) => name.EndsWith("_timestamp_seconds", StringComparison.Ordinal)
            ? value - time.TotalSeconds
            : value);
        _endedAt = Stopwatch.GetTimestamp();
        return Alerts(alerts);
    }

    /// <summary>The fault is mended, and the next run ends its alerts.</summary>
    public WatchedBackup Mended(Action<TestBackup>? change = null)
    {
        change?.Invoke(Backup);
        Run(0);
        Note("gone", _stack.ExpectAlerts(Backup.Label));
        return this;
    }

    /// <summary>Runs it, and waits until Prometheus knows.</summary>
    public void Run(int exitCode)
    {
        var result = Backup.Run();
        _endedAt = Stopwatch.GetTimestamp();
        Assert.True(result.ExitCode == exitCode, result.ToString());
        _stack.WaitUntilScraped(Backup.Label);
    }

    public void Dispose() => Backup.Dispose();

    private WatchedBackup Alerts(string[] alerts)
    {
        var arrivedAt = _stack.ExpectAlerts(Backup.Label, alerts);
        if (alerts.Length > 0)
            Note(string.Join(" and ", alerts), arrivedAt);
        return this;
    }

    private void Note(string what, long at) => _times.Add(string.Create(CultureInfo.InvariantCulture,
        $"{what} {Stopwatch.GetElapsedTime(_endedAt, at).TotalSeconds:F1} s after the run"));
}
