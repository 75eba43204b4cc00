using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Run;
using Assimilator.Terminal;

namespace Assimilator.Commands;

/// <summary>Prunes one series of archives by hand.</summary>
internal sealed class RepositoryPrune(
    BackupConfiguration configuration, RepositorySettings settings, CommandLine commandLine, RunContext context,
    BorgSession session)
{
    private readonly Messages _messages = context.Messages;
    private readonly BorgRunner _borg = new(configuration, settings, context, session);

    /// <param name="series">All in the repository.</param>
    /// <param name="store">Writes down what was done.</param>
    /// <returns>The exit code.</returns>
    public int Run(
        IReadOnlyList<RepositoryReport> series, DateTimeOffset now, Func<RepositoryReport, bool> store)
    {
        var repository = series.First(one => one.Series == settings.Series);
        if (settings.AlsoPrunedBy.Count > 0)
        {
            _messages.Show(PrunePolicy.AlsoPruned(settings.AlsoPrunedBy));
            return ExitCodes.Problems;
        }
        if (repository.LastSuccess > now)
        {
            _messages.Error("nothing is pruned, because this host's clock is behind the last success",
                "check the clock: it is behind now, or was ahead at the last success");
            return ExitCodes.Problems;
        }
        if (repository.Damage is { } damage)
        {
            _messages.Error($"nothing is pruned, because the repository has been {damage.Text}",
                BorgHints.Damage(context, damage.ClearedBy));
            return ExitCodes.Problems;
        }
        if (_borg.FindRepositoryId() is not { } id || _borg.Run(BorgStep.PruneDryRun) is not { } listed)
            return ExitCodes.Problems;
        repository = repository with { Memory = repository.Memory with { Id = id } };
        if (listed is not { Outcome: not BorgOutcome.Error, Prune: { } facts })
        {
            _messages.Error(listed.Outcome == BorgOutcome.Error ? "the archives cannot be listed"
                : "no archive matches, or borg's list cannot be read",
                $"the pattern is {settings.Retention!.GlobArchives}");
            return ExitCodes.Problems;
        }
        PruneList.Show(facts, repository, _messages);
        if (commandLine.DryRun)
            return ExitCodes.Success;
        if (!commandLine.Yes && !Agrees(facts))
        {
            _messages.Info("nothing was deleted");
            return context.Interruption.Signal is { } signal ? ExitCodes.SignalBase + signal : ExitCodes.Problems;
        }
        // Compacting would make final what was deleted in another series, and that nobody has looked at yet.
        var isOtherHeld = repository.HeldNeighbour is not null
            || series.Any(other => other.Series != settings.Series && other.Memory.IsPruneHeld == true);
        return Delete(repository, facts, mayCompact: !isOtherHeld, store);
    }

    private bool Agrees(PruneFacts facts)
    {
        var subject = settings.Label is { } label ? $"{label}: " : "";
        // Runs leave an append-only repository alone.
        var later = settings.AppendOnly ? "" : ", and let later runs prune without asking";
        Messages.Print($"assimilator: {subject}keep {Quantities.Count(facts.Kept.Count, "archive")} and delete "
            + $"{facts.Deleted.Count} now{later}? [y/N] ");
        var answer = context.Interruption.ReadLine();
        if (answer is null)
            Messages.Print("\n");
        return answer?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    private int Delete(
        RepositoryReport repository, PruneFacts agreed, bool mayCompact, Func<RepositoryReport, bool> store)
    {
        var pruning = new Pruning(settings, context, _borg);
        var facts = agreed;
        if (agreed.Deleted.Count + agreed.DeletedCheckpoints.Count > 0)
        {
            if (_borg.Run(BorgStep.Prune) is not { Outcome: not BorgOutcome.Error, Prune: { } done })
            {
                _messages.Error("not all archives were deleted: see borg's messages above");
                return ExitCodes.Problems;
            }
            facts = done;
            pruning.ShowNames(facts);
        }
        repository = pruning.Accept(repository, facts);
        var compacts = mayCompact && _borg.Dialect.HasCompact && settings.Retention!.Compact != CompactWhen.Never
            && (facts.Deleted.Count > 0 || settings.AppendOnly);
        var isCompacted = compacts && _borg.Run(BorgStep.Compact) is { Outcome: not BorgOutcome.Error };
        if (isCompacted)
            repository = repository with
            {
                Memory = repository.Memory with { LastCompact = context.Clock.GetUtcNow() },
            };
        var isStored = store(repository);
        _messages.Info($"{Quantities.Count(facts.Kept.Count, "archive")} kept, {facts.Deleted.Count} deleted"
            + (isStored && !settings.AppendOnly ? "; later runs prune without asking" : ""));
        return isStored && isCompacted == compacts ? ExitCodes.Success : ExitCodes.Problems;
    }
}
