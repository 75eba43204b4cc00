using System.Text;
using System.Text.Json;

namespace Assimilator.Borg;

/// <summary>One line of what borg writes to standard error with <c>--log-json</c>.</summary>
/// <remarks>With setters, because the generated code reads properties that can only be initialized half as
/// fast.</remarks>
internal sealed record BorgLogLine
{
    public const string ListLogger = "borg.output.list";
    public const string VersionLogger = "borg.output.show-version";

    /// <summary>A type.</summary>
    public const string ArchiveProgress = "archive_progress";

    public string? Type { get; set; }

    /// <summary>Python's name of the level; null for what was not logged: a question, an argument error, a
    /// traceback, or ssh's own words.</summary>
    public string? Levelname { get; set; }

    /// <summary>Of <c>file_status</c>: the letter of <c>--list</c>.</summary>
    public string? Status { get; set; }

    /// <summary>Of <c>file_status</c> and <c>archive_progress</c>.</summary>
    public string? Path { get; set; }

    /// <summary>The name of the logger.</summary>
    public string? Name { get; set; }

    public string? Message { get; set; }

    /// <summary>Borg's id of this message, if it has one.</summary>
    public string? Msgid { get; set; }

    /// <summary>Of <c>archive_progress</c>, in bytes.</summary>
    public long? OriginalSize { get; set; }

    /// <summary>Of <c>archive_progress</c>.</summary>
    public long? Nfiles { get; set; }

    /// <summary>Of <c>progress_percent</c>; out of <see cref="Total"/>.</summary>
    public long? Current { get; set; }

    /// <inheritdoc cref="Current"/>
    public long? Total { get; set; }

    /// <summary>The last progress of its kind.</summary>
    public bool? Finished { get; set; }

    /// <summary>What a person reads.</summary>
    public string Text => IsFileStatus ? $"{Status} {Path}" : Message ?? "";

    public bool IsProgress => Type is ArchiveProgress or "progress_percent" or "progress_message";

    /// <summary>A file that borg was asked to list.</summary>
    public bool IsFileStatus => Type == "file_status";

    public bool IsWarning => Levelname == "WARNING";

    public bool IsError => Levelname is "ERROR" or "CRITICAL";

    /// <summary>Reads a line. One that is not borg's JSON is a message of its own.</summary>
    /// <returns>Null for JSON that is not meant for people.</returns>
    public static BorgLogLine? Parse(ReadOnlySpan<byte> line)
    {
        // Python's question for a passphrase has no line end: the message that nobody answered it follows.
        if (!line.StartsWith("{"u8) && line.EndsWith("}"u8) && line.IndexOf("{\"type\": "u8) is > 0 and var json
            && Parse(line[json..]) is { Levelname: not null } behind)
            return behind;
        if (!line.StartsWith("{"u8))
            return Plain(line);
        try
        {
            var parsed = JsonSerializer.Deserialize(line, BorgJson.Default.BorgLogLine);
            switch (parsed?.Type)
            {
                case "log_message":
                    parsed.Message ??= Encoding.UTF8.GetString(line);
                    return parsed;
                case "file_status":
                    parsed.Levelname = "INFO";
                    return parsed;
                // A question that nobody answers explains the error that follows.
                case "question_prompt":
                    return parsed.Message is { } question ? new() { Message = question } : Plain(line);
                default:
                    return parsed is { IsProgress: true } ? parsed : null;
            }
        }
        catch (JsonException)
        {
            return Plain(line);
        }
    }

    private static BorgLogLine Plain(ReadOnlySpan<byte> line) => new() { Message = Encoding.UTF8.GetString(line) };
}
