using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Core;

namespace Pipeline.Functions.Adapters;

/// <summary>Times in objects of the bucket: RFC 3339, written as UTC with milliseconds.</summary>
public sealed class Rfc3339JsonConverter : JsonConverter<DateTimeOffset>
{
    /// <exception cref="JsonException">It is no RFC 3339 time.</exception>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
        && Rfc3339.Parse(Encoding.UTF8.GetBytes(reader.GetString()!), out var utcTicks) == Rfc3339Status.Read
            ? new DateTimeOffset(utcTicks, TimeSpan.Zero)
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Rfc3339.Format(value));
}
