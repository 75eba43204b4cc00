using System.Collections;
using System.Globalization;
using Assimilator.Configuration;
using Assimilator.Posix;
using Assimilator.Processes;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary>What all commands with a configuration have in common: reading it, hiding its secrets, listening to
/// signals.</summary>
internal static class ConfiguredCommand
{
    /// <param name="early">Shows what happens before the configuration says how.</param>
    /// <returns>The exit code.</returns>
    public static int Run(CommandLine commandLine, Messages early)
    {
        // As this process was started with it, before any of it is changed for this process alone.
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(
            variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
        LibC.PrepareProcess();
        // .NET looks for certificates there, too, and fails where nothing names it.
        Environment.SetEnvironmentVariable("HOME", "/nonexistent");
        var file = commandLine.ConfigurationFile;
        var result = ConfigurationReader.Read(file, environment);
        var configuration = result.Configuration;
        early.Hide(configuration.Secrets);
        foreach (var name in environment.Keys.Where(ChildEnvironment.IsPassphrase)
            .Concat(configuration.SecretVariables))
            LibC.WipeVariable(name);
        // Forgetting an obsolete host needs no paths and no repository.
        if (commandLine.Command != Command.Forget || !result.CanForget)
            foreach (var problem in result.Problems)
                early.Error(problem.Describe(file), problem.Hint);
        // By hand, under cron and under systemd, children start in the same directory, which always exists.
        if (commandLine.Command != Command.Borg)
            Directory.SetCurrentDirectory("/");
        using var messages = result.IsValid && commandLine.Command != Command.Validate
            ? Messages.For(configuration.Logging, configuration.Secrets)
            : early;
        // They are about the gateway.
        foreach (var warning in result.CanReport && commandLine.Command is not (Command.Borg or Command.Prune)
            ? result.Warnings : [])
            messages.Warning(warning.Describe(file), warning.Hint);
        if (commandLine.Command == Command.Validate)
            return ValidateCommand.Run(result, file, messages);
        using var interruption = Interruption.Listen(
            configuration.Backup.ShutdownTimeout,
            signal => AnnounceShutdown(commandLine.Command, signal, configuration.Backup.ShutdownTimeout, messages));
        var context = new RunContext(environment, TimeProvider.System, interruption, messages);
        return commandLine.Command switch
        {
            Command.Forget => ForgetCommand.Run(result, context),
            Command.Prune => PruneCommand.Run(result, commandLine, context),
            Command.Borg => BorgCommand.Run(result, commandLine.BorgArguments, context),
            _ => RunCommand.Run(result, context),
        };
    }

    private static void AnnounceShutdown(Command command, int signal, TimeSpan timeout, Messages messages)
    {
        if (command == Command.Run)
            messages.Warning(string.Create(CultureInfo.InvariantCulture, $"got signal {signal}: stopping borg, ")
                + $"then postexec and the report (up to {Quantities.Duration(timeout)})",
                "another signal, or Ctrl-C, kills borg now");
    }
}
