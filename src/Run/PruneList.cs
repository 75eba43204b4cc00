using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Run;

/// <summary>What a prune would do, archive by archive.</summary>
internal static class PruneList
{
    public static void Show(PruneFacts facts, RepositoryReport repository, Messages messages)
    {
        var verdict = PrunePolicy.Judge(facts, repository);
        if (repository.Memory.Hold is { } hold)
            messages.Info($"pruning has been on hold since {hold.Since:yyyy-MM-dd HH:mm}Z: {hold.Reason}");
        foreach (var archive in verdict.Vanished)
            messages.Info($"gone           {archive.Name} (made by this backup, no longer in the repository)");
        foreach (var archive in facts.Kept)
            messages.Info($"would keep     {archive.Name}{Origin(archive)}");
        foreach (var archive in facts.Deleted)
            messages.Info($"would delete   {archive.Name}{Origin(archive)}");

        string Origin(ArchiveReference archive) =>
            verdict.Rewritten.Contains(archive) ? " (rewritten since this backup made it)"
            : verdict.Foreign.Contains(archive) && repository.Memory.Archives.Count > 0 ? " (not known to this backup)"
            : "";
    }
}
