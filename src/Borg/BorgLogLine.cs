using System.Text.Json;

namespace Assimilator.Borg;

/// <summary>One line of what borg writes to standard error with <c>--log-json</c>.</summary>
internal sealed record BorgLogLine
{
    public const string ListLogger = "borg.output.list";
    public const string VersionLogger = "borg.output.show-version";

    /// <summary>A type.</summary>
    public const string ArchiveProgress = "archive_progress";

    public string? Type { get; init; }

    /// <summary>Python's name of the level; null for what was not logged: a question, an argument error, a
    /// traceback, or ssh's own words.</summary>
    public string? Levelname { get; init; }

    /// <summary>Of <c>file_status</c>: the letter of <c>--list</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Of <c>file_status</c> and <c>archive_progress</c>.</summary>
    public string? Path { get; init; }

    /// <summary>The name of the logger.</summary>
    public string? Name { get; init; }

    public string? Message { get; init; }

    /// <summary>Borg's id of this message, if it has one.</summary>
    public string? Msgid { get; init; }

    /// <summary>Of <c>archive_progress</c>, in bytes.</summary>
    public long? OriginalSize { get; init; }

    /// <summary>Of <c>archive_progress</c>.</summary>
    public long? Nfiles { get; init; }

    /// <summary>Of <c>progress_percent</c>; out of <see cref="Total"/>.</summary>
    public long? Current { get; init; }

    /// <inheritdoc cref="Current"/>
    public long? Total { get; init; }

    /// <summary>The last progress of its kind.</summary>
    public bool? Finished { get; init; }

    public bool IsProgress => Type is ArchiveProgress or "progress_percent" or "progress_message";

    /// <summary>A file that borg was asked to list.</summary>
    public bool IsFileStatus => Type == "file_status";

    public bool IsWarning => Levelname == "WARNING";

    public bool IsError => Levelname is "ERROR" or "CRITICAL";

    /// <summary>Reads a line. One that is not borg's JSON is a message of its own.</summary>
    /// <returns>Null for JSON that is not meant for people.</returns>
    public static BorgLogLine? Parse(string line)
    {
        var plain = new BorgLogLine { Message = line };
        // Python's question for a passphrase has no line end: the message that nobody answered it follows.
        var json = line.IndexOf("{\"type\": ", StringComparison.Ordinal);
        if (json > 0 && line.EndsWith('}') && Parse(line[json..]) is { Levelname: not null } behind)
            return behind;
        if (!line.StartsWith('{'))
            return plain;
        try
        {
            var parsed = JsonSerializer.Deserialize(line, BorgJson.Default.BorgLogLine);
            return parsed?.Type switch
            {
                "log_message" => parsed with { Message = parsed.Message ?? line },
                "file_status" => parsed with { Levelname = "INFO", Message = $"{parsed.Status} {parsed.Path}" },
                // A question that nobody answers explains the error that follows.
                "question_prompt" => plain with { Message = parsed.Message ?? line },
                _ => parsed is { IsProgress: true } ? parsed : null,
            };
        }
        catch (JsonException)
        {
            return plain;
        }
    }
}
