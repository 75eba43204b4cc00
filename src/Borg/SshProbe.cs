using System.Text.RegularExpressions;
using Assimilator.Configuration;
using Assimilator.Processes;

namespace Assimilator.Borg;

/// <summary>Asks ssh whether it can reach the repository's host. Borg often ends before it has read what its ssh
/// says.</summary>
internal static partial class SshProbe
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    /// <returns>What ssh says if the network does not reach the host; null if it does, or that is not known.</returns>
    public static string? Run(BackupConfiguration configuration, RepositorySettings repository, RunContext context)
    {
        var environment = BorgEnvironment.Of(
            configuration, repository, context.Environment, hasPassphrase: false, selfTest: true);
        if (Host().Match(repository.Location) is not { Success: true } host
            || CommandWords.Split(environment.GetValueOrDefault("BORG_RSH") ?? "ssh") is not { Count: > 0 } words
            || Posix.ExecutableFile.Find(words[0], environment.GetValueOrDefault("PATH")) is not { } path)
            return null;
        string? failure = null;
        var lines = new LineSplitter(line => failure ??= BorgLog.NetworkFailureIn(line));
        ChildProcess.Run(
            new ChildCommand
            {
                Executable = path,
                Arguments =
                [
                    .. words.Skip(1),
                    .. host.Groups["port"].Success ? new[] { "-p", host.Groups["port"].Value } : [],
                    // The brackets of an IPv6 address belong to the URL.
                    host.Groups["host"].Value.Replace("[", "", StringComparison.Ordinal)
                        .Replace("]", "", StringComparison.Ordinal), "true",
                ],
                Environment = environment,
                Timeout = Timeout,
                Grace = context.Interruption.Grace,
            },
            context.Interruption, static _ => { }, lines.Write);
        lines.Complete();
        return failure;
    }

    [GeneratedRegex(@"\Assh://(?<host>([^@/]+@)?(\[[^\]]+\]|[^:/]+))(:(?<port>[0-9]+))?/")]
    private static partial Regex Host();
}
