using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.State;
using Assimilator.Terminal;

namespace Assimilator;

/// <summary>A run whose configuration is wrong: nothing is started, but it is reported wherever that is possible.</summary>
internal static class MisconfiguredRun
{
    /// <summary>Shows every problem, the file as the user named it.</summary>
    public static void Show(string file, IReadOnlyList<ConfigurationProblem> problems, Messages messages)
    {
        foreach (var problem in problems)
            messages.Error(problem.Describe(file), problem.Hint);
    }

    /// <summary>Reports that there was no run.</summary>
    /// <returns>The exit code.</returns>
    public static int Report(
        ConfigurationResult result, IReadOnlyDictionary<string, string> environment, Interruption interruption, Messages messages)
    {
        var configuration = result.Configuration;
        var report = new RunReport
        {
            StartedAt = DateTimeOffset.UtcNow,
            Interval = configuration.Backup.Interval,
            IsMisconfigured = true,
        };
        if (result.CanReport)
        {
            // Who does not hold the lock does not know the last success: another run may be changing it right now.
            var (runLock, _) = RunLock.Take(
                configuration.State.Directory, configuration.Backup.Name, TimeSpan.Zero, interruption, onWait: () => { }, out _);
            using (runLock)
            {
                if (runLock is not null)
                    report = new RunMemory(configuration, messages).LookOnly(report);
                new ReportDelivery(configuration, environment, interruption, messages).Deliver(report);
            }
        }
        return report.ExitCode;
    }
}
