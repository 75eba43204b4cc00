using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Reporting;

/// <summary>What the last check and the last restore drill of a repository have shown, in one line.</summary>
internal static class CheckSummary
{
    public static StatusLevel LevelOf(RepositoryReport repository) => repository.Memory is
    {
        DamagedSince: null,
        LastCheck: null or { ReturnCode: 0 },
        LastRestore: null or { ReturnCode: 0 },
    } ? StatusLevel.Ok : StatusLevel.Critical;

    /// <param name="isFirst">Of all in the repository: it tells of the checks, too.</param>
    public static string Of(RepositoryReport repository, bool isFirst)
    {
        var memory = repository.Memory;
        var check = memory.LastCheck is { } last
            ? $"last check {Times.Text(last.EndedAt)}, "
                + (last.ReturnCode == 0 ? "no damage" : $"exit code {last.ReturnCode}")
            : $"never checked{Due(memory.FirstRun + repository.CheckInterval)}";
        var drill = memory.LastRestore is { } restore
            ? $"last restore drill {Times.Text(restore.EndedAt)}, {Files(restore.Facts)}"
            : $"no restore drill yet{Due(memory.FirstRun + repository.RestoreInterval)}";
        var damage = memory.DamagedSince is { } since ? $"DAMAGED since {Times.Text(since)}; " : "";
        return isFirst ? $"{damage}{check}; {drill}" : drill;
    }

    private static string Due(DateTimeOffset? first) => first is { } due ? $" (due {Times.Text(due)})" : "";

    public static string Files(RestoreFacts? facts) => facts is null ? "the archive could not be read"
        : $"{Quantities.Count(facts.Verified + facts.Read, "file")} good"
            + (facts.Failed > 0 ? $", {facts.Failed} bad" : "");
}
