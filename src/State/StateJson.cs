using System.Buffers;
using System.Text.Json;

namespace Assimilator.State;

/// <summary>The state as text. By hand: the serializer would take 400 KB of this executable.</summary>
internal static class StateJson
{
    /// <summary>Reads a state. What is not known here is skipped, and what is missing or null is null.</summary>
    /// <returns>Null if the text is <c>null</c>.</returns>
    /// <exception cref="JsonException">It is not a state.</exception>
    public static BackupState? Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Null ? null : new BackupState
            {
                Version = Number(root, "version") ?? throw new JsonException(),
                LastSuccess = Time(root, "last_success"),
                LastArchive = Property(root, "last_archive") is { } archive
                    ? new ArchiveState(
                        Text(archive, "name"), Size(archive, "original_size"), Size(archive, "compressed_size"),
                        Size(archive, "deduplicated_size"), Size(archive, "nfiles"))
                    : null,
                RunInProgress = Property(root, "run_in_progress") is { } run
                    ? new RunState(Time(run, "started_at") ?? throw new JsonException())
                    : null,
                InterruptedRuns = Number(root, "interrupted_runs"),
                WarnedRuns = Number(root, "warned_runs"),
                ConfigurationFile = Text(root, "configuration_file"),
                PruneScope = Property(root, "prune_scope") is { } scope
                    ? new PruneScope(
                        Text(scope, "location") ?? throw new JsonException(), Text(scope, "repository_id"),
                        Text(scope, "glob_archives") ?? throw new JsonException())
                    : null,
            };
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new JsonException(null, exception);
        }
    }

    /// <summary>Writes a state; what is null is left out.</summary>
    public static byte[] Write(BackupState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", state.Version);
            Write(writer, "last_success", state.LastSuccess);
            if (state.LastArchive is { } archive)
            {
                writer.WriteStartObject("last_archive");
                Write(writer, "name", archive.Name);
                Write(writer, "original_size", archive.OriginalSize);
                Write(writer, "compressed_size", archive.CompressedSize);
                Write(writer, "deduplicated_size", archive.DeduplicatedSize);
                Write(writer, "nfiles", archive.NFiles);
                writer.WriteEndObject();
            }
            if (state.RunInProgress is { } run)
            {
                writer.WriteStartObject("run_in_progress");
                Write(writer, "started_at", run.StartedAt);
                writer.WriteEndObject();
            }
            Write(writer, "interrupted_runs", state.InterruptedRuns);
            Write(writer, "warned_runs", state.WarnedRuns);
            Write(writer, "configuration_file", state.ConfigurationFile);
            if (state.PruneScope is { } scope)
            {
                writer.WriteStartObject("prune_scope");
                Write(writer, "location", scope.Location);
                Write(writer, "repository_id", scope.RepositoryId);
                Write(writer, "glob_archives", scope.GlobArchives);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static JsonElement? Property(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement parent, string name) => Property(parent, name)?.GetString();

    private static int? Number(JsonElement parent, string name) => Property(parent, name)?.GetInt32();

    private static long? Size(JsonElement parent, string name) => Property(parent, name)?.GetInt64();

    private static DateTimeOffset? Time(JsonElement parent, string name) => Property(parent, name)?.GetDateTimeOffset();

    private static void Write(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    private static void Write(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is not null)
            writer.WriteNumber(name, value.Value);
    }

    private static void Write(Utf8JsonWriter writer, string name, DateTimeOffset? value)
    {
        if (value is not null)
            writer.WriteString(name, value.Value);
    }
}
