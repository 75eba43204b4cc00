using System.Text.Json.Serialization;
using Assimilator.Report;

namespace Assimilator.State;

/// <summary>What the next run of a backup must know. Times by this host's clock, in UTC.</summary>
internal sealed record BackupState
{
    public const int CurrentVersion = 2;

    public required int Version { get; init; }

    /// <summary>What is known of each repository.</summary>
    public IReadOnlyList<RepositoryState> Repositories { get => field ?? []; init; }

    /// <summary>The source paths as they were when an archive was last created.</summary>
    public IReadOnlyList<SourceState> Sources { get => field ?? []; init; }

    /// <summary>As <see cref="ArchiveHistory"/> thins them, oldest first.</summary>
    public IReadOnlyList<ArchiveState> Archives { get => field ?? []; init; }

    /// <summary>The last runs, oldest first.</summary>
    public IReadOnlyList<PastRun> Runs { get => field ?? []; init; }

    /// <summary>The last report.</summary>
    public RunReport? LastReport { get; init; }

    /// <summary>The run that is in progress; if the next run finds it, that one never reported.</summary>
    public RunState? RunInProgress { get; init; }

    /// <summary>The last command by hand that changed what is known of the repositories.</summary>
    public CommandState? LastCommand { get; init; }

    /// <summary>Runs since the last success that never reported; null if that is not known.</summary>
    public int? InterruptedRuns { get; init; }

    /// <summary>Runs that ended with exit code 1 since the last one without problems.</summary>
    public int? WarnedRuns { get; init; }

    /// <summary>The borg that was asked last.</summary>
    public BorgExecutable? Borg { get; init; }

    /// <summary>The configuration that this state belongs to.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Every group that reports went to and that nobody has forgotten; the last one is the latest.</summary>
    public IReadOnlyList<ReportedGroup> ReportedGroups { get => field ?? []; init; }

    /// <summary>Version 1 had one repository, and its last success here.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>Version 1 had here which archives it pruned.</summary>
    public PruneScope? PruneScope { get; init; }

    /// <summary>What is known of a series.</summary>
    /// <param name="isOnly">The backup has no other.</param>
    public RepositoryMemory Of(ArchiveSeries series, bool isOnly)
    {
        if (Repositories.FirstOrDefault(known => known.Series == series) is { } same)
            return same.Memory;
        if (Repositories.FirstOrDefault(known => known.Location == series.Location) is { } sibling)
            return new RepositoryMemory().WithRepositoryOf(sibling.Memory);
        return series.Stream is not null ? new() : new()
        {
            LastSuccess = isOnly || PruneScope?.Location == series.Location ? LastSuccess : null,
            Id = PruneScope?.Location == series.Location ? PruneScope.RepositoryId : null,
            Pattern = isOnly || PruneScope?.Location == series.Location ? PruneScope?.GlobArchives : null,
        };
    }
}

/// <summary>What is known of one series.</summary>
/// <param name="Location">Of the repository, as the configuration names it.</param>
internal sealed record RepositoryState(string Location, RepositoryMemory Memory)
{
    /// <inheritdoc cref="ArchiveSeries.Stream"/>
    public string? Stream { get; init; }

    [JsonIgnore]
    public ArchiveSeries Series => new(Location, Stream);
}

/// <summary>One archive that this backup has made.</summary>
internal sealed record ArchiveState
{
    /// <summary>When the run that made it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long borg took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The name of the repository, if there are several.</summary>
    public string? Repository { get; init; }

    /// <inheritdoc cref="ArchiveSeries.Stream"/>
    public string? Stream { get; init; }

    public string? Name { get; init; }

    /// <inheritdoc cref="RepositoryReport.IsFirstArchive"/>
    public bool IsFirst { get; init; }

    public ArchiveStats? Stats { get; init; }
}

/// <summary>One run, as it ended.</summary>
internal sealed record PastRun
{
    public const int MostKept = 30;

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null if it never reported.</summary>
    public TimeSpan? Duration { get; init; }

    /// <inheritdoc cref="Duration"/>
    public Outcome? Outcome { get; init; }

    /// <summary>The first problem of a run that was not good.</summary>
    public string? Cause { get; init; }

    public static PastRun Of(RunReport report) => new()
    {
        Cause = report.Outcome == Report.Outcome.Success ? null
            : report.Problems.OrderBy(problem => problem.Severity).FirstOrDefault()?.Message,
        StartedAt = report.StartedAt,
        Duration = report.Duration,
        Outcome = report.Outcome,
    };
}

/// <summary>A command that a person ran, and when it ended.</summary>
internal sealed record CommandState(string Name, DateTimeOffset EndedAt);

internal sealed record RunState
{
    public required DateTimeOffset StartedAt { get; init; }
}

/// <summary>In version 1: which archives of which repository a backup prunes.</summary>
internal sealed record PruneScope(string Location, string? RepositoryId, string GlobArchives);
