using System.Globalization;
using Assimilator.Terminal;

namespace Assimilator.Reporting;

/// <summary>All backups of a host, for people and for monitoring plugins, which read the first line.</summary>
internal static class StatusTable
{
    private const string Archives = "ARCHIVES";

    private static readonly string[] Header =
        ["BACKUP", "REPOSITORY", "STREAM", "RESULT", "LAST SUCCESS", "NEXT DUE", Archives, "LAST CHECK", "LAST DRILL"];

    public static string Of(IReadOnlyList<BackupStatus> backups, DateTimeOffset now)
    {
        List<(string[] Cells, IEnumerable<string> Notes)> rows = [(Header, [])];
        foreach (var backup in backups)
            rows.AddRange(backup.Series.Select((series, place) => (Cells(backup, series, place, now),
                place == backup.Series.Count - 1 ? Notes(backup, now) : [])));
        // There may be no repositories with names, no streams and no checks.
        var columns = Enumerable.Range(0, Header.Length)
            .Where(column => rows.Skip(1).Any(row => row.Cells[column].Length > 0))
            .Select(column => (Column: column, Width: rows.Max(row => row.Cells[column].Length))).ToList();
        var lines = rows.SelectMany(row => row.Notes.Select(note => $"  {note}").Prepend(string.Join("  ",
            columns.Select(column => Header[column.Column] == Archives
                ? row.Cells[column.Column].PadLeft(column.Width)
                : row.Cells[column.Column].PadRight(column.Width))).TrimEnd()));
        return $"{Summary(backups)}\n\n{string.Join('\n', lines)}\n";
    }

    private static string Summary(IReadOnlyList<BackupStatus> backups)
    {
        var bad = backups.Where(backup => backup.Level != StatusLevel.Ok).Select(backup => backup.Backup).ToList();
        var level = backups.Select(backup => backup.Level).DefaultIfEmpty().Max();
        return $"{level.ToString().ToUpperInvariant()}: {Quantities.Count(backups.Count, "backup")}"
            + (bad.Count > 0 ? $", {bad.Count} with problems: {string.Join(", ", bad)}" : "");
    }

    /// <summary>What the row of a backup has no column for. The last run has one: the last success, unless it made no
    /// archive.</summary>
    private static IEnumerable<string> Notes(BackupStatus backup, DateTimeOffset now)
    {
        if (backup.RunningSince is { } since)
            yield return $"this run started {Times.Age(since, now)}";
        else if (backup.LastRun is { } run
            && backup.Series.Any(series => !(series.Memory.LastSuccess >= run.StartedAt)))
            yield return $"last run {Times.Age(run.StartedAt, now)}";
        foreach (var cause in backup.Causes)
            yield return PlainText.OneLine(cause);
    }

    private static string[] Cells(BackupStatus backup, SeriesStatus series, int place, DateTimeOffset now) =>
    [
        place == 0 ? PlainText.OneLine(backup.Backup) : "",
        series.Repository ?? "",
        series.Stream ?? "",
        series.Result,
        series.Location is null ? "" : Age(series.Memory.LastSuccess, isExpected: true, now),
        Due(series, now),
        series.Archives is { } count ? count.ToString(CultureInfo.InvariantCulture)
            : series.Location is null ? "" : "?",
        Age(series.Memory.LastCheck?.EndedAt, series.CheckInterval is not null, now),
        Age(series.Memory.LastRestore?.EndedAt, series.RestoreInterval is not null, now),
    ];

    private static string Age(DateTimeOffset? time, bool isExpected, DateTimeOffset now) =>
        time is { } known ? Times.Age(known, now) : isExpected ? "never" : "";

    /// <summary>When the next archive is due, in a few words; empty if there is no interval.</summary>
    public static string Due(SeriesStatus series, DateTimeOffset now) => series switch
    {
        { Interval: null } => "",
        { IsOverdue: true } => "OVERDUE",
        _ => series.NextDue is { } due ? Times.Age(due, now) : "now",
    };
}
