using Assimilator.Configuration;
using Assimilator.Processes;

namespace Assimilator.Borg;

/// <summary>Asks ssh whether it can reach the repository's host. Borg often ends before it has read what its ssh
/// says.</summary>
internal static class SshProbe
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    /// <returns>What ssh says if the network does not reach the host; null if it does, or that is not known.</returns>
    public static string? Run(BackupConfiguration configuration, RepositorySettings repository, RunContext context)
    {
        if (SshCommand.Of(configuration, repository, context) is not { } command)
            return null;
        string? failure = null;
        var lines = LineSplitter.OfText(line => failure ??= BorgLog.NetworkFailureIn(line));
        ChildProcess.Run(
            command with { Arguments = [.. command.Arguments, "true"], Timeout = Timeout },
            context.Interruption, static _ => { }, lines.Write);
        lines.Complete();
        return failure;
    }
}
