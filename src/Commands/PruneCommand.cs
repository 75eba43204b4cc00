using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Posix;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Run;
using Assimilator.State;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary><c>assimilator prune</c>: shows what would be deleted, asks, deletes it, and notes the consent for the
/// runs.</summary>
internal sealed class PruneCommand(BackupConfiguration configuration, RunContext context)
{
    private readonly Messages _messages = context.Messages;
    private readonly RunMemory _memory = new(configuration, context);
    private readonly BorgRunner _borg = new(configuration, context);

    /// <returns>The exit code.</returns>
    public static int Run(ConfigurationResult result, CommandLine commandLine, RunContext context)
    {
        if (!result.IsValid)
            return ExitCodes.Configuration;
        if (result.Configuration.Retention is null)
        {
            context.Messages.Error("the configuration has no [retention], so nothing is pruned",
                "set how many archives to keep, such as [retention] daily = 7");
            return ExitCodes.Configuration;
        }
        if (!commandLine.DryRun && !commandLine.Yes && !LibC.IsInteractive())
        {
            context.Messages.Error("prune asks before it deletes, but there is no terminal",
                "--dry-run only lists; --yes agrees to the list");
            return ExitCodes.Usage;
        }
        var (runLock, isBusy) = LockedCommand.Take(result.Configuration, context);
        using (runLock)
            return isBusy ? ExitCodes.TemporaryFailure
                : new PruneCommand(result.Configuration, context).Run(commandLine);
    }

    private int Run(CommandLine commandLine)
    {
        var now = context.Clock.GetUtcNow();
        var report = _memory.LookOnly(new RunReport
        {
            Backup = configuration.Backup.Name,
            StartedAt = now,
            Repositories = [new() { Location = configuration.Repository.Location }],
        });
        var repository = report.Repositories[0];
        if (repository.LastSuccess > now)
        {
            _messages.Error("nothing is pruned, because this host's clock is behind the last success", "set the clock");
            return ExitCodes.Problems;
        }
        if (_borg.FindRepositoryId() is not { } id || _borg.Run(BorgStep.PruneDryRun) is not { } listed)
            return ExitCodes.Problems;
        repository = repository with { Memory = repository.Memory with { Id = id } };
        if (listed is not { Outcome: not BorgOutcome.Error, Prune: { } facts })
        {
            _messages.Error(listed.Outcome == BorgOutcome.Error ? "the archives cannot be listed"
                : "no archive matches, or borg's list cannot be read",
                $"the pattern is {configuration.Retention!.GlobArchives}");
            return ExitCodes.Problems;
        }
        ShowList(facts, repository);
        if (commandLine.DryRun)
            return ExitCodes.Success;
        if (!commandLine.Yes && !Agrees(facts))
        {
            _messages.Info("nothing was deleted");
            return ExitCodes.Problems;
        }
        return Delete(report, repository, facts);
    }

    private void ShowList(PruneFacts facts, RepositoryReport repository)
    {
        var verdict = PrunePolicy.Judge(facts, repository);
        if (repository.Memory.Hold is { } hold)
            _messages.Info($"pruning is held since {hold.Since:yyyy-MM-dd HH:mm}Z: {hold.Reason}");
        foreach (var archive in verdict.Vanished)
            _messages.Info($"gone           {archive.Name} (this backup made it, but it is not in the repository)");
        foreach (var archive in facts.Kept)
            _messages.Info($"keeps          {archive.Name}{Origin(archive)}");
        foreach (var archive in facts.Deleted)
            _messages.Info($"would delete   {archive.Name}{Origin(archive)}");

        string Origin(ArchiveReference archive) =>
            verdict.Foreign.Contains(archive) && repository.Memory.Archives.Count > 0
                ? " (not known to this backup)" : "";
    }

    private static bool Agrees(PruneFacts facts)
    {
        Messages.Print($"assimilator: keep {Quantities.Count(facts.Kept.Count, "archive")} and delete "
            + $"{facts.Deleted.Count}, now and in later runs? [y/N] ");
        return LibC.ReadLine().Trim().ToLowerInvariant() is "y" or "yes";
    }

    private int Delete(RunReport report, RepositoryReport repository, PruneFacts agreed)
    {
        var pruning = new Pruning(configuration, context, _borg);
        var facts = agreed;
        if (agreed.Deleted.Count + agreed.DeletedCheckpoints.Count > 0)
        {
            if (_borg.Run(BorgStep.Prune) is not { Outcome: not BorgOutcome.Error, Prune: { } done })
            {
                _messages.Error("the archives were not deleted, or only some of them");
                return ExitCodes.Problems;
            }
            facts = done;
            pruning.ShowNames(facts);
        }
        repository = pruning.Accept(repository, facts);
        var compacts = configuration.Retention!.Compact != CompactWhen.Never
            && (facts.Deleted.Count > 0 || configuration.Repository.AppendOnly);
        var isCompacted = compacts && _borg.Run(BorgStep.Compact) is { Outcome: not BorgOutcome.Error };
        if (isCompacted)
            repository = repository with
            {
                Memory = repository.Memory with { LastCompact = context.Clock.GetUtcNow() },
            };
        var isStored = _memory.RememberRepositories(report with { Repositories = [repository] });
        _messages.Info($"{Quantities.Count(facts.Kept.Count, "archive")} kept, {facts.Deleted.Count} deleted"
            + (isStored ? "; runs prune from now on" : ""));
        return isStored && isCompacted == compacts ? ExitCodes.Success : ExitCodes.Problems;
    }
}
