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
    public static int Run(IReadOnlyList<LoadedConfiguration> chosen, CommandLine commandLine,
        IReadOnlyDictionary<string, string> environment, Interruption interruption)
    {
        var now = DateTimeOffset.UtcNow;
        // What is wrong with a configuration may quote a secret that stands in the wrong place.
        var mask = new SecretMask(chosen.SelectMany(one => one.Configuration.Secrets));
        IReadOnlyList<BackupStatus> backups = [.. chosen.Select(one => Of(one, mask, interruption, now))];
        // Whoever names a backup wants to know more about it.
        var details = commandLine.Names.Count == 0 ? [] : backups.Select(
            backup => $"\n{StatusDetails.Of(backup, Chart.Levels(environment), now)}");
        var text = commandLine.Json ? StatusJson.Of(backups, now)
            : StatusTable.Of(backups, now) + string.Concat(details);
        return Messages.Print(text) ? (int)backups.Max(backup => backup.Level) : ExitCodes.InputOutput;
    }

    private static BackupStatus Of(
        LoadedConfiguration one, SecretMask mask, Interruption interruption, DateTimeOffset now)
    {
        var configuration = one.Configuration;
        var (state, failure) = configuration.State.Directory is { } directory
            ? new StateFile(directory, one.Name).Read(out _) : (null, null);
        if (!one.Result.IsValid)
            return BackupStatus.Unknown(one.Name, one.File, "misconfigured",
                mask.Apply(one.Result.Problems[0].Describe(one.File))
                    + (one.Result.Problems.Count == 1 ? ""
                        : $"; for all {one.Result.Problems.Count} problems: assimilator validate -c {one.File}"),
                state);
        if (state is null)
            return BackupStatus.Unknown(one.Name, one.File, "unknown", failure ?? "there is no [state] directory");
        var isRunning = false;
        if (state.RunInProgress is not null)
        {
            var (runLock, result) = RunLock.Take(configuration.State.Directory, one.Name, TimeSpan.Zero, interruption,
                onWait: () => { }, out _);
            runLock?.Dispose();
            isRunning = result == LockResult.Busy;
        }
        return BackupStatus.Of(configuration, state, isRunning, one.File, now);
    }
}
