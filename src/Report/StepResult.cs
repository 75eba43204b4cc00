namespace Assimilator.Report;

/// <summary>What a step does to a repository: a borg command.</summary>
internal enum StepKind
{
    Create,
    Prune,
    Compact,
}

/// <summary>What the end of a borg process means.</summary>
internal enum BorgOutcome
{
    Success,
    Warning,
    Error,
}

/// <summary>One step, as it ended.</summary>
internal sealed record StepResult
{
    public required StepKind Kind { get; init; }

    /// <summary>The exit code; 128 + N if signal N killed borg.</summary>
    public required int ReturnCode { get; init; }

    public required BorgOutcome Outcome { get; init; }

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

    /// <summary>Borg's version, if it printed one.</summary>
    public string? BorgVersion { get; init; }

    /// <summary>The archive that a create made; null if there is none.</summary>
    public ArchiveFacts? Archive { get; init; }

    /// <summary>What a prune did; null if it failed or printed no list.</summary>
    public PruneFacts? Prune { get; init; }

    /// <summary>Why borg's output could not be read, so that facts are missing; null if it could.</summary>
    public string? UnreadableOutput { get; init; }
}

/// <summary>How many archives a prune kept and deleted.</summary>
internal sealed record PruneFacts(int Kept, int Deleted);
