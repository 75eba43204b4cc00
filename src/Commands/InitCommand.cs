using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Posix;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.State;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary><c>assimilator init</c>: creates the configured repositories that do not exist yet.</summary>
internal static class InitCommand
{
    /// <returns>The exit code.</returns>
    public static int Run(ConfigurationResult result, CommandLine commandLine, RunContext context)
    {
        if (!result.IsValid)
            return ExitCodes.Configuration;
        var dialect = BorgCommand.DialectOf(result.Configuration, context);
        var encryption = commandLine.Encryption ?? dialect.DefaultEncryption;
        var meant = LockedCommand.Meant(result.Configuration, commandLine.Repository);
        // Borg itself would ask, and leave an empty directory behind.
        if (encryption != "none" && meant.FirstOrDefault(
            one => one is { Passphrase: null, Passcommand: null }) is { } bare)
        {
            context.About(bare.Name, bare.Name).Messages.Error(
                "nothing is created, because the configuration has no passphrase for the repository",
                "set passphrase_file in [repository], or store the backups unencrypted: --encryption none");
            return ExitCodes.Configuration;
        }
        var codes = new List<int>();
        foreach (var settings in meant)
        {
            if (context.Interruption.Signal is { } signal)
                return ExitCodes.SignalBase + signal;
            codes.Add(Init(result.Configuration, settings, dialect, encryption, commandLine,
                context.About(settings.Name, settings.Name)));
        }
        return context.Interruption.Signal is { } last ? ExitCodes.SignalBase + last : ExitCodes.Worst(codes);
    }

    private static int Init(BackupConfiguration configuration, RepositorySettings settings, BorgDialect dialect,
        string encryption, CommandLine commandLine, RunContext context)
    {
        if (settings is { MayBeAbsent: true, IsRemote: false } && !IsBelowMountPoint(settings.Location))
        {
            context.Messages.Error($"nothing is created: with may_be_absent = true, {settings.Location} should be on a "
                + "disk of its own, but none is mounted there", "mount it first");
            return ExitCodes.Problems;
        }
        var session = new BorgSession(configuration, settings, context, dialect);
        if (LastSuccess(configuration, settings) is { } last)
            return OpenKnown(new(configuration, settings, context, session), dialect, settings, last, context);
        if (session.FindPassphrase() is not { } passphrase)
            return ExitCodes.Problems;
        var log = new BorgLog(context.Messages, [], isPatient: false, context.Command("borg"));
        var process = new BorgProcess(configuration, settings, context, passphrase.Text, selfTest: true);
        var (exit, _, _) = process.Run(
            BorgCommandLine.Init(dialect, settings, encryption, commandLine.BorgArguments), timeout: null, log);
        process.ShowHeld(log);
        if (log.HasFoundRepository)
            return Open(new BorgRunner(configuration, settings, context, session), settings, context);
        if (exit.ReturnCode != 0)
        {
            context.Messages.Error($"borg {dialect.Init} {exit.Describe()}", log.Hint(exit.ReturnCode));
            return ExitCodes.Problems;
        }
        context.Messages.Info($"created the repository {settings.Location} ({encryption})");
        if (settings.AppendOnly)
            context.Messages.Info("append_only = true only keeps assimilator from deleting: to stop an attacker "
                + "from deleting, the repository's host must run borg serve --append-only");
        if (encryption != "none")
            RemindOfKey(dialect, encryption, context);
        return ExitCodes.Success;
    }

    /// <summary>A new repository in the place of one that is only out of reach would hide that.</summary>
    private static int OpenKnown(
        BorgRunner borg, BorgDialect dialect, RepositorySettings settings, DateTimeOffset lastSuccess,
        RunContext context)
    {
        if (borg.FindRepositoryId() is not null)
            return Found(settings, context);
        context.Messages.Error($"nothing is created: the last archive in {settings.Location} is from "
            + $"{Times.Text(lastSuccess)}, but the repository cannot be opened now",
            "is its disk mounted, and the passphrase right? only if it is lost for good: "
                + string.Join(' ', [context.Command("borg"), "--", dialect.Init, "-e", dialect.DefaultEncryption,
                    .. dialect.Repository]));
        return ExitCodes.Problems;
    }

    private static DateTimeOffset? LastSuccess(BackupConfiguration configuration, RepositorySettings settings) =>
        new StateFile(configuration.State.Directory!, configuration.Backup.Name).Read(out _).State is not { } state
            ? null : state.Of(settings.Series, isOnly: configuration.Repositories.Count == 1).LastSuccess;

    private static bool IsBelowMountPoint(string location)
    {
        // Old kernels do not tell.
        if (!LibC.IsMountPoint("/"))
            return true;
        for (var path = location; path is not null && path != "/"; path = Path.GetDirectoryName(path))
        {
            if (LibC.IsMountPoint(path))
                return true;
        }
        return false;
    }

    private static int Found(RepositorySettings settings, RunContext context)
    {
        context.Messages.Info($"the repository {settings.Location} already exists, and can be opened");
        return ExitCodes.Success;
    }

    private static int Open(BorgRunner borg, RepositorySettings settings, RunContext context)
    {
        if (borg.FindRepositoryId() is null)
        {
            context.Messages.Error($"the repository {settings.Location} already exists, but cannot be opened");
            return ExitCodes.Problems;
        }
        return Found(settings, context);
    }

    /// <summary>Nobody can make a lost key again.</summary>
    private static void RemindOfKey(BorgDialect dialect, string encryption, RunContext context)
    {
        var place = encryption.StartsWith("keyfile", StringComparison.Ordinal) ? "only on this host"
            : "only in the repository";
        context.Messages.Info($"the key is {place}; without the key and the passphrase, no archive can be read");
        context.Messages.Info("export the key, and keep it and the passphrase somewhere else: "
            + $"{context.Command("borg")} -- {string.Join(' ', ["key", "export", .. dialect.Repository, "FILE"])}");
    }
}
