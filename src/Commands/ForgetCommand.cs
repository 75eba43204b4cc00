using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.State;

namespace Assimilator.Commands;

/// <summary><c>assimilator forget</c>: removes what an obsolete backup reported. A gateway never forgets a group by
/// itself. Archives stay, and so does the state, except that it no longer lists the group.</summary>
internal sealed class ForgetCommand(BackupConfiguration configuration, CommandLine commandLine, RunContext context)
{
    private readonly ReportedGroup? _group = ReportedGroup.Of(configuration);

    /// <returns>The exit code.</returns>
    public static int Run(ConfigurationResult result, CommandLine commandLine, RunContext context)
    {
        if (!result.CanForget && commandLine.NeedsConfiguration)
        {
            if (commandLine.Group is not null)
                context.Messages.Error("without a configuration, the gateway is not known", "name it: --url URL");
            return ExitCodes.Configuration;
        }
        var configuration = commandLine.Group?.In(result.Configuration) ?? result.Configuration;
        if (configuration is { Pushgateway: null, Textfile: null })
        {
            context.Messages.Error(commandLine.Group is null
                ? "nothing to forget: the configuration has neither [pushgateway] nor [textfile]"
                : "nothing to forget: the configuration has no [pushgateway]",
                commandLine.Group is null ? "name the configuration that the backup reported with: -c FILE"
                    : "name the gateway: --url URL");
            return ExitCodes.Configuration;
        }
        if (result.Configuration.Pushgateway is { } configured
            && (configured.Authorization, configured.ClientCertificate)
                != (configuration.Pushgateway?.Authorization, configuration.Pushgateway?.ClientCertificate))
            context.Messages.Warning(
                $"the credentials of {configured.Url.Authority} are not sent to {configuration.Pushgateway!.Url}",
                "if it needs any, use a copy of the configuration with this url: -c FILE");
        return new ForgetCommand(configuration, commandLine, context).Run();
    }

    private int Run()
    {
        IReadOnlyList<string> names = commandLine.Group is null ? [configuration.Backup.Name]
            : StateDirectory.Listing(_group!, configuration.State.Directory);
        var locks = new List<RunLock?>();
        try
        {
            foreach (var name in names)
            {
                var (runLock, result) = RunLock.Take(configuration.State.Directory, name, TimeSpan.Zero,
                    context.Interruption, onWait: () => { }, out _);
                locks.Add(runLock);
                if (result != LockResult.Busy)
                    continue;
                context.Messages.Error($"a run of {name} is in progress, and would report again",
                    "try again once it has finished");
                return ExitCodes.TemporaryFailure;
            }
            return Forget(names) ? ExitCodes.Success : ExitCodes.Unavailable;
        }
        finally
        {
            locks.ForEach(runLock => runLock?.Dispose());
        }
    }

    private bool Forget(IReadOnlyList<string> names)
    {
        var isGone = commandLine.Gone;
        var isDone = isGone ? names.Count > 0 : new ReportDelivery(configuration, context).Withdraw(out isGone);
        if (commandLine.Gone && !isDone)
            context.Messages.Error($"no state lists the group {_group}",
                "the warning in the messages of each run shows the options to use");
        if (isGone && _group is not null)
            foreach (var name in names)
                Strike(_group, name);
        else if (names.Count > 0 && commandLine.Group is not null)
            context.Messages.Warning("runs still warn about this group", "if the gateway no longer exists, add --gone");
        return isDone;
    }

    private void Strike(ReportedGroup group, string name)
    {
        if (StateDirectory.Strike(group, configuration.State.Directory, name) is { } failure)
            context.Messages.Warning(failure, "runs still warn about this group");
        else if (commandLine.Group is not null)
            context.Messages.Info("runs no longer warn about this group");
    }
}
