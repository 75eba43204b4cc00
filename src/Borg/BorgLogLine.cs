using System.Text.Json;

namespace Assimilator.Borg;

/// <summary>One line of what borg writes to standard error with <c>--log-json</c>.</summary>
/// <param name="LevelName">Python's name of the level; null for what is not logged: a question, an argument
/// error, a traceback, or what ssh has to say.</param>
/// <param name="Logger">The name of the logger.</param>
/// <param name="Message">The text.</param>
internal sealed record BorgLogLine(string? LevelName, string? Logger, string Message)
{
    /// <summary>Borg's name for this message, if it has one.</summary>
    public string? MessageId { get; init; }

    public const string ListLogger = "borg.output.list";
    public const string VersionLogger = "borg.output.show-version";

    public bool IsWarning => LevelName == "WARNING";

    public bool IsError => LevelName is "ERROR" or "CRITICAL";

    /// <summary>Null for a JSON line that says nothing to a person (progress).</summary>
    public static BorgLogLine? Parse(string line)
    {
        if (!line.StartsWith('{'))
            return new BorgLogLine(null, null, line);
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return Text(root, "type") switch
            {
                "log_message" => new BorgLogLine(Text(root, "levelname"), Text(root, "name"), Text(root, "message") ?? line)
                {
                    MessageId = Text(root, "msgid"),
                },
                // A question that nobody answers explains the error that follows.
                "question_prompt" => new BorgLogLine(null, null, Text(root, "message") ?? line),
                _ => null,
            };
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
