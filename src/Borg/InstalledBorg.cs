using System.Text;
using Assimilator.Configuration;
using Assimilator.Posix;
using Assimilator.Processes;
using Assimilator.Report;

namespace Assimilator.Borg;

/// <summary>Finds out which borg is installed. An executable is asked once.</summary>
internal static class InstalledBorg
{
    private const int MostText = 1000;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <summary>Adds the borg that is installed now to a report, which has the one that was asked last.</summary>
    public static RunReport AddTo(RunReport report, BackupConfiguration configuration, RunContext context) =>
        report with { Borg = Find(configuration, context, report.Borg) };

    /// <param name="known">The one that was asked last; null if that is not known.</param>
    public static BorgExecutable Find(BackupConfiguration configuration, RunContext context, BorgExecutable? known)
    {
        var path = LibC.RealPath(configuration.Borg.Path) ?? configuration.Borg.Path;
        var file = LibC.ChangeOf(path) ?? default;
        var found = new BorgExecutable(path, file.Size, DateTimeOffset.UnixEpoch.AddTicks(file.Mtime), Version: null);
        return known is { Version: not null } && known with { Version = null } == found ? known
            : found with { Version = AskVersion(configuration, context) };
    }

    private static string? AskVersion(BackupConfiguration configuration, RunContext context)
    {
        var text = new StringBuilder();
        var lines = LineSplitter.OfText(line => text.Append(text.Length < MostText ? line : ""));
        var exit = ChildProcess.Run(
            new ChildCommand
            {
                Executable = configuration.Borg.Path,
                Arguments = ["--version"],
                Environment = BorgEnvironment.Of(
                    configuration, configuration.Repositories[0], context.Environment, hasPassphrase: false,
                    selfTest: true),
                Timeout = Timeout,
                Grace = context.Interruption.Grace,
            },
            context.Interruption, lines.Write, static _ => { });
        lines.Complete();
        var version = exit.ReturnCode == 0
            ? BorgDialect.VersionIn(context.Messages.WithoutSecrets(text.ToString())) : null;
        if (BorgDialect.IsNewer(version))
            context.Messages.Info($"borg {version} is newer than this version of assimilator: it is used like "
                + $"{BorgDialect.Newest}");
        // That it cannot be started, the first step tells.
        else if (version is null && exit.StartFailure is null && !context.Interruption.IsRequested)
            context.Messages.Warning($"the version of borg cannot be read, so borg is treated like borg 1.2",
                $"see what it prints: {CommandWords.Quote(configuration.Borg.Path)} --version");
        return version;
    }
}
