using System.Text.Json;

namespace Assimilator.Borg;

/// <summary>One line of what borg writes to standard error with <c>--log-json</c>.</summary>
/// <param name="LevelName">Python's name of the level; null for a line that is not borg's JSON: an argument error, a
/// traceback, or what ssh has to say.</param>
/// <param name="Logger">The name of the logger.</param>
/// <param name="Message">The text.</param>
internal sealed record BorgLogLine(string? LevelName, string? Logger, string Message)
{
    public const string ListLogger = "borg.output.list";
    public const string VersionLogger = "borg.output.show-version";

    public bool IsWarning => LevelName == "WARNING";

    public bool IsError => LevelName is "ERROR" or "CRITICAL";

    /// <summary>Null for a JSON line that is no log message (progress).</summary>
    public static BorgLogLine? Parse(string line)
    {
        if (!line.StartsWith('{'))
            return new BorgLogLine(null, null, line);
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return Text(root, "type") == "log_message"
                ? new BorgLogLine(Text(root, "levelname"), Text(root, "name"), Text(root, "message") ?? line)
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return new BorgLogLine(null, null, line);
        }
    }

    private static string? Text(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // A file name that is not UTF-8: Python writes lone surrogates, which no string of ours may hold. As escaped
            // by borg it is still readable.
            return value.GetRawText()[1..^1];
        }
    }
}
