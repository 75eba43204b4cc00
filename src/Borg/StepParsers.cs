using System.Text.RegularExpressions;
using Assimilator.Report;

namespace Assimilator.Borg;

/// <summary>Reads the facts from the output of a finished borg. Output never turns an error into a success.</summary>
internal static partial class StepParsers
{
    /// <summary>Exit code 0 counts as an archive even if its JSON cannot be read, unless we had told borg to end; with
    /// a warning, only the JSON shows that there is one.</summary>
    public static StepResult Create(StepResult result, BorgOutput output)
    {
        if (result.Outcome == BorgOutcome.Error)
            return result;
        var parsed = CreateOutput.Parse(output.Stdout.Span, out var problem);
        if (output.IsTruncated)
            problem = "borg printed far more than the expected JSON";
        if (parsed is null && (result.Outcome == BorgOutcome.Warning || result.WasTerminated))
            return result;
        return result with
        {
            UnreadableOutput = problem,
            Archive = new()
            {
                Name = parsed?.Archive?.Name,
                Id = parsed?.Archive?.Id,
                RepositoryId = parsed?.Repository?.Id,
                Stats = parsed?.Archive?.Stats,
                CacheStats = parsed?.Cache?.Stats,
            },
        };
    }

    /// <summary>The list of a prune that failed says what borg meant to do, not what it did.</summary>
    public static StepResult Prune(StepResult result, BorgOutput output)
    {
        if (result.Outcome == BorgOutcome.Error || output.List.Count == 0)
            return result;
        var entries = output.List.Select(line => ListEntry().Match(line)).ToList();
        if (!entries.TrueForAll(entry => entry.Success))
            return result;
        var archives = entries.ToLookup(
            entry => (IsKept: entry.Groups["kept"].Success,
                IsCheckpoint: Checkpoint().IsMatch(entry.Groups["name"].Value)),
            entry => new ArchiveReference(entry.Groups["name"].Value, entry.Groups["id"].Value));
        return result with
        {
            Prune = new PruneFacts
            {
                Kept = [.. archives[(true, false)]],
                Deleted = [.. archives[(false, false)]],
                DeletedCheckpoints = [.. archives[(false, true)]],
                IsDryRun = entries.Exists(entry => entry.Groups["would"].Success),
            },
        };
    }

    // Borg 1.1 writes the count behind the id.
    [GeneratedRegex(@"\A((?<kept>Keeping)|Pruning|(?<would>Would prune))[^:]*?(\([^)]*\))?: +(?<name>.+?) +"
        + @"[A-Z][a-z]{2}, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d( [+-]\d{4})? \[(?<id>[0-9a-f]{64})\]( \([0-9/]+\))?\z")]
    private static partial Regex ListEntry();

    [GeneratedRegex(@"\.checkpoint(\.\d+)?\z")]
    private static partial Regex Checkpoint();
}
