using System.Text.Json.Serialization;

namespace Assimilator.State;

/// <summary>The state as JSON. Fields of a newer version are skipped; what is null is left out. Lists are
/// empty by their getter: the generator sets a missing property to null, whatever its initializer.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UseStringEnumConverter = true,
        IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BackupState))]
internal sealed partial class StateJson : JsonSerializerContext;
