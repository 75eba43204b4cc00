using Assimilator.Borg;
using Assimilator.Configuration;
using Assimilator.Processes;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Run;

/// <summary>Prunes a repository, but only what somebody agreed to, and compares what was deleted with what is known to
/// be this backup's.</summary>
internal sealed class Pruning(RepositorySettings settings, RunContext context, BorgRunner borg)
{
    private const int MostNames = 20;

    private readonly Messages _messages = context.Messages;

    private string Pattern { get; } = PrunePolicy.PatternOf(settings.Retention!);

    /// <summary>Prunes in a run. Without consent, a dry run shows what would be deleted.</summary>
    /// <param name="whyNot">Why nothing must be pruned now, or null.</param>
    /// <param name="lastSuccess">As it was before this run.</param>
    public RepositoryReport Prune(RepositoryReport repository, Problem? whyNot, DateTimeOffset? lastSuccess)
    {
        repository = NoticeNewPattern(repository);
        if (whyNot is not null)
        {
            _messages.Show(whyNot);
            return repository;
        }
        var adopts = settings.Retention!.Adopt;
        var mayDelete = PrunePolicy.MayDelete(repository, settings.Retention);
        if (borg.Run(mayDelete ? BorgStep.Prune : BorgStep.PruneDryRun) is not { } result)
            return repository;
        repository = repository.With(result, context.Clock.GetUtcNow());
        if (result.Outcome == BorgOutcome.Error)
            return repository;
        if (adopts)
        {
            ShowNames(result.Prune);
            return repository with
            {
                Memory = repository.Memory with
                {
                    IsPruneHeld = false,
                    Archives = result.Prune?.Kept ?? repository.Memory.Archives,
                },
            };
        }
        if (result.Prune is not { } facts)
        {
            _messages.Warning("cannot read borg prune's list, so it is not known what "
                + (mayDelete ? "was deleted" : "would be deleted"), isFault: true);
            return repository;
        }
        var verdict = PrunePolicy.Judge(facts, repository);
        if (mayDelete)
            ShowNames(facts);
        else if (facts.Deleted.Count > 0)
            return Ask(repository, facts);
        return verdict.IsGood || (!mayDelete && verdict is { Vanished.Count: 0, Rewritten.Count: 0 })
            ? Accept(repository, facts)
            : Hold(repository, facts, verdict, lastSuccess);
    }

    /// <summary>The same after somebody agreed to a list, or nothing is wrong with it.</summary>
    public RepositoryReport Accept(RepositoryReport repository, PruneFacts facts) => repository with
    {
        Memory = repository.Memory with
        {
            IsPruneHeld = false,
            Pattern = Pattern,
            Consent = new PruneConsent(repository.Id, Pattern),
            Hold = null,
            Archives = facts.Kept,
            UnreportedSince = null,
        },
    };

    /// <summary>Names what a prune deleted, and at level debug what it kept.</summary>
    public void ShowNames(PruneFacts? facts)
    {
        foreach (var archive in facts?.Kept ?? [])
            _messages.Debug($"kept {archive.Name}");
        foreach (var archive in facts?.Deleted ?? [])
            _messages.Info($"deleted {archive.Name}");
        foreach (var archive in facts?.DeletedCheckpoints ?? [])
            _messages.Info($"deleted checkpoint {archive.Name}");
    }

    public static string Names(IReadOnlyList<ArchiveReference> archives) =>
        string.Join(", ", archives.Take(MostNames).Select(archive => archive.Name))
        + (archives.Count > MostNames ? $" and {archives.Count - MostNames} more" : "");

    /// <summary>Says that archives with names of an earlier template are left alone from now on.</summary>
    public RepositoryReport NoticeNewPattern(RepositoryReport repository)
    {
        var memory = repository.Memory;
        if (memory.Pattern == Pattern)
            return repository;
        if (memory.Pattern is { } old)
            _messages.Warning($"archives named like {old} are no longer pruned, because [backup] archive, or the name "
                + "of the backup or this host, has changed",
                $"to list them: {context.Command("borg")} -- {borg.Dialect.ListCommand(old)}",
                isFault: true);
        return repository with
        {
            Memory = memory with
            {
                Pattern = Pattern,
                Archives = memory.Pattern is null ? memory.Archives
                    : repository.OwnArchive is { } own ? [own] : [],
            },
        };
    }

    private RepositoryReport Ask(RepositoryReport repository, PruneFacts facts)
    {
        _messages.Warning($"nothing is pruned yet: the first prune would delete {facts.Deleted.Count} of "
            + $"{Quantities.Count(facts.Deleted.Count + facts.Kept.Count, "archive")}: {Names(facts.Deleted)}",
            PrunePolicy.Remedy(context.Command("prune")), isFault: true);
        return repository with { Memory = repository.Memory with { IsPruneHeld = true } };
    }

    private RepositoryReport Hold(
        RepositoryReport repository, PruneFacts facts, PruneVerdict verdict, DateTimeOffset? lastSuccess)
    {
        var reasons = new List<string>();
        if (verdict.IsOwnDeleted)
            reasons.Add($"prune deleted the archive that this run had just created: {repository.OwnArchive!.Name}");
        if (verdict.Vanished.Count > 0)
            reasons.Add($"archives of this backup have disappeared: {Names(verdict.Vanished)}");
        if (verdict.Rewritten.Count > 0)
            reasons.Add("archives of this backup were rewritten and have new ids, as after borg recreate, or borg "
                + $"check --repair, which fills lost data with zeros: {Names(verdict.Rewritten)}"
                + Deleted(facts, verdict.Rewritten));
        if (verdict.Foreign.Count > 0)
            reasons.Add("the pattern of this backup also matches archives that it did not make: "
                + $"{Names(verdict.Foreign)}{Deleted(facts, verdict.Foreign)}");
        var remedy = PrunePolicy.Remedy(context.Command("prune"));
        var problem = new Problem(string.Join("; ", reasons), verdict.IsOwnDeleted
            ? "is the clock wrong, or are archives dated in the future? nothing more is pruned; " + remedy
            : "nothing more is pruned until you agree; " + remedy)
        {
            Severity = verdict.IsOwnDeleted ? LogLevel.Error : LogLevel.Warning,
            IsFault = true,
        };
        _messages.Show(problem);
        return repository with
        {
            IsArchiveDeleted = verdict.IsOwnDeleted,
            Memory = repository.Memory with
            {
                IsPruneHeld = true,
                LastSuccess = verdict.IsOwnDeleted ? lastSuccess : repository.LastSuccess,
                Hold = new PruneHold(context.Clock.GetUtcNow(), PlainText.Excerpt(problem.Message, 300)),
                Archives = [.. repository.Memory.Archives.Except(repository.Memory.Archives
                    .Where(known => facts.Deleted.Any(known.IsSameAs))).Except(verdict.Vanished)],
            },
        };
    }

    private static string Deleted(PruneFacts facts, IReadOnlyList<ArchiveReference> archives)
    {
        var deleted = archives.Where(facts.Deleted.Contains).ToList();
        return deleted.Count > 0 ? $"; prune deleted some of them: {Names(deleted)}" : "";
    }
}
