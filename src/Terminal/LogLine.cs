using System.Text.Json;
using System.Text.Json.Serialization;

namespace Assimilator.Terminal;

/// <summary>One line of <c>--log-format json</c>. Programs read it: nothing is renamed or taken out.</summary>
internal sealed record LogLine
{
    /// <summary>Field and meaning, as help shows them.</summary>
    public static readonly IReadOnlyList<(string Field, string Meaning)> Fields =
    [
        ("time", "when it was logged, in UTC, to the millisecond"),
        ("level", "`error`, `warning`, `info` or `debug`"),
        ("backup", "name of the backup; absent if the line is not about one"),
        ("series", "the repository or file of `[streams]` that the line is about; absent if it is about neither"),
        ("message", "what happened"),
        ("hint", "what to do about an error or a warning"),
    ];

    public required string Time { get; init; }
    public required string Level { get; init; }
    public string? Backup { get; init; }
    public string? Series { get; init; }
    public required string Message { get; init; }
    public string? Hint { get; init; }

    public override string ToString() => JsonSerializer.Serialize(this, LogJson.Default.LogLine);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LogLine))]
internal sealed partial class LogJson : JsonSerializerContext;
