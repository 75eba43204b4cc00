using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;

namespace Assimilator.Commands;

/// <summary><c>assimilator init</c>: creates the configured repositories that do not exist yet.</summary>
internal static class InitCommand
{
    public const string DefaultEncryption = "repokey-blake2";

    /// <summary>Borg's names of them.</summary>
    public static readonly IReadOnlyList<string> Encryptions =
    [
        "none", "authenticated", "authenticated-blake2", "repokey", "keyfile", DefaultEncryption, "keyfile-blake2",
    ];

    /// <returns>The exit code.</returns>
    public static int Run(ConfigurationResult result, CommandLine commandLine, RunContext context)
    {
        if (!result.IsValid)
            return ExitCodes.Configuration;
        var encryption = commandLine.Encryption ?? DefaultEncryption;
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
            codes.Add(Init(result.Configuration, settings, encryption, commandLine,
                context.About(settings.Name, settings.Name)));
        }
        return context.Interruption.Signal is { } last ? ExitCodes.SignalBase + last : ExitCodes.Worst(codes);
    }

    private static int Init(BackupConfiguration configuration, RepositorySettings settings, string encryption,
        CommandLine commandLine, RunContext context)
    {
        var session = new BorgSession(configuration, settings, context);
        if (session.FindPassphrase() is not { } passphrase)
            return ExitCodes.Problems;
        var log = new BorgLog(context.Messages, [], isPatient: false, context.Command("borg"));
        var (exit, _, _) = new BorgProcess(configuration, settings, context, passphrase.Text, selfTest: true).Run(
            BorgCommandLine.Init(settings, encryption, commandLine.BorgArguments), timeout: null, log);
        if (log.HasFoundRepository)
            return Open(new BorgRunner(configuration, settings, context, session), settings, context);
        if (exit.ReturnCode != 0)
        {
            context.Messages.Error($"borg init {exit.Describe()}", log.Hint(exit.ReturnCode));
            return ExitCodes.Problems;
        }
        context.Messages.Info($"created the repository {settings.Location} ({encryption})");
        if (settings.AppendOnly)
            context.Messages.Info("append_only = true only keeps assimilator from deleting: to stop an attacker "
                + "from deleting, the repository's host must run borg serve --append-only");
        if (encryption != "none")
            RemindOfKey(encryption, context);
        return ExitCodes.Success;
    }

    private static int Open(BorgRunner borg, RepositorySettings settings, RunContext context)
    {
        if (borg.FindRepositoryId() is null)
        {
            context.Messages.Error($"the repository {settings.Location} already exists, but cannot be opened");
            return ExitCodes.Problems;
        }
        context.Messages.Info($"the repository {settings.Location} already exists, and can be opened");
        return ExitCodes.Success;
    }

    /// <summary>Nobody can make a lost key again.</summary>
    private static void RemindOfKey(string encryption, RunContext context)
    {
        var place = encryption.StartsWith("keyfile", StringComparison.Ordinal) ? "only on this host"
            : "only in the repository";
        context.Messages.Info($"the key is {place}; without the key and the passphrase, no archive can be read");
        context.Messages.Info($"export the key, and keep it and the passphrase somewhere else: "
            + $"{context.Command("borg")} -- key export :: FILE");
    }
}
