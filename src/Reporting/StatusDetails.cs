using Assimilator.Report;
using Assimilator.Terminal;

namespace Assimilator.Reporting;

/// <summary>Everything that is known about one backup, below its rows in the table.</summary>
internal static class StatusDetails
{
    private const int MostRuns = 5;

    /// <param name="levels">See <see cref="Chart"/>.</param>
    public static string Of(BackupStatus backup, string levels, DateTimeOffset now)
    {
        var known = backup.Series.Where(series => series.Location is not null).ToList();
        var rows = Rows(backup, now);
        IEnumerable<string> blocks = known.Count == 1
            ? [Block(backup.Backup, rows.Concat(Rows(known[0], now)))]
            : known.Select(series => Block(Name(backup, series), Rows(series, now)))
                .Prepend(Block(backup.Backup, rows));
        if (backup.Problems.Count > 0)
            blocks = blocks.Append(Block("problems of the last run", backup.Problems.Index().SelectMany(Rows)));
        var bad = backup.Runs.Where(run => run.Outcome != Report.Outcome.Success).TakeLast(MostRuns).ToList();
        if (bad.Count > 0)
            blocks = blocks.Append(Block("runs with problems", bad.Select(run => (Times.Text(run.StartedAt),
                Outcome(run.Outcome) + (run.Cause is { } cause ? $": {cause}" : "")))));
        return string.Join('\n', blocks.Append(RunChart.Of(backup, levels)).Where(text => text.Length > 0));
    }

    private static string Name(BackupStatus backup, SeriesStatus series) =>
        series.Label is { } label ? $"{backup.Backup}: {label}" : $"{backup.Backup}: paths";

    private static string Block(string name, IEnumerable<(string Name, string Value)> rows) =>
        $"{PlainText.OneLine(name)}\n{Columns.Of(rows.Select(row => (row.Name, PlainText.OneLine(row.Value))))}";

    private static IEnumerable<(string, string)> Rows(BackupStatus backup, DateTimeOffset now)
    {
        yield return ("configuration", backup.ConfigurationFile);
        if (backup.RunningSince is { } since)
            yield return ("running since", Times.Both(since, now));
        if (backup.LastRun is { } run)
            yield return ("last run", $"{Times.Both(run.StartedAt, now)}: {Outcome(run.Outcome)}, "
                + $"took {Quantities.Duration(run.Duration ?? TimeSpan.Zero)}");
    }

    private static IEnumerable<(string, string)> Rows(SeriesStatus series, DateTimeOffset now)
    {
        var memory = series.Memory;
        yield return ("location", series.Location!);
        yield return ("last success", memory.LastSuccess is { } success ? Times.Both(success, now) : "never");
        if (series.Interval is { } interval)
            yield return ("next due", $"{Due(series, now)}; every {Quantities.Duration(interval)}");
        yield return ("archives", series.Archives is { } count ? $"{count}" : "unknown");
        if (series.Newest is var (name, made))
            yield return ("newest", name + Summary.Sizes(made?.Stats));
        if (memory.LastCheck is not null || series.CheckInterval is not null)
            yield return ("last check", memory.LastCheck is { } check
                ? $"{Times.Both(check.EndedAt, now)}: "
                    + (check.ReturnCode == 0 ? "no damage" : $"exit code {check.ReturnCode}")
                    + (memory.LastVerifyData is { } read ? $"; all data read {Times.Age(read, now)}" : "")
                : $"never{Due(memory.FirstRun + series.CheckInterval, now)}");
        if (memory.LastRestore is not null || series.RestoreInterval is not null)
            yield return ("last drill", memory.LastRestore is { } drill
                ? $"{Times.Both(drill.EndedAt, now)}: {CheckSummary.Files(drill.Facts)}"
                : $"never{Due(memory.FirstRun + series.RestoreInterval, now)}");
        if (memory.DamagedSince is { } damaged)
            yield return ("DAMAGED", $"since {Times.Both(damaged, now)}");
        if (series.IsPruneHeld)
            yield return ("prune held", memory.Hold is { } hold ? $"since {Times.Both(hold.Since, now)}: {hold.Reason}"
                : "nothing is pruned until you agree: assimilator prune");
    }

    private static IEnumerable<(string, string)> Rows((int Place, Problem Problem) one)
    {
        yield return ($"{one.Place + 1}", one.Problem.Message);
        if (one.Problem.Hint is { } hint)
            yield return ("", $"hint: {hint}");
    }

    private static string Due(DateTimeOffset? first, DateTimeOffset now) =>
        first is { } due ? $"; due {Times.Both(due, now)}" : "";

    private static string Due(SeriesStatus series, DateTimeOffset now) => series.NextDue is { } due
        ? $"{(series.IsOverdue ? "OVERDUE since " : "")}{Times.Both(due, now)}"
        : StatusTable.Due(series, now);

    private static string Outcome(Outcome? outcome) => outcome switch
    {
        Report.Outcome.Success => "good",
        Report.Outcome.Warning => "problems",
        Report.Outcome.Failure => "FAILED",
        { } other => other.ToString().ToLowerInvariant(),
        null => "never reported",
    };
}
