using System.Text.Json;
using Assimilator.Report;

namespace Assimilator.Borg;

/// <summary>What <c>borg create --json</c> prints. Every field is null where this borg does not report it.</summary>
internal sealed record CreateOutput
{
    public ArchiveOutput? Archive { get; init; }
    public CacheOutput? Cache { get; init; }
    public RepositoryOutput? Repository { get; init; }

    /// <summary>Reads borg's standard output.</summary>
    /// <param name="problem">Why it could not be read, or null.</param>
    /// <returns>Null unless it is one JSON object with an <c>archive</c>: only that shows that an archive
    /// exists.</returns>
    public static CreateOutput? Parse(ReadOnlySpan<byte> stdout, out string? problem)
    {
        problem = null;
        try
        {
            var output = JsonSerializer.Deserialize(stdout, BorgJson.Default.CreateOutput);
            if (output?.Archive is not null)
                return output;
            problem = "borg's JSON contains no archive";
        }
        catch (JsonException exception)
        {
            problem = stdout.Trim(" \t\r\n"u8).IsEmpty ? "borg printed no JSON"
                : exception.Path is { Length: > 1 } path ? $"borg's JSON cannot be read at {path[2..]}"
                : "borg's output is not one JSON object";
        }
        return null;
    }
}

/// <summary><c>archive</c>, the archive that was created.</summary>
internal sealed record ArchiveOutput
{
    public string? Name { get; init; }
    public string? Id { get; init; }
    public ArchiveStats? Stats { get; init; }
}

/// <summary><c>cache</c>.</summary>
internal sealed record CacheOutput
{
    public CacheStats? Stats { get; init; }
}

/// <summary><c>repository</c>.</summary>
internal sealed record RepositoryOutput
{
    public string? Id { get; init; }
}
