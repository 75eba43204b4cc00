using System.Collections;
using System.Globalization;
using Assimilator.Configuration;
using Assimilator.Native;
using Assimilator.Processes;
using Assimilator.Terminal;

namespace Assimilator;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        LibC.OccupyStandardDescriptors();
        LibC.UseBuiltInNameServices();
        LibC.UseBuiltInTls();
        LibC.UseOneHeap();
        LibC.AdoptOrphans();
        LibC.KeepExitCodes();
        LibC.SurviveFileSizeLimit();
        using var early = new Messages(LogLevel.Info, syslog: null);
        try
        {
            return Execute(arguments, early);
        }
        catch (Exception exception)
        {
            early.Unexpected(exception);
            return ExitCodes.NoArchive;
        }
    }

    private static int Execute(string[] arguments, Messages early)
    {
        if (CommandLine.Parse(arguments, out var problem) is not { } commandLine)
        {
            early.Error(problem!, "assimilator --help shows what there is");
            return ExitCodes.Usage;
        }
        switch (commandLine.Command)
        {
            case Command.Help:
                Messages.Print(CommandLine.Usage);
                return ExitCodes.Success;
            case Command.Version:
                Messages.Print($"assimilator {ProgramVersion.WithCommit}\n");
                return ExitCodes.Success;
            case Command.Print:
                if (Messages.Print(commandLine.Printed!.Text()))
                    return ExitCodes.Success;
                early.Error("what was printed is not complete", "is the disk full?");
                return ExitCodes.InputOutput;
            default:
                return WithConfiguration(commandLine, early);
        }
    }

    private static int WithConfiguration(CommandLine commandLine, Messages early)
    {
        var environment = EnvironmentVariables();
        // .NET looks for certificates there too, and fails where neither HOME nor /etc/passwd names it, or where another user,
        // whose home it still is under sudo or su, has put something there. No child sees this one.
        Environment.SetEnvironmentVariable("HOME", "/nonexistent");
        var result = ConfigurationReader.Read(commandLine.ConfigurationFile, environment);
        var secrets = result.Configuration.Secrets;
        early.Hide(secrets);
        foreach (var name in environment.Keys.Where(ChildEnvironment.IsPassphrase).Concat(result.Configuration.SecretVariables))
            LibC.WipeVariable(name);
        var isValid = result.Problems.Count == 0;
        // A host that is no more has no paths and no repository either: where its reports went is enough to withdraw them.
        if (commandLine.Command != Command.Forget || !result.CanForget)
            MisconfiguredRun.Show(commandLine.ConfigurationFile, result.Problems, early);
        if (commandLine.Command == Command.Validate)
        {
            WarnOf(result, commandLine, early);
            if (isValid)
                early.Info($"{commandLine.ConfigurationFile} is in order");
            return isValid ? ExitCodes.Success : ExitCodes.Configuration;
        }
        // By hand, under cron and under systemd, children start in the same place, which is always there.
        Directory.SetCurrentDirectory("/");
        using var messages = isValid ? Messages.For(result.Configuration.Logging, secrets) : early;
        WarnOf(result, commandLine, messages);
        using var interruption = Interruption.Listen(
            result.Configuration.Backup.ShutdownTimeout,
            signal => AnnounceShutdown(commandLine.Command, signal, result.Configuration, messages));
        return commandLine.Command switch
        {
            Command.Forget when result.CanForget =>
                ForgottenBackup.Forget(result.Configuration, environment, interruption, messages),
            Command.Forget => ExitCodes.Configuration,
            _ when isValid => new BackupRun(result.Configuration, environment, interruption, messages).Execute(),
            _ => MisconfiguredRun.Report(result, environment, interruption, messages),
        };
    }

    /// <summary>Warnings are of the gateway, and say nothing where nothing is sent to it.</summary>
    private static void WarnOf(ConfigurationResult result, CommandLine commandLine, Messages messages)
    {
        foreach (var warning in result.CanReport ? result.Warnings : [])
            messages.Warning(warning.Describe(commandLine.ConfigurationFile), warning.Hint);
    }

    private static void AnnounceShutdown(Command command, int signal, BackupConfiguration configuration, Messages messages)
    {
        if (command != Command.Run)
            return;
        messages.Warning(
            string.Create(CultureInfo.InvariantCulture, $"got signal {signal}: ending in good order, with postexec and the report, ")
                + $"within {Quantities.Duration(configuration.Backup.ShutdownTimeout)}",
            "a second signal kills what runs");
    }

    private static Dictionary<string, string> EnvironmentVariables() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
}
