using System.Text.Json;
using System.Text.Json.Serialization;

namespace Amazon.Lambda.Serialization.SystemTextJson.Converters;

/// <summary>A blob of an AWS event: base64 in JSON, a memory stream in .NET.</summary>
public class MemoryStreamConverter : JsonConverter<MemoryStream>
{
    /// <summary>Reads the blob; the stream stands at its start.</summary>
    /// <exception cref="FormatException">The text is not base64.</exception>
    public override MemoryStream Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetBytesFromBase64());

    /// <summary>Writes the whole blob, wherever the stream stands.</summary>
    public override void Write(Utf8JsonWriter writer, MemoryStream value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(value.ToArray());
}
