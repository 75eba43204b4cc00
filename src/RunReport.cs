using Assimilator.Borg;

namespace Assimilator;

/// <summary>How a run ended.</summary>
internal enum Outcome
{
    /// <summary>Everything went well.</summary>
    Success,

    /// <summary>An archive was created, but something wants attention.</summary>
    Warning,

    /// <summary>No archive was created.</summary>
    Failure,

    /// <summary>The run was not meant to be: another one holds the lock, or a preexec script said so.</summary>
    Skipped,

    /// <summary>The configuration is wrong, so nothing was run.</summary>
    Misconfigured,

    /// <summary>A signal ended the run.</summary>
    Interrupted,
}

/// <summary>The scripts of preexec or postexec.</summary>
/// <param name="ReturnCode">The first one that is not zero; zero if there is none.</param>
/// <param name="Duration">The sum over all scripts that ran.</param>
/// <param name="TimedOut">How many were ended because their time was up.</param>
internal sealed record ScriptsStep(int ReturnCode, TimeSpan Duration, int TimedOut = 0)
{
    /// <summary>No script is configured, or none has run yet.</summary>
    public static readonly ScriptsStep None = new(0, TimeSpan.Zero);
}

/// <summary><c>borg create</c>.</summary>
/// <param name="Borg">How the process ended.</param>
/// <param name="Output">What it said of the archive, as far as that could be read.</param>
internal sealed record CreateStep(BorgResult Borg, CreateOutput? Output)
{
    /// <summary>Reads what borg said. What a failed borg says of an archive is not believed: there is none.</summary>
    /// <param name="problem">What was unreadable, if anything was.</param>
    public static CreateStep Of(BorgResult borg, out string? problem)
    {
        problem = null;
        var output = borg.Status == BorgExitStatus.Error ? null : CreateOutput.Parse(borg.Stdout.Content.Span, out problem);
        if (borg.Stdout.IsTruncated)
            problem = "borg printed much more than its JSON";
        return new CreateStep(borg, output);
    }

    /// <summary>An exit code of success stands for an archive, unless borg was told to end before; otherwise, and with a
    /// warning, the archive's JSON does.</summary>
    public bool HasArchive => Borg.Status switch
    {
        BorgExitStatus.Success => Output is not null || !Borg.Exit.WasToldToEnd,
        BorgExitStatus.Warning => Output is not null,
        _ => false,
    };
}

/// <summary>What happened in a run, step by step. A step that did not run is null.</summary>
internal sealed record RunReport
{
    /// <summary>When the run started, by this host's clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long the run took, by the monotonic clock.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How often this backup is meant to run, if the configuration says so.</summary>
    public TimeSpan? Interval { get; init; }

    public ScriptsStep? Preexec { get; init; }
    public CreateStep? Create { get; init; }
    public BorgResult? Prune { get; init; }
    public BorgResult? Compact { get; init; }
    public ScriptsStep? Postexec { get; init; }

    /// <summary>When an archive was last created, in this run or an earlier one; null if that is not known.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>The noted last success cannot be true: it lies in the future.</summary>
    public bool IsLastSuccessWrong { get; init; }

    /// <summary>Runs since the last success that never reported; null if that is not known.</summary>
    public int? InterruptedRuns { get; init; }

    /// <summary><see cref="WarnedRuns"/> as the run before this one left it; null if this one's cannot be remembered.</summary>
    public int? EarlierWarnedRuns { get; init; }

    public bool IsMisconfigured { get; init; }
    public bool IsSkipped { get; init; }

    /// <summary>Something went wrong that no step's return code tells.</summary>
    public bool WantsAttention { get; init; }

    /// <summary>The signal that ended the run, if one did.</summary>
    public int? Signal { get; init; }

    public bool HasArchive => Create?.HasArchive == true;

    /// <summary>How many scripts and borg processes were ended because their time was up.</summary>
    public int TimedOut => (Preexec?.TimedOut ?? 0) + (Postexec?.TimedOut ?? 0)
        + new[] { Create?.Borg, Prune, Compact }.Count(borg => borg?.Exit.TimedOutAfter is not null);

    public Outcome Outcome => this switch
    {
        { IsMisconfigured: true } => Outcome.Misconfigured,
        { Signal: not null } => Outcome.Interrupted,
        { IsSkipped: true } => Outcome.Skipped,
        { HasArchive: false } => Outcome.Failure,
        _ => HasBlemish ? Outcome.Warning : Outcome.Success,
    };

    public int ExitCode => Outcome switch
    {
        Outcome.Success => ExitCodes.Success,
        Outcome.Warning => ExitCodes.Attention,
        Outcome.Skipped => ExitCodes.TemporaryFailure,
        Outcome.Misconfigured => ExitCodes.Configuration,
        Outcome.Interrupted => ExitCodes.SignalBase + Signal!.Value,
        _ => ExitCodes.NoArchive,
    };

    /// <summary>Runs since the last one without fault, with this one, that ended with exit code 1; null if that is not
    /// known.</summary>
    public int? WarnedRuns => Outcome switch
    {
        Outcome.Success => 0,
        Outcome.Warning => EarlierWarnedRuns + 1,
        _ => EarlierWarnedRuns,
    };

    /// <summary>An archive was created at this time. A clock that was set back does not take the last success back.</summary>
    public RunReport WithSuccessAt(DateTimeOffset time) =>
        this with { LastSuccess = LastSuccess is { } last && last > time ? last : time };

    private bool HasBlemish => WantsAttention
        || TimedOut > 0
        || Preexec is { ReturnCode: not 0 }
        || Create is { Borg.Status: not BorgExitStatus.Success }
        || Prune is { Status: not BorgExitStatus.Success }
        || Compact is { Status: not BorgExitStatus.Success }
        || Postexec is { ReturnCode: not 0 };
}
