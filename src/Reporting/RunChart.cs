using Assimilator.Report;
using Assimilator.State;
using Assimilator.Terminal;

namespace Assimilator.Reporting;

/// <summary>The last runs of a backup, one character a run, oldest left.</summary>
internal static class RunChart
{
    private const string Legend = ". good, ! problems, x failed, - skipped";

    /// <summary>Empty if there has been no run.</summary>
    /// <param name="levels">See <see cref="Chart"/>.</param>
    public static string Of(BackupStatus backup, string levels)
    {
        var runs = Runs(backup);
        if (runs.Count == 0)
            return "";
        var longest = runs.Max(run => run.Duration);
        List<(string Name, string Line, string Label)> rows =
        [
            .. backup.Series.Select(series => NewData(backup, series, runs, levels)),
            ("duration", Chart.Line(runs.Select(run => run.Duration?.TotalSeconds), levels),
                longest is { } most ? $"up to {Quantities.Duration(most)}" : ""),
            ("result", string.Concat(runs.Select(Result)), ""),
            ("", Legend, ""),
        ];
        var width = rows.Max(row => row.Name.Length);
        var lines = rows.Select(row => $"  {row.Name.PadRight(width)}  {row.Line}  {row.Label}".TrimEnd() + "\n");
        return $"Last {Quantities.Count(runs.Count, "run")} of {PlainText.OneLine(backup.Backup)}, oldest left\n"
            + string.Concat(lines);
    }

    /// <summary>Also those before the state had a list of runs, as far as they made an archive.</summary>
    private static List<PastRun> Runs(BackupStatus backup)
    {
        var known = backup.Runs.Select(run => run.StartedAt).ToHashSet();
        var before = backup.Series.SelectMany(series => series.Made)
            .Where(archive => !known.Contains(archive.StartedAt)).GroupBy(archive => archive.StartedAt)
            .Select(run => new PastRun { StartedAt = run.Key, Duration = run.Max(archive => archive.Duration) });
        return [.. backup.Runs.Concat(before).OrderBy(run => run.StartedAt).TakeLast(PastRun.MostKept)];
    }

    private static (string Name, string Line, string Label) NewData(
        BackupStatus backup, SeriesStatus series, List<PastRun> runs, string levels)
    {
        var sizes = runs.ConvertAll(run => series.Made.FirstOrDefault(archive => archive.StartedAt == run.StartedAt)
            ?.Stats?.DeduplicatedSize);
        var name = series.Label is { } label && backup.Series.Count > 1 ? $"new data, {label}" : "new data";
        return (PlainText.OneLine(name), Chart.Line(sizes.Select(size => (double?)size), levels),
            sizes.Max() is { } most ? $"up to {Quantities.Bytes(most)}" : "");
    }

    private static char Result(PastRun run) => run switch
    {
        { Outcome: Outcome.Success } => '.',
        { Outcome: Outcome.Warning } => '!',
        { Outcome: Outcome.Skipped } => '-',
        { Outcome: null, Duration: not null } => ' ',
        _ => 'x',
    };
}
