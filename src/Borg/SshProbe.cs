using Assimilator.Configuration;
using Assimilator.Processes;

namespace Assimilator.Borg;

/// <summary>Asks ssh whether it can reach the repository's host. Borg often ends before it has read what its ssh
/// says.</summary>
internal static class SshProbe
{
    /// <summary>ssh's own exit code, not that of the command on the host.</summary>
    private const int FailedItself = 255;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    /// <returns>What ssh says if the network does not reach the host; null if it does, or that is not known.</returns>
    public static string? Run(BackupConfiguration configuration, RepositorySettings repository, RunContext context) =>
        Ask(configuration, repository, context).Select(BorgLog.NetworkFailureIn)
            .FirstOrDefault(failure => failure is not null);

    /// <returns>The last that ssh says if it cannot connect; null if it can, or that is not known.</returns>
    public static string? WhyNot(
        BackupConfiguration configuration, RepositorySettings repository, RunContext context) =>
        Ask(configuration, repository, context) is [.., var last] ? last : null;

    /// <returns>What ssh says if it cannot connect.</returns>
    private static List<string> Ask(
        BackupConfiguration configuration, RepositorySettings repository, RunContext context)
    {
        if (SshCommand.Of(configuration, repository, context) is not { } command || context.Interruption.IsRequested)
            return [];
        var said = new List<string>();
        var lines = LineSplitter.OfText(said.Add);
        var exit = ChildProcess.Run(
            command with { Arguments = [.. command.Arguments, "true"], Timeout = Timeout },
            context.Interruption, static _ => { }, lines.Write);
        lines.Complete();
        return exit.ReturnCode == FailedItself ? said : [];
    }
}
