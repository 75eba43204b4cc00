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

    /// <summary>One more run with the same fault.</summary>
    public WatchedBackup Still(int exitCode, params string[] alerts) => Fault(exitCode, _ => { }, alerts);

    /// <summary>The repository is damaged, and half a year later a check is due that finds it.</summary>
    /// <param name="kind">A function of <c>damage.py</c>.</param>
    /// <param name="key">Of <c>[check]</c>: what is due.</param>
    public WatchedBackup Damaged(int exitCode, string kind, string key, params string[] alerts)
    {
        Backup.Set("check", key, "30d");
        Damage(kind);
        Backup.AgeState("first_run", 180);
        return Still(exitCode, alerts);
    }

    /// <summary>Repaired as README says; the run after a clean check ends the alerts.</summary>
    /// <param name="kind">A function of <c>damage.py</c>; by default borg repairs it.</param>
    public WatchedBackup Repaired(string? kind = null)
    {
        Backup.Environment["BORG_CHECK_I_KNOW_WHAT_I_AM_DOING"] = "YES";
        if (kind is not null)
            Damage(kind);
        else
            Backup.Borg("check", "--repair", "--verify-data", Backup.Location);
        // What was lost is in the next archive again.
        Run(1);
        var check = Backup.Run("check", "--now", "--drill");
        Assert.True(check.ExitCode == 0, check.ToString());
        // A repair changes the ids of archives, so somebody has to agree to the list once more.
        Backup.Run("prune", "--yes");
        return Mended();
    }

    public void Damage(string kind) => Programs.RunOrThrow("/usr/bin/python3",
        ["-IS", Path.Combine(Repository.Root, "tests/Resources/damage.py"), kind, Backup.Location],
        new Dictionary<string, string?>(Backup.Environment) { ["BORG_PASSPHRASE"] = TestBackup.Passphrase });

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
