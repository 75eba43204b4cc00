using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Assimilator.Borg;

/// <summary>The JSON that borg prints, with borg's field names. A field of the wrong type makes its document
/// unreadable; fields that are not named here are skipped.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(LenientStringConverter)])]
[JsonSerializable(typeof(CreateOutput))]
[JsonSerializable(typeof(BorgLogLine))]
[JsonSerializable(typeof(ListOutput))]
[JsonSerializable(typeof(ListedFile))]
internal sealed partial class BorgJson : JsonSerializerContext;

/// <summary>Reads strings with lone surrogates, which Python writes for file names that are not UTF-8: they stay as
/// borg escaped them.</summary>
internal sealed class LenientStringConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException();
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        throw new NotSupportedException();
}
