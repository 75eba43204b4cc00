using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Posix;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Run;
using Assimilator.State;

namespace Assimilator.Commands;

/// <summary><c>assimilator prune</c>: shows what would be deleted, asks, deletes it, and notes the consent for the
/// runs.</summary>
internal sealed class PruneCommand(BackupConfiguration configuration, CommandLine commandLine, RunContext context)
{
    private readonly RunMemory _memory = new(configuration, context);

    /// <returns>The exit code.</returns>
    public static int Run(ConfigurationResult result, CommandLine commandLine, RunContext context)
    {
        if (!result.IsValid)
            return ExitCodes.Configuration;
        if (!result.Configuration.Repositories.Any(repository => IsMeant(repository, commandLine)))
        {
            context.Messages.Error("the configuration has no [retention], so nothing is pruned",
                "set how many archives to keep, such as [retention] daily = 7");
            return ExitCodes.Configuration;
        }
        if (!commandLine.DryRun && !commandLine.Yes && !LibC.IsInteractive())
        {
            context.Messages.Error("prune asks before it deletes, but there is no terminal",
                "use --dry-run to list what would be deleted, or --yes to delete it without asking");
            return ExitCodes.Usage;
        }
        var (runLock, isBusy) = LockedCommand.Take(result.Configuration, context);
        using (runLock)
            return isBusy ? ExitCodes.TemporaryFailure
                : new PruneCommand(result.Configuration, commandLine, context).Run();
    }

    private static bool IsMeant(RepositorySettings repository, CommandLine commandLine) =>
        repository.Retention is not null
        && (commandLine.Repository is null || repository.Name == commandLine.Repository);

    private int Run()
    {
        var report = InstalledBorg.AddTo(
            _memory.LookOnly(NewReport.Of(configuration, context.Clock.GetUtcNow())), configuration, context);
        using var connections = new SharedConnections(configuration, context);
        var sessions = BorgSession.Of(configuration, context, BorgDialect.Of(report.Borg), connections);
        var codes = new List<int>();
        foreach (var settings in configuration.Repositories.Where(settings => IsMeant(settings, commandLine)))
        {
            if (context.Interruption.IsRequested)
                break;
            var series = report.SeriesIn(settings.Location);
            var prune = new RepositoryPrune(
                configuration, settings, commandLine, context.About(settings.Label, settings.Name),
                sessions[settings.Location]);
            codes.Add(prune.Run(series, report.StartedAt, pruned =>
            {
                report = report.With(pruned);
                return _memory.RememberRepositories(report, commandLine.Definition.Name);
            }));
        }
        return context.Interruption.Signal is { } signal ? ExitCodes.SignalBase + signal : ExitCodes.Worst(codes);
    }
}
