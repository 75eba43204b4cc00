using System.Text.Json.Serialization;

namespace Assimilator.Report;

/// <summary>What a step does: a borg command, but for the first one.</summary>
internal enum StepKind
{
    /// <summary>The command whose output becomes an archive.</summary>
    Stream,

    Create,
    Prune,
    Compact,
    Check,

    /// <summary>Reads some files back: borg's <c>list</c> and <c>extract</c>.</summary>
    Restore,
}

/// <summary>What the end of a borg process means.</summary>
internal enum BorgOutcome
{
    Success,
    Warning,
    Error,
}

/// <summary>Causes of an error that decide what is tried next.</summary>
internal enum BorgFailure
{
    /// <summary>No space is left for the repository or borg's cache.</summary>
    OutOfSpace,

    /// <summary>Ssh could not reach the repository's host.</summary>
    Unreachable,

    /// <summary>The repository could not be opened, so nothing was written.</summary>
    NotOpened,

    /// <summary>The connection to the repository's host ended.</summary>
    Disconnected,
}

/// <summary>One step, as it ended.</summary>
internal sealed record StepResult
{
    public required StepKind Kind { get; init; }

    /// <summary>The exit code; 128 + N if signal N killed borg.</summary>
    public required int ReturnCode { get; init; }

    public required BorgOutcome Outcome { get; init; }

    /// <summary>The configuration accepts this warning.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>The cause of an error, where it decides what is tried next.</summary>
    public BorgFailure? Failure { get; init; }

    /// <summary>The source paths that borg could not read.</summary>
    public IReadOnlyList<string> UnreadPaths { get => field ?? []; init; }

    /// <summary>From start to exit, by the monotonic clock.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Borg was told to end because its time was up.</summary>
    public bool TimedOut { get; init; }

    /// <summary>A signal or a timeout told borg to end.</summary>
    public bool WasTerminated { get; init; }

    /// <summary>How many log messages of level WARNING borg wrote.</summary>
    public int Warnings { get; init; }

    /// <summary>How many log messages of level ERROR or CRITICAL borg wrote.</summary>
    public int Errors { get; init; }

    /// <summary>The index of the repository was damaged, and borg has made a new one.</summary>
    public bool HasRebuiltIndex { get; init; }

    /// <summary>Borg's version, if it printed one.</summary>
    public string? BorgVersion { get; init; }

    /// <summary>The archive that a create made; null if there is none.</summary>
    public ArchiveFacts? Archive { get; init; }

    /// <summary>What a prune did, or would do; null if it failed or its list could not be read.</summary>
    public PruneFacts? Prune { get; init; }

    /// <summary>What a check has looked at.</summary>
    public CheckFacts? Check { get; init; }

    /// <summary>What was read back; null if nothing could be.</summary>
    public RestoreFacts? Restore { get; init; }

    /// <summary>Of a check or a restore: it says how the repository is. Not so if the repository could not be opened or
    /// something ended borg.</summary>
    [JsonIgnore]
    public bool IsVerdict => ReturnCode < ExitCodes.SignalBase && !WasTerminated && Failure is null;

    /// <summary>Why borg's output could not be read, so that facts are missing; null if it could.</summary>
    public string? UnreadableOutput { get; init; }
}

/// <summary>The archives that matched the pattern of a prune. Checkpoints are left out.</summary>
internal sealed record PruneFacts
{
    public IReadOnlyList<ArchiveReference> Kept { get => field ?? []; init; }

    public IReadOnlyList<ArchiveReference> Deleted { get => field ?? []; init; }

    /// <summary>Of creates that were interrupted.</summary>
    public IReadOnlyList<ArchiveReference> DeletedCheckpoints { get => field ?? []; init; }

    /// <summary>A dry run: nothing was deleted.</summary>
    public bool IsDryRun { get; init; }
}

/// <summary>What a check has looked at.</summary>
/// <param name="IsLast">The repository and its archives have been looked at; false if more is to follow.</param>
/// <param name="HasReachedEnd">The repository was read to its end, not only as far as the time allowed.</param>
/// <param name="VerifiedData">All data was read and decrypted.</param>
internal sealed record CheckFacts(bool IsLast, bool HasReachedEnd, bool VerifiedData);

/// <summary>How many files were read back from an archive.</summary>
/// <param name="Verified">Those that are the same as their source.</param>
/// <param name="Read">Those whose source has changed or is gone: they can be read, and no more is known.</param>
/// <param name="Unreadable">Those that cannot be read.</param>
/// <param name="Differing">Those that differ from a source that has not changed.</param>
internal sealed record RestoreFacts(int Verified, int Read, int Unreadable, int Differing)
{
    [JsonIgnore]
    public int Failed => Unreadable + Differing;
}

/// <summary>An archive as borg lists it.</summary>
/// <param name="Id">Certain, where it is known; the name may have lost blanks at its end.</param>
internal sealed record ArchiveReference(string Name, string? Id)
{
    public bool IsSameAs(ArchiveReference other) =>
        Id is null || other.Id is null ? Name == other.Name : Id == other.Id;
}
