using System.Text.Json;
using System.Text.Json.Serialization;

namespace Assimilator.Pushgateway;

/// <summary>What a Pushgateway answers at <c>/api/v1/status</c>.</summary>
internal sealed record GatewayStatus
{
    public GatewayStatusData? Data { get; init; }

    /// <returns>The version; null if no Pushgateway has written this.</returns>
    public static string? VersionIn(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, GatewayJson.Default.GatewayStatus)?.Data?.BuildInformation?.Version;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal sealed record GatewayStatusData
{
    public GatewayBuild? BuildInformation { get; init; }
}

internal sealed record GatewayBuild
{
    public string? Version { get; init; }
}

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GatewayStatus))]
internal sealed partial class GatewayJson : JsonSerializerContext;
