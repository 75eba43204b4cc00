using System.Text.Json.Serialization;
using Assimilator.Terminal;

namespace Assimilator.Report;

/// <summary>Why a run ended as it did, apart from what its steps returned.</summary>
internal enum RunEnding
{
    Completed,

    /// <summary>Another run holds the lock, or a preexec script asked to skip.</summary>
    Skipped,

    /// <summary>The configuration is wrong, so nothing ran.</summary>
    Misconfigured,
}

/// <summary>How a run ended, all in all.</summary>
internal enum Outcome
{
    /// <summary>Everything went well.</summary>
    Success,

    /// <summary>Every repository got its archive, but there were problems.</summary>
    Warning,

    /// <summary>A repository that must be there did not get its archive, or none did.</summary>
    Failure,

    /// <inheritdoc cref="RunEnding.Skipped"/>
    Skipped,

    /// <inheritdoc cref="RunEnding.Misconfigured"/>
    Misconfigured,

    /// <summary>A signal ended the run.</summary>
    Interrupted,
}

/// <summary>The scripts of preexec or postexec.</summary>
/// <param name="ReturnCode">The first one that is not zero; zero if there is none.</param>
/// <param name="Duration">The sum over all scripts that ran.</param>
/// <param name="TimedOut">How many were ended because their time was up.</param>
internal sealed record ScriptsResult(int ReturnCode, TimeSpan Duration, int TimedOut = 0)
{
    /// <summary>No script ran.</summary>
    public static readonly ScriptsResult None = new(0, TimeSpan.Zero);
}

/// <summary>One run of one backup. Metrics, summary, exit code, script variables and state are functions of
/// it.</summary>
internal sealed record RunReport
{
    /// <summary>The name of the backup.</summary>
    public required string Backup { get; init; }

    /// <summary>When the run started, by this host's clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long the run took, by the monotonic clock.</summary>
    public TimeSpan Duration { get; init; }

    public RunEnding Ending { get; init; }

    /// <summary>The signal that ended the run, if one did.</summary>
    public int? Signal { get; init; }

    /// <summary>Null if the run did not get that far.</summary>
    public ScriptsResult? Preexec { get; init; }

    /// <inheritdoc cref="Preexec"/>
    public ScriptsResult? Postexec { get; init; }

    public required IReadOnlyList<RepositoryReport> Repositories { get; init; }

    /// <summary>The source paths as this run found them; those of an earlier run if it did not look.</summary>
    [JsonIgnore]
    public IReadOnlyList<SourceState> Sources { get => field ?? []; init; }

    /// <summary>The borg of this run; null if it is not known.</summary>
    [JsonIgnore]
    public BorgExecutable? Borg { get; init; }

    /// <summary>The borg to remember. One behind a script may have changed: it tells its version with each create, and
    /// what fails without telling is asked again.</summary>
    [JsonIgnore]
    public BorgExecutable? LatestBorg =>
        Repositories.Select(one => one.Step(StepKind.Create)).LastOrDefault(create => create is not null) switch
        {
            { BorgVersion: { } version } => Borg is null ? null : Borg with { Version = version },
            { Outcome: BorgOutcome.Error } => null,
            _ => Borg,
        };

    /// <summary>Every source path is there, and can be read.</summary>
    public bool HasReadSources { get; init; }

    /// <summary>Every error and warning of the run, with secrets masked: all faults, and the first
    /// hundred.</summary>
    public IReadOnlyList<Problem> Problems { get => field ?? []; init; }

    /// <summary>Runs since the last success that never reported; null if that is not known.</summary>
    public int? InterruptedRuns { get; init; }

    /// <summary><see cref="WarnedRuns"/> as the run before this one left it; null if this one's cannot be
    /// stored.</summary>
    public int? EarlierWarnedRuns { get; init; }

    /// <summary>The state was read, and could be written: what it does not know has never been.</summary>
    [JsonIgnore]
    public bool HasMemory { get; init; }

    public bool HasAnyArchive => Repositories.Any(repository => repository.HasArchive);

    /// <summary>Every repository that must be there got its archive, and at least one did.</summary>
    public bool HasArchive => HasAnyArchive
        && Repositories.All(repository => repository.HasArchive || repository.IsAbsent || repository.IsLeftOut);

    /// <summary>How many scripts and borg processes were ended because their time was up.</summary>
    public int TimedOut => (Preexec?.TimedOut ?? 0) + (Postexec?.TimedOut ?? 0) + Steps.Count(step => step.TimedOut);

    /// <summary>Runs since the last faultless one, including this one, that ended with exit code 1; null if that is not
    /// known.</summary>
    public int? WarnedRuns => Outcome switch
    {
        Outcome.Success => 0,
        Outcome.Warning => EarlierWarnedRuns + 1,
        _ => EarlierWarnedRuns,
    };

    public Outcome Outcome => this switch
    {
        { Ending: RunEnding.Misconfigured } => Outcome.Misconfigured,
        { Signal: not null } => Outcome.Interrupted,
        { Ending: RunEnding.Skipped } => Outcome.Skipped,
        { HasArchive: false } => Outcome.Failure,
        _ => HadProblems ? Outcome.Warning : Outcome.Success,
    };

    public int ExitCode => Outcome switch
    {
        Outcome.Success => ExitCodes.Success,
        Outcome.Warning => ExitCodes.Problems,
        Outcome.Skipped => ExitCodes.TemporaryFailure,
        Outcome.Misconfigured => ExitCodes.Configuration,
        Outcome.Interrupted => ExitCodes.SignalBase + Signal!.Value,
        _ => ExitCodes.NoArchive,
    };

    /// <summary>The same, with a newer report of one series. What it knows about the whole repository, the others in
    /// there know, too.</summary>
    public RunReport With(RepositoryReport newer) => this with
    {
        Repositories = [.. Repositories.Select(other => other.Series == newer.Series ? newer
            : other.Location != newer.Location ? other
            : other with { Memory = other.Memory.WithRepositoryOf(newer.Memory) })],
    };

    /// <summary>All series in a repository.</summary>
    public IReadOnlyList<RepositoryReport> SeriesIn(string location) =>
        [.. Repositories.Where(repository => repository.Location == location)];

    /// <summary>What concerns the repository as a whole is told with the first of its series.</summary>
    public bool IsFirstInRepository(RepositoryReport one) =>
        Repositories.First(other => other.Location == one.Location).Series == one.Series;

    /// <summary>The same, as the runs after it see it.</summary>
    public RunReport WithRunCounted() => this with
    {
        Repositories = [.. Repositories.Select(repository => repository with
        {
            Memory = repository.Memory with { RunsWithoutArchive = repository.RunsWithoutArchive },
        })],
    };

    private IEnumerable<StepResult> Steps => Repositories.SelectMany(repository => repository.Steps);

    private bool HadProblems => TimedOut > 0
        || Problems.Any(problem => problem.IsFault)
        || Preexec is { ReturnCode: not 0 }
        || Steps.Any(step => (step.Outcome != BorgOutcome.Success && !step.IsAccepted)
            || step.UnreadableOutput is not null || step.HasRebuiltIndex)
        || Postexec is { ReturnCode: not 0 };
}
