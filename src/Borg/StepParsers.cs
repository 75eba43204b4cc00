using Assimilator.Report;

namespace Assimilator.Borg;

/// <summary>Reads the facts from the output of a finished borg. Output never turns an error into a success.</summary>
internal static class StepParsers
{
    /// <summary>Exit code 0 counts as an archive even if its JSON cannot be read, unless we had told borg to end; with
    /// a warning, only the JSON shows that there is one.</summary>
    public static StepResult Create(StepResult result, BorgOutput output)
    {
        if (result.Outcome == BorgOutcome.Error)
            return result;
        var parsed = CreateOutput.Parse(output.Stdout.Span, out var problem);
        if (output.IsTruncated)
            problem = "borg printed much more than its JSON";
        if (parsed is null && (result.Outcome == BorgOutcome.Warning || result.WasTerminated))
            return result;
        return result with
        {
            UnreadableOutput = problem,
            Archive = new()
            {
                Name = parsed?.Archive?.Name,
                RepositoryId = parsed?.Repository?.Id,
                Stats = parsed?.Archive?.Stats,
                CacheStats = parsed?.Cache?.Stats,
            },
        };
    }

    /// <summary>The list of a prune that failed says what borg meant to do, not what it did.</summary>
    public static StepResult Prune(StepResult result, BorgOutput output)
    {
        var kept = output.List.Count(line => line.StartsWith("Keeping archive", StringComparison.Ordinal));
        var deleted = output.List.Count(line => line.StartsWith("Pruning archive", StringComparison.Ordinal));
        return result.Outcome == BorgOutcome.Error || kept + deleted == 0
            ? result
            : result with { Prune = new PruneFacts(kept, deleted) };
    }
}
