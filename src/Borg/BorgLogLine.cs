using System.Text.Json;

namespace Assimilator.Borg;

/// <summary>One line of what borg writes to standard error with <c>--log-json</c>.</summary>
internal sealed record BorgLogLine
{
    public const string ListLogger = "borg.output.list";
    public const string VersionLogger = "borg.output.show-version";

    public string? Type { get; init; }

    /// <summary>Python's name of the level; null for what was not logged: a question, an argument error, a
    /// traceback, or ssh's own words.</summary>
    public string? Levelname { get; init; }

    /// <summary>The name of the logger.</summary>
    public string? Name { get; init; }

    public string? Message { get; init; }

    /// <summary>Borg's id of this message, if it has one.</summary>
    public string? Msgid { get; init; }

    public bool IsWarning => Levelname == "WARNING";

    public bool IsError => Levelname is "ERROR" or "CRITICAL";

    /// <summary>Reads a line. One that is not borg's JSON is a message of its own.</summary>
    /// <returns>Null for JSON that is not meant for people (progress).</returns>
    public static BorgLogLine? Parse(string line)
    {
        var plain = new BorgLogLine { Message = line };
        if (!line.StartsWith('{'))
            return plain;
        try
        {
            var parsed = JsonSerializer.Deserialize(line, BorgJson.Default.BorgLogLine);
            return parsed?.Type switch
            {
                "log_message" => parsed with { Message = parsed.Message ?? line },
                // A question that nobody answers explains the error that follows.
                "question_prompt" => plain with { Message = parsed.Message ?? line },
                _ => null,
            };
        }
        catch (JsonException)
        {
            return plain;
        }
    }
}
