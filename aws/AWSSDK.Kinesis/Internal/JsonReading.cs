using System.Text.Json;

namespace Amazon.Kinesis.Internal;

/// <summary>Reads the next value, of one kind each; null where the value is null.</summary>
internal static class JsonReading
{
    public static string Text(this ref Utf8JsonReader json) => IsNull(ref json) ? null : json.GetString();

    public static int? Integer(this ref Utf8JsonReader json) => IsNull(ref json) ? null : json.GetInt32();

    public static long? Long(this ref Utf8JsonReader json) => IsNull(ref json) ? null : json.GetInt64();

    /// <summary>Seconds since 1970, to the millisecond.</summary>
    public static DateTime? Time(this ref Utf8JsonReader json) => IsNull(ref json) ? null
        : DateTime.UnixEpoch.AddMilliseconds((double)Math.Round(json.GetDecimal() * 1000));

    /// <summary>Base64; the stream's buffer may be had.</summary>
    public static MemoryStream Blob(this ref Utf8JsonReader json)
    {
        if (IsNull(ref json))
        {
            return null;
        }
        var bytes = json.GetBytesFromBase64();
        return new MemoryStream(bytes, 0, bytes.Length, writable: true, publiclyVisible: true);
    }

    public static T Object<T>(this ref Utf8JsonReader json, Members<T> members)
        where T : class, new() => IsNull(ref json) ? null : Started(ref json, members);

    public static List<T> List<T>(this ref Utf8JsonReader json, Members<T> members)
        where T : class, new()
    {
        if (!IsArray(ref json))
        {
            return null;
        }
        var items = new List<T>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Started(ref json, members));
        }
        return items;
    }

    public static List<string> Texts(this ref Utf8JsonReader json)
    {
        if (!IsArray(ref json))
        {
            return null;
        }
        var items = new List<string>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            items.Add(json.GetString());
        }
        return items;
    }

    private static T Started<T>(ref Utf8JsonReader json, Members<T> members)
        where T : class, new() =>
        json.TokenType == JsonTokenType.StartObject ? members.Read(ref json) : throw Unexpected(json, "an object");

    private static bool IsArray(ref Utf8JsonReader json) =>
        !IsNull(ref json) && (json.TokenType == JsonTokenType.StartArray ? true : throw Unexpected(json, "an array"));

    private static bool IsNull(ref Utf8JsonReader json) =>
        json.Read() ? json.TokenType == JsonTokenType.Null : throw new JsonException("A value is missing.");

    private static JsonException Unexpected(in Utf8JsonReader json, string expected) =>
        new($"Found {json.TokenType} at byte {json.TokenStartIndex} of the answer; expected is {expected}.");
}
