using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Reporting;
using Assimilator.Run;
using Assimilator.State;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary><c>assimilator compact</c>: frees the space of deleted archives now.</summary>
internal static class CompactCommand
{
    /// <returns>The exit code.</returns>
    public static int Run(ConfigurationResult result, CommandLine commandLine, RunContext context)
    {
        if (!result.IsValid)
            return ExitCodes.Configuration;
        var (runLock, isBusy) = LockedCommand.Take(result.Configuration, context);
        using (runLock)
            return isBusy ? ExitCodes.TemporaryFailure : Compact(result.Configuration, commandLine, context);
    }

    private static int Compact(BackupConfiguration configuration, CommandLine commandLine, RunContext context)
    {
        var only = commandLine.Repository;
        var memory = new RunMemory(configuration, context);
        var report = InstalledBorg.AddTo(
            memory.LookOnly(NewReport.Of(configuration, context.Clock.GetUtcNow(), only)), configuration, context);
        var dialect = BorgDialect.Of(report.Borg);
        if (!dialect.HasCompact)
        {
            context.Messages.Info("borg 1.1 has no compact: its prune frees the space");
            return ExitCodes.Success;
        }
        var sessions = BorgSession.Of(configuration, context, dialect);
        var codes = new List<int>();
        foreach (var settings in LockedCommand.Meant(configuration, only))
        {
            if (context.Interruption.Signal is { } signal)
                return ExitCodes.SignalBase + signal;
            var own = context.About(settings.Name, settings.Name);
            var series = report.SeriesIn(settings.Location);
            if (series.Select(one => WhyNot(one, settings, own)).FirstOrDefault(why => why is not null) is { } problem)
            {
                own.Messages.Show(problem);
                codes.Add(ExitCodes.Problems);
                continue;
            }
            var borg = new BorgRunner(configuration, settings, own, sessions[settings.Location]);
            var step = borg.Run(BorgStep.Compact);
            if (step is not null && Summary.Of(step) is { } summary)
                own.Messages.Info(summary);
            if (step is not null)
                report = report.With(series[0].With(step, context.Clock.GetUtcNow()));
            var isStored = memory.RememberRepositories(report, commandLine.Definition.Name);
            codes.Add(step is { Outcome: BorgOutcome.Success } && isStored ? ExitCodes.Success : ExitCodes.Problems);
        }
        return context.Interruption.Signal is { } last ? ExitCodes.SignalBase + last : ExitCodes.Worst(codes);
    }

    /// <summary>To compact makes final what was deleted, whoever deleted it.</summary>
    private static Problem? WhyNot(RepositoryReport repository, RepositorySettings settings, RunContext context) =>
        repository switch
        {
            { Damage: { } damage } => new(
                $"nothing is compacted, because the repository has been {damage.Text}",
                BorgHints.Damage(context, damage.ClearedBy)),
            { Memory.Hold: { } hold } => new(
                "nothing is compacted, because pruning has been on hold since "
                    + $"{hold.Since:yyyy-MM-dd HH:mm}Z: {hold.Reason}",
                PrunePolicy.Remedy(context.Command("prune"))),
            { HeldNeighbour: { Memory.Hold: { } hold } other } => new(
                $"nothing is compacted, because pruning of the backup {other.Backup} in the same repository has been "
                    + $"on hold since {hold.Since:yyyy-MM-dd HH:mm}Z: {hold.Reason}",
                PrunePolicy.Remedy($"assimilator prune {CommandWords.Quote(other.Backup)}")),
            _ when settings.AppendOnly => new(
                "nothing is compacted, because append_only = true: it would make all deletions final, including an "
                    + "attacker's",
                settings.Retention is null
                    ? $"if no archive is missing: {context.Command("borg")} -- compact"
                    : $"on a trusted host, {context.Command("prune")} lists the archives, and compacts"),
            _ => null,
        };
}
