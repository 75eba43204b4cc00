using System.Text.Json;

namespace Assimilator.Borg;

/// <summary><c>archive.stats</c> of <c>borg create --json</c>. Sizes in bytes; null for what this borg does not tell.</summary>
internal sealed record ArchiveStats(long? OriginalSize, long? CompressedSize, long? DeduplicatedSize, long? NFiles);

/// <summary><c>cache.stats</c> of <c>borg create --json</c>, about all archives of the repository. Sizes in bytes.</summary>
internal sealed record CacheStats(long? TotalSize, long? TotalCsize, long? UniqueCsize, long? TotalChunks, long? TotalUniqueChunks);

/// <summary>What <c>borg create --json</c> says on its standard output.</summary>
internal sealed record CreateOutput(string? ArchiveName, ArchiveStats Archive, CacheStats Cache)
{
    public string? RepositoryId { get; init; }

    /// <summary>In characters; a longer name of an archive would be too much for a variable of a script.</summary>
    private const int LongestText = 4096;

    /// <summary>Reads the output, every field of which is optional.</summary>
    /// <param name="problem">What was unreadable, if anything was: then a value is missing that may be there.</param>
    /// <returns>Null if there is no JSON object with an <c>archive</c>: nothing then says that an archive exists.</returns>
    public static CreateOutput? Parse(ReadOnlyMemory<byte> stdout, out string? problem)
    {
        problem = null;
        try
        {
            using var document = JsonDocument.Parse(stdout);
            if (Property(document.RootElement, "archive") is not { ValueKind: JsonValueKind.Object } archive)
            {
                problem = "the JSON of borg has no archive in it";
                return null;
            }
            var stats = new StatsReader(archive, "archive");
            var cache = new StatsReader(Property(document.RootElement, "cache"), "cache");
            var output = new CreateOutput(
                Text(archive, "name"),
                new ArchiveStats(
                    stats.Number("original_size"), stats.Number("compressed_size"), stats.Number("deduplicated_size"),
                    stats.Number("nfiles")),
                new CacheStats(
                    cache.Number("total_size"), cache.Number("total_csize"), cache.Number("unique_csize"),
                    cache.Number("total_chunks"), cache.Number("total_unique_chunks")))
            {
                RepositoryId = Text(Property(document.RootElement, "repository"), "id"),
            };
            problem = stats.Problem ?? cache.Problem;
            return output;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            problem = stdout.Span.Trim(" \t\r\n"u8).IsEmpty
                ? "borg printed no JSON"
                : "what borg printed is not one JSON object";
            return null;
        }
    }

    private static JsonElement? Property(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement? parent, string name)
    {
        try
        {
            return Property(parent, name) is { ValueKind: JsonValueKind.String } text
                && text.GetString() is { Length: <= LongestText } value && !value.Any(char.IsControl) ? value : null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate, which Python writes for a byte that is not UTF-8.
            return null;
        }
    }

    /// <summary>Reads counts and sizes: whole numbers, not negative. What is not there is left out, as later versions of borg
    /// leave out more; what is there and something else is a problem.</summary>
    private sealed class StatsReader(JsonElement? parent, string place)
    {
        private readonly JsonElement? _stats = Property(parent, "stats");

        public string? Problem { get; private set; } =
            UnlessObject(parent, place) ?? UnlessObject(Property(parent, "stats"), $"{place}.stats");

        public long? Number(string name)
        {
            if (Property(_stats, name) is not { } value)
                return null;
            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 0)
                return number;
            Problem ??= $"{place}.stats.{name} in the JSON of borg is not a whole number";
            return null;
        }

        private static string? UnlessObject(JsonElement? value, string place) => value is null or { ValueKind: JsonValueKind.Object }
            ? null
            : $"{place} in the JSON of borg is not an object";
    }
}
