using System.Text.Json.Serialization;

namespace Assimilator.State;

/// <summary>What the next run of a backup must know. Times by this host's clock, in UTC.</summary>
internal sealed record BackupState
{
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    /// <summary>When an archive was last created.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>The last archive, as far as borg told about it.</summary>
    public ArchiveState? LastArchive { get; init; }

    /// <summary>The run that is in progress; if the next run finds it, that one never reported.</summary>
    public RunState? RunInProgress { get; init; }

    /// <summary>Runs since the last success that never reported.</summary>
    public int InterruptedRuns { get; init; }
}

/// <summary>Sizes in bytes.</summary>
internal sealed record ArchiveState(string? Name, long? OriginalSize, long? CompressedSize, long? DeduplicatedSize,
    [property: JsonPropertyName("nfiles")] long? NFiles);

internal sealed record RunState(DateTimeOffset StartedAt, int ProcessId);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BackupState))]
internal sealed partial class StateJson : JsonSerializerContext;
