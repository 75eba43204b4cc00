using System.Diagnostics;
using Assimilator.Tests.Support;

namespace Assimilator.Tests.Binary;

/// <summary>Every fault in every step: the exit code, what ran, the metrics in a real Pushgateway, the state on disk, the
/// processes left behind, and that it ends in time.</summary>
internal static class FaultMatrix
{
    /// <summary>A cell of the slowest fault takes two seconds of timeout, one of grace and one of drained pipes.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public static TheoryData<Fault> FaultsOf(RunStep step) => new(Fault.All.Where(fault => fault.Steps.Contains(step)));

    public static void Run(Fault fault, RunStep step, PushgatewayServer gateway)
    {
        using var backup = new TestBackup(gateway);
        Prepare(backup, fault, step);
        var startedAt = Stopwatch.GetTimestamp();
        var result = backup.Run();
        var took = Stopwatch.GetElapsedTime(startedAt);
        StopDaemon(backup, fault);

        var expected = Expectation.Of(fault, step);
        var where = $"{fault} during {step}: {result}";
        Assert.True(expected.ExitCode == result.ExitCode, $"expected exit code {expected.ExitCode}; {where}");
        Assert.Equal(expected.Calls, backup.Calls());
        Assert.True(took < Bound, $"took {took}; {where}");
        CheckMetrics(gateway.Samples(backup.Label), fault, step, expected, where);
        CheckState(backup, expected);
        Assert.Empty(Survivors(backup));
        if (fault.TimesOut)
            Assert.Contains("timed out after ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", result.Error, StringComparison.Ordinal);
    }

    private static void Prepare(TestBackup backup, Fault fault, RunStep step)
    {
        // Each cell has a group of its own in the shared gateway.
        backup.Label = $"cell-{Guid.NewGuid():N}";
        backup.Environment["DAEMON"] = backup.Directory["daemon.pid"];
        backup.Environment["MARK"] = backup.Directory.Path;
        backup.Environment["JSON"] = TestBackup.StandInJson;
        // Borg gets no variables that are not borg's.
        backup.Set("borg", "environment", "DAEMON=${DAEMON} MARK=${MARK}");
        string Body(RunStep other, string usual) => other == step ? fault.Body : usual;
        backup.AddScript("preexec", "1", Body(RunStep.Preexec, "exit 0")).AddScript("postexec", "1", Body(RunStep.Postexec, "exit 0"))
            .WithStandIn(Body(RunStep.Create, "echo \"$JSON\""), $"{(fault.HidesList ? "" : "echo \"$LIST\" >&2")}\n{Body(RunStep.Prune, "exit 0")}", Body(RunStep.Compact, "exit 0"))
            .Set("retention", "daily", "7").Set("logging", "level", "warning").Set("backup", "shutdown_timeout", "2s");
        if (fault.TimesOut)
        {
            backup.Set("hooks", "timeout", "1s");
            foreach (var command in new[] { "create", "prune", "compact" })
                backup.Set("borg", $"{command}_timeout", "1s");
        }
    }

    private static void CheckMetrics(
        IReadOnlyDictionary<string, double> samples, Fault fault, RunStep step, Expectation expected, string where)
    {
        Assert.True(samples.GetValueOrDefault("assimilator_return_code", -1) == expected.ExitCode, where);
        foreach (var other in Enum.GetValues<RunStep>())
        {
            var metric = Expectation.MetricOf(other);
            Assert.True(samples.ContainsKey(metric) == expected.Calls.Contains(Expectation.NameOf(other)), $"{metric}; {where}");
            if (samples.TryGetValue(metric, out var code))
                Assert.True(code == (other == step ? fault.ReturnCode : 0), $"{metric} is {code}; {where}");
        }
        Assert.Equal(fault.TimesOut ? 1 : 0, samples["assimilator_timed_out_processes"]);
        Assert.Equal(expected.HasArchive, samples.ContainsKey("assimilator_last_success_timestamp_seconds"));
        Assert.Equal(
            expected.HasArchive && !(step == RunStep.Create && !fault.PrintsJson),
            samples.ContainsKey("assimilator_archive_original_size_bytes"));
    }

    private static void CheckState(TestBackup backup, Expectation expected)
    {
        var state = backup.State();
        Assert.Equal(expected.HasArchive, backup.Memory().TryGetProperty("last_success", out _));
        Assert.False(state.TryGetProperty("run_in_progress", out _));
    }

    private static void StopDaemon(TestBackup backup, Fault fault)
    {
        if (fault.LeavesDaemon)
            Programs.RunOrThrow("kill", ["-KILL", File.ReadAllText(backup.Directory["daemon.pid"]).Trim()]);
    }

    /// <summary>Processes whose environment names the cell's directory: all that it started and that still runs.</summary>
    public static IEnumerable<string> Survivors(TestBackup backup)
    {
        List<string> found = [];
        for (var round = 0; round < 50; round++)
        {
            found = [.. Directory.EnumerateDirectories("/proc").Where(process => NamesDirectory(process, backup.Directory.Path))];
            if (found.Count == 0)
                break;
            Thread.Yield();
            Task.Delay(20).Wait();
        }
        return found.Select(process => File.ReadAllText($"{process}/cmdline").Replace('\0', ' '));
    }

    private static bool NamesDirectory(string process, string directory)
    {
        try
        {
            return char.IsAsciiDigit(Path.GetFileName(process)[0])
                && File.ReadAllText($"{process}/environ").Contains(directory, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
