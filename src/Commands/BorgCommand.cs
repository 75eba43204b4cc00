using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Posix;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.State;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary><c>assimilator borg -- …</c>: any command of borg with the configured repository, passphrase, ssh and
/// environment; and what is short for one of them, such as <c>assimilator list</c>. Borg replaces this process, so
/// terminal, signals and exit code are its own.</summary>
internal static class BorgCommand
{
    /// <returns>The exit code, if borg could not be started.</returns>
    public static int Run(ConfigurationResult result, CommandLine commandLine, RunContext context)
    {
        if (!result.IsValid)
            return ExitCodes.Configuration;
        var configuration = result.Configuration;
        var repository = configuration.Repositories.First(one => Selection.IsMeant(one, commandLine));
        // Any command of borg goes to any borg as it is.
        var isPlain = commandLine.Command == Command.Borg;
        var dialect = isPlain ? BorgDialect.Default : DialectOf(configuration, context);
        // Its standard output is borg's alone.
        if (!isPlain)
            LockHolder.Announce(repository, context, LogLevel.Warning);
        var session = new BorgSession(configuration, repository, context, dialect);
        var arguments = isPlain ? commandLine.BorgArguments
            : ArchiveCommand.Arguments(
                configuration, repository, commandLine, context, new(configuration, repository, context, session));
        if (arguments is null || session.FindPassphrase() is not { } passphrase)
            return ExitCodes.Problems;
        var environment = BorgEnvironment.Of(
            configuration, repository, context.Environment, passphrase.Text is not null, selfTest: true);
        environment["BORG_REPO"] = repository.Location;
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

    /// <summary>Borg is asked only if the runs do not know it.</summary>
    public static BorgDialect DialectOf(BackupConfiguration configuration, RunContext context)
    {
        var state = new StateFile(configuration.State.Directory!, configuration.Backup.Name).Read(out _).State;
        return BorgDialect.Of(InstalledBorg.Find(configuration, context, state?.Borg));
    }
}
