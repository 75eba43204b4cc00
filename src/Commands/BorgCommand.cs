using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Posix;
using Assimilator.Processes;
using Assimilator.Report;

namespace Assimilator.Commands;

/// <summary><c>assimilator borg -- …</c>: any command of borg with the configured repository, passphrase, ssh and
/// environment. Borg replaces this process, so terminal, signals and exit code are its own.</summary>
internal static class BorgCommand
{
    /// <param name="arguments">Of borg; it finds the repository in <c>BORG_REPO</c>.</param>
    /// <returns>The exit code, if borg could not be started.</returns>
    public static int Run(ConfigurationResult result, IReadOnlyList<string> arguments, RunContext context)
    {
        if (!result.IsValid)
            return ExitCodes.Configuration;
        var configuration = result.Configuration;
        if (Passphrase.Find(configuration, context) is not { } passphrase)
            return ExitCodes.Problems;
        var environment = BorgEnvironment.Of(
            configuration, context.Environment, passphrase.Text is not null, selfTest: true);
        environment["BORG_REPO"] = configuration.Repository.Location;
        if (configuration.Repository.RemotePath is { } remotePath)
            environment["BORG_REMOTE_PATH"] = remotePath;
        var error = Spawn.Replace(new ChildCommand
        {
            Executable = configuration.Borg.Path,
            Arguments = arguments,
            Environment = environment,
            Secret = passphrase.Text,
            Grace = TimeSpan.Zero,
        });
        context.Messages.Error($"borg could not be started: {LibC.ErrorText(error)}");
        return ExitCodes.Problems;
    }
}
