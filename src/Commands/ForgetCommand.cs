using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.State;

namespace Assimilator.Commands;

/// <summary><c>assimilator forget</c>: removes what an obsolete backup reported. A gateway never forgets a group by
/// itself. Archives and state stay.</summary>
internal static class ForgetCommand
{
    /// <returns>The exit code.</returns>
    public static int Run(ConfigurationResult result, RunContext context)
    {
        var configuration = result.Configuration;
        if (!result.CanForget)
            return ExitCodes.Configuration;
        if (configuration is { Pushgateway: null, Textfile: null })
        {
            context.Messages.Error("nothing to forget: the configuration has neither [pushgateway] nor [textfile]",
                "name the configuration that the backup reported with: -c FILE");
            return ExitCodes.Configuration;
        }
        var (runLock, lockResult) = RunLock.Take(
            configuration.State.Directory, configuration.Backup.Name, TimeSpan.Zero, context.Interruption, onWait: () =>
                { }, out _);
        using (runLock)
        {
            if (lockResult == LockResult.Busy)
            {
                context.Messages.Error($"a run of {configuration.Backup.Name} is in progress, and would report again",
                    "try again once it has finished");
                return ExitCodes.TemporaryFailure;
            }
            return new ReportDelivery(configuration, context).Withdraw() ? ExitCodes.Success : ExitCodes.Unavailable;
        }
    }
}
