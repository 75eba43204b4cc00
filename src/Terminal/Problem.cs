namespace Assimilator.Terminal;

/// <summary>Something that went wrong, in words for people: what, where, and what to do.</summary>
internal sealed record Problem(string Message, string? Hint = null)
{
    public LogLevel Severity { get; init; } = LogLevel.Error;

    /// <summary>No return code shows it: it makes an otherwise successful run end with 1.</summary>
    public bool IsFault { get; init; }
}
