namespace Assimilator.Terminal;

/// <summary>How important a message is; the numbers are syslog's severities.</summary>
internal enum LogLevel
{
    Error = 3,
    Warning = 4,
    Info = 6,
    Debug = 7,
}

/// <param name="Level">What is less important is not said.</param>
/// <param name="Syslog">Whether messages go there as well.</param>
internal sealed record LoggingSettings(LogLevel Level, bool Syslog);
