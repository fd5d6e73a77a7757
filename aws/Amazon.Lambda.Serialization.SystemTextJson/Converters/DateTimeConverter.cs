using System.Text.Json;
using System.Text.Json.Serialization;

namespace Amazon.Lambda.Serialization.SystemTextJson.Converters;

/// <summary>Reads a time as AWS events write it: RFC 3339 text, or seconds since 1970 with a fraction.</summary>
public class DateTimeConverter : JsonConverter<DateTime>
{
    // A whole number beyond this can only be meant as milliseconds, which Kinesis events have been seen to hold.
    // The limit, and that a fraction is never milliseconds, are the official converter's.
    private const long SecondsMax = 157_753_180_800;

    /// <summary>Reads the time. A number becomes UTC; text keeps its kind.</summary>
    /// <exception cref="JsonSerializerException">It is neither a number nor a time as text.</exception>
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.TryGetDateTime(out var time))
        {
            return time;
        }
        if (reader.TokenType != JsonTokenType.Number)
        {
            throw new JsonSerializerException($"A time is a number or RFC 3339 text, not {reader.TokenType}.");
        }
        if (!reader.TryGetInt64(out var whole))
        {
            return DateTime.UnixEpoch.AddSeconds(reader.GetDouble());
        }
        return whole > SecondsMax ? DateTime.UnixEpoch.AddMilliseconds(whole) : DateTime.UnixEpoch.AddSeconds(whole);
    }

    /// <summary>Writes the time as RFC 3339 text.</summary>
    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}
