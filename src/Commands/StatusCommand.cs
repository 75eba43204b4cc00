using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.State;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary><c>assimilator status</c>: what the states of all backups say. It asks neither borg nor the
/// gateway.</summary>
internal static class StatusCommand
{
    /// <returns>0, 1 or 2, as a monitoring plugin.</returns>
    public static int Run(IReadOnlyList<LoadedConfiguration> chosen, Interruption interruption)
    {
        IReadOnlyList<BackupStatus> backups = [.. chosen.Select(one => Of(one, interruption))];
        return Messages.Print(StatusTable.Of(backups))
            ? (int)backups.Max(backup => backup.Level)
            : ExitCodes.InputOutput;
    }

    private static BackupStatus Of(LoadedConfiguration one, Interruption interruption)
    {
        var configuration = one.Configuration;
        if (!one.Result.IsValid)
            return BackupStatus.Unknown(one.Name, "misconfigured",
                [$"{Quantities.Count(one.Result.Problems.Count, "problem")}: assimilator validate -c {one.File}"]);
        var (state, failure) = new StateFile(configuration.State.Directory!, one.Name).Read(out _);
        if (state is null)
            return BackupStatus.Unknown(one.Name, "unknown", [failure!]);
        var isRunning = false;
        if (state.RunInProgress is not null)
        {
            var (runLock, result) = RunLock.Take(configuration.State.Directory, one.Name, TimeSpan.Zero, interruption,
                onWait: () => { }, out _);
            runLock?.Dispose();
            isRunning = result == LockResult.Busy;
        }
        return BackupStatus.Of(configuration, state, isRunning, DateTimeOffset.UtcNow);
    }
}
