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
        List<string[]> rows =
        [
            .. backup.Series.Select(series => NewData(backup, series, runs, levels)),
            Row("duration", runs.ConvertAll(run => run.Duration?.Ticks), levels,
                most => Quantities.Duration(TimeSpan.FromTicks(most))),
            ["result", string.Concat(runs.Select(Result))],
            ["", Legend],
        ];
        var width = rows.Max(row => row[0].Length);
        var lines = rows.Select(row => $"  {row[0].PadRight(width)}  {string.Join("  ", row.Skip(1))}".TrimEnd());
        return $"Last {Quantities.Count(runs.Count, "run")} of {PlainText.OneLine(backup.Backup)}, oldest left\n"
            + $"{string.Join('\n', lines)}\n";
    }

    /// <summary>Also those before the state had a list of runs, as far as they made an archive.</summary>
    private static List<PastRun> Runs(BackupStatus backup)
    {
        var runs = backup.Runs.ToList();
        foreach (var archive in backup.Series.SelectMany(series => series.Made))
        {
            if (!runs.Exists(run => run.StartedAt == archive.StartedAt))
                runs.Add(new() { StartedAt = archive.StartedAt, Duration = archive.Duration });
        }
        return [.. runs.OrderBy(run => run.StartedAt).TakeLast(PastRun.MostKept)];
    }

    private static string[] NewData(BackupStatus backup, SeriesStatus series, List<PastRun> runs, string levels) => Row(
        series.Label is { } label && backup.Series.Count > 1 ? PlainText.OneLine($"new data, {label}") : "new data",
        runs.ConvertAll(run => series.Made.FirstOrDefault(archive => archive.StartedAt == run.StartedAt)
            ?.Stats?.DeduplicatedSize), levels, Quantities.Bytes);

    private static string[] Row(string name, List<long?> values, string levels, Func<long, string> text) =>
        values.Max() is { } most ? [name, Chart.Line(values, levels), $"up to {text(most)}"] : [name];

    private static string Result(PastRun run) => run switch
    {
        { Outcome: Outcome.Success } => ".",
        { Outcome: Outcome.Warning } => "!",
        { Outcome: Outcome.Skipped } => "-",
        { Outcome: null, Duration: not null } => " ",
        _ => "x",
    };
}
