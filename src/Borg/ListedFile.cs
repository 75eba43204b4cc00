using System.Text.Json;
using System.Text.Json.Serialization;

namespace Assimilator.Borg;

/// <summary>One line of <c>borg list --json-lines</c>: a file in an archive.</summary>
/// <inheritdoc cref="BorgLogLine" path="/remarks"/>
internal sealed record ListedFile
{
    /// <summary>As in <c>ls</c>: <c>-</c> is a regular file.</summary>
    public string? Type { get; set; }

    /// <summary>Without the slash in front. What is not UTF-8 in it is a question mark, or escaped.</summary>
    public string? Path { get; set; }

    /// <summary>Of a further hard link: the first one, which has the contents.</summary>
    public string? Source { get; set; }

    /// <summary>Borg 2: what all names of the same file have in common; empty if it has only one.</summary>
    public string? Hlid { get; set; }

    /// <summary>In bytes.</summary>
    public long? Size { get; set; }

    /// <summary>Without a zone, in the one of the borg process: UTC. Borg rounds it to microseconds, and may be one
    /// off.</summary>
    public string? Mtime { get; set; }

    /// <inheritdoc cref="Mtime"/>
    public string? Ctime { get; set; }

    /// <summary>False if a repair has put zeros in place of what was lost.</summary>
    public bool? Healthy { get; set; }

    /// <summary>A regular file whose contents borg certainly extracts under this name: those of a file with several
    /// names come with only one of them.</summary>
    [JsonIgnore]
    public bool HasContents => Type == "-" && Size > 0 && string.IsNullOrEmpty(Source)
        && string.IsNullOrEmpty(Hlid)
        && Path is { Length: > 0 } path && !path.Contains('?', StringComparison.Ordinal)
        && !path.Contains(@"\ud", StringComparison.Ordinal);

    /// <summary>Null if it cannot be read.</summary>
    public static ListedFile? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, BorgJson.Default.ListedFile);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
