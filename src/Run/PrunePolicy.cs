using Assimilator.Configuration;
using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Run;

/// <summary>Whether a repository may be pruned, and what the list of a prune reveals.</summary>
internal static class PrunePolicy
{
    /// <param name="command">Which <c>prune</c>.</param>
    public static string Remedy(string command) => $"run {command}: it lists what would be deleted, then asks";

    /// <summary>Why a run must not prune, or null. It is a fault where pruning is expected to go on.</summary>
    /// <param name="alsoPrunedBy">Other backups that would prune the same archives.</param>
    /// <param name="pruneCommand">How to look at what would be deleted.</param>
    public static Problem? WhyNot(RepositoryReport repository, DateTimeOffset startedAt, DateTimeOffset? lastSuccess,
        bool hasReadSources, IReadOnlyList<string> alsoPrunedBy, string pruneCommand) => repository switch
        {
            { HasArchive: false } => new("nothing is pruned, because no archive was created"),
            { Archive.Stats.Nfiles: 0 } => Fault("the archive contains no files, so nothing is pruned",
                "is something not mounted?"),
            { Archive.IsLookedUp: true } => Fault("nothing is pruned, because borg create ended with an error", null),
            _ when !hasReadSources || repository.Step(StepKind.Create)!.UnreadPaths.Count > 0 =>
                Fault("nothing is pruned, because not every source path could be read", null),
            { Damage: not null } => Fault("nothing is pruned, because the repository is damaged", null),
            _ when alsoPrunedBy.Count > 0 => AlsoPruned(alsoPrunedBy),
            _ when startedAt < lastSuccess => Fault(
                "nothing is pruned, because this host's clock is behind the last success",
                "check the clock: it is behind now, or was ahead at the last success"),
            { Memory.Hold: { } hold } => Fault(
                $"pruning has been on hold since {hold.Since:yyyy-MM-dd HH:mm}Z: {hold.Reason}", Remedy(pruneCommand)),
            _ => null,
        };

    /// <summary>Nobody may prune what several backups would prune, each by its own rules.</summary>
    public static Problem AlsoPruned(IReadOnlyList<string> others) => Fault(
        $"nothing is pruned, because other backups would prune the same archives: {string.Join(", ", others)}",
        "give each of them its own [backup] archive, or glob_archives in [retention]");

    public static bool HasConsent(RepositoryReport repository, string pattern) =>
        repository.Memory.Consent is { } consent && consent.Pattern == pattern && repository.Id is { } id
        && consent.RepositoryId == id;

    /// <summary>Somebody has agreed that runs prune, or the configuration says so.</summary>
    public static bool MayDelete(RepositoryReport repository, RetentionSettings retention) =>
        retention.Adopt || HasConsent(repository, PatternOf(retention));

    /// <summary>The pattern with the names of host and user in it, to notice when they change.</summary>
    public static string PatternOf(RetentionSettings retention) => SharedArchives.Expand(retention.GlobArchives);

    /// <summary>What is wrong with what a prune listed: it deleted what it should not, archives of ours are gone, or
    /// others are there that match.</summary>
    /// <returns>The names of each.</returns>
    public static PruneVerdict Judge(PruneFacts facts, RepositoryReport repository)
    {
        IReadOnlyList<ArchiveReference> listed = [.. facts.Kept, .. facts.Deleted];
        var own = repository.OwnArchive;
        var vanished = NotIn(listed, repository.Memory.Archives);
        var foreign = NotIn(repository.Memory.Archives, listed);
        // The names of this backup have the time in them, so one that is here and gone is the same archive.
        var rewritten = foreign.IntersectBy(vanished.Select(archive => archive.Name), archive => archive.Name).ToList();
        var names = rewritten.Select(archive => archive.Name).ToHashSet();
        return new PruneVerdict(
            IsOwnDeleted: own is not null && facts.Deleted.Any(own.IsSameAs),
            Vanished: [.. vanished.Where(archive => !names.Contains(archive.Name))],
            Foreign: [.. foreign.Where(archive => !names.Contains(archive.Name))],
            Rewritten: rewritten);
    }

    private static IReadOnlyList<ArchiveReference> NotIn(
        IReadOnlyList<ArchiveReference> known, IReadOnlyList<ArchiveReference> archives)
    {
        var ids = known.Select(archive => archive.Id).ToHashSet();
        // What is recorded without an id can only be found by its name.
        var names = known.Where(archive => archive.Id is null).Select(archive => archive.Name).ToHashSet();
        var allNames = known.Select(archive => archive.Name).ToHashSet();
        return [.. archives.Where(archive => archive.Id is null
            ? !allNames.Contains(archive.Name) : !ids.Contains(archive.Id) && !names.Contains(archive.Name))];
    }

    private static Problem Fault(string message, string? hint) =>
        new(message, hint) { Severity = LogLevel.Warning, IsFault = true };
}

/// <summary>What the list of a prune revealed.</summary>
/// <param name="IsOwnDeleted">The archive that this run had just created.</param>
/// <param name="Vanished">Archives of this backup that are not in the list.</param>
/// <param name="Foreign">Archives that match, but that this backup did not make.</param>
/// <param name="Rewritten">Archives that have the name of one of this backup's, but another id.</param>
internal sealed record PruneVerdict(
    bool IsOwnDeleted, IReadOnlyList<ArchiveReference> Vanished, IReadOnlyList<ArchiveReference> Foreign,
    IReadOnlyList<ArchiveReference> Rewritten)
{
    public bool IsGood => !IsOwnDeleted && Vanished.Count + Foreign.Count + Rewritten.Count == 0;
}
