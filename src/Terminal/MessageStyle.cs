namespace Assimilator.Terminal;

internal enum LogFormat
{
    Text,

    /// <summary>One JSON object a line: see <see cref="LogLine"/>.</summary>
    Json,
}

/// <summary>How the messages of a command look, and where they go.</summary>
internal sealed record MessageStyle
{
    public LogFormat Format { get; init; }

    /// <summary>The backup that they are about, if there is one.</summary>
    public string? Backup { get; init; }

    /// <summary>Each line of text names the backup, because there are several.</summary>
    public bool NamesBackup { get; init; }

    /// <summary>A line that neither a terminal nor the journal dates begins with the time.</summary>
    public bool HasTimes { get; init; }

    /// <summary>Everything goes to standard error.</summary>
    public bool LeavesOutput { get; init; }

    /// <summary>A line may redraw itself on a terminal.</summary>
    public bool ShowsProgress { get; init; }
}
