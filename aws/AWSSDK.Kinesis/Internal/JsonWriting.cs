using System.Text.Json;
using Amazon.Runtime;

namespace Amazon.Kinesis.Internal;

/// <summary>Writes a member of one kind each; nothing where the value is null.</summary>
internal static class JsonWriting
{
    public static void Text(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    public static void Constant(this Utf8JsonWriter json, ReadOnlySpan<byte> name, ConstantClass value) =>
        json.Text(name, value?.Value);

    public static void Integer(this Utf8JsonWriter json, ReadOnlySpan<byte> name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    public static void Flag(this Utf8JsonWriter json, ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } flag)
        {
            json.WriteBoolean(name, flag);
        }
    }

    /// <summary>Seconds since 1970, to the millisecond; a time of no kind is local, as in AWSSDK.Core.</summary>
    public static void Time(this Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTime? value)
    {
        if (value is { } time)
        {
            var ticks = (time.ToUniversalTime() - DateTime.UnixEpoch).Ticks;
            json.WriteNumber(name, Math.Round((decimal)ticks / TimeSpan.TicksPerSecond, 3));
        }
    }

    /// <summary>All bytes of a stream, wherever it stands, as base64; straight from its buffer if possible.</summary>
    public static void Blob(this Utf8JsonWriter json, ReadOnlySpan<byte> name, MemoryStream value)
    {
        if (value is not null)
        {
            json.WriteBase64String(name, value.TryGetBuffer(out var buffer) ? buffer : value.ToArray());
        }
    }

    public static void Object<T>(
        this Utf8JsonWriter json, ReadOnlySpan<byte> name, T value, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        if (value is not null)
        {
            json.WriteStartObject(name);
            write(json, value);
            json.WriteEndObject();
        }
    }

    public static void List<T>(
        this Utf8JsonWriter json, ReadOnlySpan<byte> name, List<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items is not null)
        {
            json.WriteStartArray(name);
            foreach (var item in items)
            {
                json.WriteStartObject();
                write(json, item);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    }

    public static void Map(this Utf8JsonWriter json, ReadOnlySpan<byte> name, Dictionary<string, string> map) =>
        json.Object(name, map, static (inner, entries) =>
        {
            foreach (var (key, value) in entries)
            {
                inner.WriteString(key, value);
            }
        });
}
