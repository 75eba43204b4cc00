using System.Collections;
using Assimilator.Configuration;
using Assimilator.Posix;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary>What all commands with a configuration have in common: reading all of them, choosing among them, hiding
/// their secrets, listening to signals.</summary>
internal sealed class ConfiguredCommand : IDisposable
{
    private readonly CommandLine _commandLine;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly IReadOnlyList<LoadedConfiguration> _loaded;
    private readonly Interruption _interruption;
    private readonly Messages _early;

    /// <summary>Of the backup that runs; otherwise the early ones.</summary>
    private Messages _messages;

    private ConfiguredCommand(
        CommandLine commandLine, IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<LoadedConfiguration> loaded, Messages early)
    {
        (_commandLine, _environment, _loaded) = (commandLine, environment, loaded);
        _messages = _early = early;
        _interruption = Interruption.Listen(AnnounceShutdown);
    }

    /// <param name="early">Shows what happens before a configuration says how.</param>
    /// <returns>The exit code.</returns>
    public static int Run(CommandLine commandLine, Messages early)
    {
        // As this process was started with it, before any of it is changed for this process alone.
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(
            variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
        LibC.PrepareProcess();
        // .NET looks for certificates there, too, and fails where nothing names it.
        Environment.SetEnvironmentVariable("HOME", "/nonexistent");
        var loaded = LoadedConfigurations.Read(commandLine.ConfigurationFiles, environment);
        early.Hide(loaded.SelectMany(one => one.Configuration.Secrets));
        foreach (var name in environment.Keys.Where(ChildEnvironment.IsPassphrase)
            .Concat(loaded.SelectMany(one => one.Configuration.SecretVariables)))
            LibC.WipeVariable(name);
        // By hand, under cron and under systemd, children start in the same directory, which always exists.
        if (!commandLine.Definition.BecomesBorg)
            Directory.SetCurrentDirectory("/");
        commandLine = Selection.WithBackup(commandLine, loaded);
        if (Selection.Choose(loaded, commandLine, out var problem) is not { } chosen)
        {
            early.Show(problem!);
            return ExitCodes.Usage;
        }
        using var command = new ConfiguredCommand(commandLine, environment, loaded, early);
        if (commandLine.Command == Command.Status)
            return StatusCommand.Run(chosen, commandLine, environment, command._interruption);
        var codes = command.RunEach(chosen).ToList();
        return commandLine.Command == Command.Check ? codes.Max() : ExitCodes.Worst(codes);
    }

    public void Dispose() => _interruption.Dispose();

    /// <summary>One after the other, until a signal comes.</summary>
    private IEnumerable<int> RunEach(IReadOnlyList<LoadedConfiguration> chosen)
    {
        foreach (var (place, one) in chosen.Index())
        {
            if (_interruption.Signal is { } signal)
            {
                _early.Warning($"not started after signal {signal}: "
                    + string.Join(", ", chosen.Skip(place).Select(other => other.Name)));
                yield return ExitCodes.SignalBase + signal;
                yield break;
            }
            yield return RunOne(one, isOneOfSeveral: chosen.Count > 1);
        }
    }

    private int RunOne(LoadedConfiguration one, bool isOneOfSeveral)
    {
        var result = one.Result;
        using var messages = Messages.For(
            result.IsValid && _commandLine.Command != Command.Validate ? Logging(result.Configuration.Logging)
                : new LoggingSettings(_commandLine.Level ?? LogLevel.Info, Syslog: false),
            _loaded.SelectMany(other => other.Configuration.Secrets),
            _commandLine.MessageStyle with { Backup = one.Name, NamesBackup = isOneOfSeveral, ShowsProgress = true });
        return RunOne(one, messages);
    }

    private int RunOne(LoadedConfiguration one, Messages messages)
    {
        var (file, result) = (one.File, one.Result);
        _messages = messages;
        // Forgetting an obsolete host needs no paths and no repository.
        if (_commandLine.Command != Command.Forget || (!result.CanForget && _commandLine.NeedsConfiguration))
            foreach (var problem in result.Problems)
                messages.Error(problem.Describe(file), problem.Hint);
        // They are about the gateway.
        var isAboutReports = _commandLine.Command is Command.Run or Command.Validate or Command.Forget;
        foreach (var warning in result.CanReport && isAboutReports ? result.Warnings : [])
            messages.Warning(warning.Describe(file), warning.Hint);
        _interruption.ShutdownTimeout = result.Configuration.Backup.ShutdownTimeout;
        var context = new RunContext(
            _environment, TimeProvider.System, _interruption, messages, Selection.Of(one, _loaded, _commandLine));
        try
        {
            return _commandLine.Command switch
            {
                Command.Validate => ValidateCommand.Run(result, file, _commandLine.Online, context),
                Command.ShowConfig => ShowConfigCommand.Run(result, file, messages),
                Command.Forget => ForgetCommand.Run(result, _commandLine, context),
                Command.Prune => PruneCommand.Run(result, _commandLine, context),
                Command.Check => CheckCommand.Run(result, _commandLine, context),
                Command.Compact => CompactCommand.Run(result, _commandLine, context),
                Command.Init => InitCommand.Run(result, _commandLine, context),
                _ when _commandLine.Definition.BecomesBorg => BorgCommand.Run(result, _commandLine, context),
                _ => RunCommand.Run(result, _commandLine, context),
            };
        }
        catch (Exception exception)
        {
            messages.Unexpected(exception);
            return ExitCodes.NoArchive;
        }
        finally
        {
            // The others are closed from now on.
            _messages = _early;
        }
    }

    /// <summary>What somebody wants to see now is shown whatever the level, and is nothing for the syslog.</summary>
    private LoggingSettings Logging(LoggingSettings configured)
    {
        var level = _commandLine.Level ?? configured.Level;
        return _commandLine is not { Command: Command.Run, DryRun: true } ? configured with { Level = level }
            : new(level == LogLevel.Debug ? LogLevel.Debug : LogLevel.Info, Syslog: false);
    }

    private void AnnounceShutdown(int signal)
    {
        if (_commandLine is { Command: Command.Run, DryRun: false })
            _messages.Say(LogLevel.Warning, "interrupted: stopping borg, then postexec and the report "
                + $"(up to {Quantities.Duration(_interruption.ShutdownTimeout)}); press Ctrl-C again to kill borg now");
    }
}
