using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.State;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary>A command by hand that no run of the same backup may disturb.</summary>
internal static class LockedCommand
{
    /// <summary>The repositories that a command is about, each once.</summary>
    /// <param name="only">The one that somebody chose; null for all.</param>
    public static IReadOnlyList<RepositorySettings> Meant(BackupConfiguration configuration, string? only) =>
    [
        .. configuration.Repositories.Where(settings => only is null || settings.Name == only)
            .DistinctBy(settings => settings.Location),
    ];

    /// <summary>Waits for the lock as a run does, and says so.</summary>
    /// <returns>Null without a state directory; busy if a run is still in progress.</returns>
    public static (RunLock? Lock, bool IsBusy) Take(BackupConfiguration configuration, RunContext context)
    {
        var (name, wait) = (configuration.Backup.Name, configuration.Backup.LockWait);
        var (runLock, result) = RunLock.Take(
            configuration.State.Directory, name, wait, context.Interruption,
            onWait: () => context.Messages.Info(
                $"a run of {name} is in progress: waiting up to {Quantities.Duration(wait)}"),
            out _);
        if (result == LockResult.Busy)
            context.Messages.Error($"a run of {name} is in progress", "try again once it has finished");
        return (runLock, result == LockResult.Busy);
    }
}
