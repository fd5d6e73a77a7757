using System.Text.Json;
using System.Text.Json.Serialization;

namespace Amazon.Lambda.Serialization.SystemTextJson.Converters;

/// <summary>Bytes as JSON: written as an array of numbers, read from that or from base64.</summary>
public class ByteArrayConverter : JsonConverter<byte[]>
{
    /// <summary>Reads the bytes; null stays null.</summary>
    /// <exception cref="JsonException">It is neither base64 nor an array of numbers from 0 to 255.</exception>
    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return reader.GetBytesFromBase64();
            case JsonTokenType.StartArray:
                var bytes = new List<byte>();
                while (reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetByte(out var value))
                {
                    bytes.Add(value);
                }
                if (reader.TokenType == JsonTokenType.EndArray)
                {
                    return [.. bytes];
                }
                break;
        }
        throw new JsonException("Bytes are base64 or an array of numbers from 0 to 255.");
    }

    /// <summary>Writes the bytes as an array of numbers; null as null.</summary>
    public override void Write(Utf8JsonWriter writer, byte[] values, JsonSerializerOptions options)
    {
        if (values is null)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartArray();
        foreach (var value in values)
        {
            writer.WriteNumberValue(value);
        }
        writer.WriteEndArray();
    }
}
