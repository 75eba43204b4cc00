using System.Globalization;
using Assimilator.Configuration;
using Assimilator.Report;
using Assimilator.State;
using Assimilator.Terminal;

namespace Assimilator.Reporting;

/// <summary>How bad something is, with the exit codes of monitoring plugins.</summary>
internal enum StatusLevel
{
    Ok = 0,
    Warning = 1,
    Critical = 2,
}

/// <summary>How one series of archives of a backup is.</summary>
/// <param name="Repository">Null if there is only one.</param>
/// <param name="Stream">Null for the paths.</param>
/// <param name="Result">Of the last run, in one or two words.</param>
/// <param name="NextDue">When an archive is due, or that it is overdue.</param>
internal sealed record RepositoryStatus(
    string? Repository, string? Stream, StatusLevel Level, DateTimeOffset? LastRun, string Result,
    DateTimeOffset? LastSuccess, string NextDue);

/// <summary>How one backup is, by its configuration and its state.</summary>
/// <param name="Causes">What the last run complained about, if it was not faultless.</param>
internal sealed record BackupStatus(
    string Backup, IReadOnlyList<RepositoryStatus> Repositories, IReadOnlyList<string> Causes)
{
    private const int MostCauses = 3;

    public StatusLevel Level => Repositories.Max(repository => repository.Level);

    /// <summary>A backup of which nothing can be told.</summary>
    public static BackupStatus Unknown(string backup, string result, IReadOnlyList<string> causes) =>
        new(backup, [new(null, null, StatusLevel.Critical, null, result, null, "")], causes);

    /// <param name="isRunning">A run is in progress.</param>
    public static BackupStatus Of(
        BackupConfiguration configuration, BackupState state, bool isRunning, DateTimeOffset now)
    {
        var isOnly = configuration.Repositories.Count == 1;
        var lost = isRunning ? null : state.RunInProgress;
        List<string> causes = lost is null ? []
            : [$"the run of {Text(lost.StartedAt)} never reported: it was killed, or the power failed"];
        if (state.LastReport is { } last && last.Outcome != Outcome.Success)
            causes.AddRange(last.Problems.OrderBy(problem => problem.Severity).Take(MostCauses)
                .Select(problem => problem.Message));
        return new BackupStatus(
            configuration.Backup.Name,
            [
                .. configuration.Repositories.Select(repository => Of(
                    configuration.Check, repository, state.Of(repository.Series, isOnly), state.LastReport, isRunning,
                    lost is not null, now)),
            ], causes);
    }

    private static RepositoryStatus Of(
        CheckSettings? check, RepositorySettings settings, RepositoryMemory memory, RunReport? last, bool isRunning,
        bool isLost, DateTimeOffset now)
    {
        var (level, result) = last is null ? (StatusLevel.Warning, "never ran")
            : last.Repositories.FirstOrDefault(other => other.Series == settings.Series) is { } repository
                ? ResultOf(last, repository)
                : (StatusLevel.Warning, "never ran");
        if (isRunning)
            result = "running";
        if (isLost)
            level = Worse(level, StatusLevel.Warning);
        if (memory.IsPruneHeld == true && settings.Retention is not null)
            (level, result) = (Worse(level, StatusLevel.Warning), $"{result}, prune held");
        if (Proof(check, memory, now) is var (proofLevel, proof))
            (level, result) = (Worse(level, proofLevel), $"{result}, {proof}");
        var (dueLevel, due) = NextDue(memory.LastSuccess, settings.Interval, now);
        if (memory.LastSuccess is null && last is not null)
            level = StatusLevel.Critical;
        return new(
            settings.Name, settings.Stream?.Label, Worse(level, dueLevel), last?.StartedAt, result, memory.LastSuccess,
            due);
    }

    /// <summary>What the checks and restore drills say, when an alert fires; null if nothing.</summary>
    private static (StatusLevel Level, string Text)? Proof(
        CheckSettings? settings, RepositoryMemory memory, DateTimeOffset now)
    {
        if (memory.DamagedSince is not null || memory.LastCheck is { ReturnCode: not 0 })
            return (StatusLevel.Critical, "DAMAGED");
        if (memory.LastRestore is { ReturnCode: not 0 })
            return (StatusLevel.Critical, "restore FAILED");
        if (now - (memory.LastCheck?.EndedAt ?? memory.FirstRun) > 2 * settings?.Interval)
            return (StatusLevel.Warning, "check overdue");
        return now - (memory.LastRestore?.EndedAt ?? memory.FirstRun) > 2 * settings?.RestoreEvery
            ? (StatusLevel.Warning, "restore overdue") : null;
    }

    private static (StatusLevel Level, string Result) ResultOf(RunReport run, RepositoryReport repository) => run switch
    {
        { Outcome: Outcome.Misconfigured } => (StatusLevel.Critical, "misconfigured"),
        { Outcome: Outcome.Skipped } => (StatusLevel.Ok, "skipped"),
        { Outcome: Outcome.Interrupted } when !repository.HasArchive => (StatusLevel.Critical, "interrupted"),
        _ when repository.IsLeftOut => (StatusLevel.Ok, "left out"),
        _ when repository.IsAbsent => (StatusLevel.Ok, "absent"),
        _ when !repository.HasArchive => (StatusLevel.Critical, "FAILED"),
        { Outcome: Outcome.Success } => (StatusLevel.Ok, "OK"),
        _ => (StatusLevel.Warning, "problems"),
    };

    /// <summary>Overdue when the alert fires.</summary>
    private static (StatusLevel Level, string Text) NextDue(
        DateTimeOffset? lastSuccess, TimeSpan? interval, DateTimeOffset now) => (lastSuccess, interval) switch
        {
            (_, null) => (StatusLevel.Ok, "no interval"),
            (null, _) => (StatusLevel.Ok, "now"),
            ({ } success, { } every) when now - success > (2.25 * every) + TimeSpan.FromHours(1) =>
                (StatusLevel.Critical, "OVERDUE"),
            ({ } success, { } every) => (StatusLevel.Ok, Text(success + every)),
        };

    /// <summary>In UTC, as everywhere.</summary>
    public static string Text(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private static StatusLevel Worse(StatusLevel one, StatusLevel other) => one > other ? one : other;
}

/// <summary>All backups of a host, for people and for monitoring plugins, which read the first line.</summary>
internal static class StatusTable
{
    private static readonly string[] Header =
        ["BACKUP", "REPOSITORY", "STREAM", "LAST RUN", "RESULT", "LAST SUCCESS", "NEXT DUE"];

    public static string Of(IReadOnlyList<BackupStatus> backups)
    {
        var bad = backups.Where(backup => backup.Level != StatusLevel.Ok).Select(backup => backup.Backup).ToList();
        var count = Quantities.Count(backups.Count, "backup");
        List<(string[] Cells, IReadOnlyList<string> Causes)> rows = [(Header, [])];
        foreach (var backup in backups)
        {
            rows.AddRange(backup.Repositories.Select((repository, place) => (Cells(backup, repository, place),
                place == backup.Repositories.Count - 1 ? backup.Causes : [])));
        }
        // There may be no repositories with names, and no streams.
        var columns = Enumerable.Range(0, Header.Length)
            .Where(column => column is not (1 or 2) || rows.Skip(1).Any(row => row.Cells[column].Length > 0))
            .Select(column => (Column: column, Width: rows.Max(row => row.Cells[column].Length))).ToList();
        var lines = rows.SelectMany(row => row.Causes.Select(cause => $"  {cause}").Prepend(
            string.Join("  ", columns.Select(column => row.Cells[column.Column].PadRight(column.Width))).TrimEnd()));
        var level = backups.Select(backup => backup.Level).DefaultIfEmpty().Max();
        return $"{level.ToString().ToUpperInvariant()}: {count}"
            + (bad.Count > 0 ? $", {bad.Count} with problems: {string.Join(", ", bad)}" : "")
            + $"\n\n{string.Join('\n', lines)}\n";
    }

    private static string[] Cells(BackupStatus backup, RepositoryStatus repository, int place) =>
    [
        place == 0 ? PlainText.OneLine(backup.Backup) : "", repository.Repository ?? "",
        repository.Stream ?? "",
        repository.LastRun is { } run ? BackupStatus.Text(run) : "never", repository.Result,
        repository.LastSuccess is { } success ? BackupStatus.Text(success) : "never", repository.NextDue,
    ];
}
