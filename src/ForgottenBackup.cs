using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.State;
using Assimilator.Terminal;

namespace Assimilator;

/// <summary>A backup that is no more: a gateway never forgets a group, and a host that is gone would look fine for ever, or
/// be missed for ever.</summary>
internal static class ForgottenBackup
{
    /// <summary>Removes what this backup reported. The archives and the state stay where they are.</summary>
    /// <returns>The exit code.</returns>
    public static int Forget(
        BackupConfiguration configuration, IReadOnlyDictionary<string, string> environment, Interruption interruption,
        Messages messages)
    {
        if (configuration is { Pushgateway: null, Textfile: null })
        {
            messages.Error("there is nothing to forget: this backup reports neither to a Pushgateway nor to a textfile",
                "this command needs [pushgateway], or [textfile], as they were when the backup reported");
            return ExitCodes.Configuration;
        }
        var (runLock, result) = RunLock.Take(
            configuration.State.Directory, configuration.Backup.Name, TimeSpan.Zero, interruption, onWait: () => { }, out _);
        using (runLock)
        {
            if (result == LockResult.Busy)
            {
                messages.Error($"a run of {configuration.Backup.Name} is in progress, and would report again", "try again when it has ended");
                return ExitCodes.TemporaryFailure;
            }
            return new ReportDelivery(configuration, environment, interruption, messages).Withdraw()
                ? ExitCodes.Success
                : ExitCodes.Unavailable;
        }
    }
}
