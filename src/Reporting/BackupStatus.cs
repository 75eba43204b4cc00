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

/// <summary>How one backup is, by its configuration and its state.</summary>
internal sealed record BackupStatus
{
    private const int MostCauses = 3;

    public required string Backup { get; init; }

    /// <summary>As the user named it.</summary>
    public required string ConfigurationFile { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<SeriesStatus> Series { get; init; }

    /// <summary>What the last run complained about, if it was not faultless.</summary>
    public IReadOnlyList<string> Causes { get; init; } = [];

    /// <summary>All of them with their hints, errors first.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>The last one that reported.</summary>
    public PastRun? LastRun { get; init; }

    /// <summary>When the run started that is in progress; null if there is none.</summary>
    public DateTimeOffset? RunningSince { get; init; }

    /// <summary>The last runs, oldest first, without the one in progress.</summary>
    public IReadOnlyList<PastRun> Runs { get; init; } = [];

    public StatusLevel Level => Series.Max(series => series.Level);

    /// <summary>What borg said comes after what it means.</summary>
    private static bool IsOfBorg(Problem problem) => problem.Message.Contains("borg: ", StringComparison.Ordinal);

    /// <summary>A backup of which nothing can be told, but for what its state may know.</summary>
    public static BackupStatus Unknown(
        string backup, string file, string result, string cause, BackupState? state = null) => new()
        {
            Backup = backup,
            ConfigurationFile = file,
            Series = [Unknown(result, state)],
            LastRun = state?.LastReport is { } report ? PastRun.Of(report) : null,
            Runs = state?.Runs ?? [],
            Causes = [cause],
        };

    private static SeriesStatus Unknown(string result, BackupState? state)
    {
        var unknown = new SeriesStatus { Level = StatusLevel.Critical, Result = result };
        return state is not { Repositories: [var only] } ? unknown
            : unknown with { Location = only.Location, Memory = only.Memory, Made = state.Archives };
    }

    /// <param name="isRunning">A run is in progress.</param>
    /// <param name="file">The configuration, as the user named it.</param>
    public static BackupStatus Of(
        BackupConfiguration configuration, BackupState state, bool isRunning, string file, DateTimeOffset now)
    {
        var isOnly = configuration.Repositories.Count == 1;
        var lost = isRunning ? null : state.RunInProgress;
        List<string> causes = lost is null ? []
            : [$"the run of {Times.Text(lost.StartedAt)} never reported: it was killed, or the power failed"];
        List<Problem> problems = state.LastReport is not { } last || last.Outcome == Outcome.Success ? []
            : [.. last.Problems.OrderBy(problem => problem.Severity).ThenBy(IsOfBorg)];
        causes.AddRange(problems.Take(MostCauses).Select(problem => problem.Message));
        if (state.LastCommand is { } command && problems.Count > 0 && command.EndedAt > state.LastReport!.StartedAt)
            causes.Add($"since then: assimilator {command.Name} {Times.Age(command.EndedAt, now)}; "
                + (state.Repositories.Any(known => known.Memory.DamagedSince > state.LastReport.StartedAt)
                    ? "damage was found" : "the next run shows whether that was enough"));
        return new BackupStatus
        {
            Backup = configuration.Backup.Name,
            ConfigurationFile = file,
            Series =
            [
                .. configuration.Repositories.Select(repository => SeriesStatus.Of(
                    configuration.Check, repository, state, isOnly, isRunning, now)),
            ],
            Causes = causes,
            Problems = problems,
            LastRun = state.LastReport is { } report ? PastRun.Of(report) : null,
            RunningSince = isRunning ? state.RunInProgress?.StartedAt : null,
            Runs = lost is null ? state.Runs : [.. state.Runs, new() { StartedAt = lost.StartedAt }],
        };
    }
}
