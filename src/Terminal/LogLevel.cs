namespace Assimilator.Terminal;

/// <summary>How important a message is; the numbers are syslog's severities.</summary>
internal enum LogLevel
{
    Error = 3,
    Warning = 4,
    Info = 6,
    Debug = 7,
}
