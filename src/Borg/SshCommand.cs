using System.Text.RegularExpressions;
using Assimilator.Configuration;
using Assimilator.Posix;
using Assimilator.Processes;

namespace Assimilator.Borg;

/// <summary>The ssh that borg would start, started by ourselves.</summary>
internal static partial class SshCommand
{
    /// <summary>It connects to the repository's host, and has nothing to run there.</summary>
    /// <returns>Null if the repository is not on another host, or there is no ssh.</returns>
    public static ChildCommand? Of(BackupConfiguration configuration, RepositorySettings repository, RunContext context)
    {
        var environment = BorgEnvironment.Of(
            configuration, repository, context.Environment, hasPassphrase: false, selfTest: true);
        if (Host().Match(repository.Location) is not { Success: true } host
            || CommandWords.Split(environment.GetValueOrDefault(BorgVariables.RemoteShell) ?? "ssh")
                is not { Count: > 0 } words
            || ExecutableFile.Find(words[0], environment.GetValueOrDefault("PATH")) is not { } path)
            return null;
        return new()
        {
            Executable = path,
            Arguments =
            [
                .. words.Skip(1),
                .. host.Groups["port"].Success ? new[] { "-p", host.Groups["port"].Value } : [],
                // The brackets of an IPv6 address belong to the URL.
                host.Groups["host"].Value.Replace("[", "", StringComparison.Ordinal)
                    .Replace("]", "", StringComparison.Ordinal),
            ],
            Environment = environment,
            Grace = context.Interruption.Grace,
        };
    }

    [GeneratedRegex(@"\Assh://(?<host>([^@/]+@)?(\[[^\]]+\]|[^:/]+))(:(?<port>[0-9]+))?/")]
    private static partial Regex Host();
}
