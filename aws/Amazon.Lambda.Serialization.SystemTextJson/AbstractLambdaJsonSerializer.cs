using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Lambda.Serialization.SystemTextJson.Converters;

namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>What every serializer on System.Text.Json shares: the options AWS events need, and the streams.</summary>
/// <remarks>
/// The official type can also print every payload to the log (<c>LAMBDA_NET_SERIALIZER_DEBUG</c>). This one never does:
/// logs hold no event data.
/// </remarks>
public abstract class AbstractLambdaJsonSerializer
{
    /// <summary>With writer options of the caller's; null keeps the defaults.</summary>
    protected AbstractLambdaJsonSerializer(Action<JsonWriterOptions> jsonWriterCustomizer)
    {
        WriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        jsonWriterCustomizer?.Invoke(WriterOptions);
    }

    /// <summary>How responses are written: without escapes that JSON does not demand.</summary>
    protected JsonWriterOptions WriterOptions { get; }

    /// <summary>Reads the payload; the stream stays open.</summary>
    /// <exception cref="JsonSerializerException">The payload is not JSON, or not of that type.</exception>
    public T Deserialize<T>(Stream requestStream)
    {
        try
        {
            return InternalDeserialize<T>(ReadToEnd(requestStream));
        }
        catch (Exception e)
        {
            throw new JsonSerializerException(
                $"The event's JSON could not be read as {typeof(T).FullName}: {e.Message}", e);
        }
    }

    /// <summary>Writes the response; the stream stays open.</summary>
    /// <exception cref="JsonSerializerException">The response could not be written.</exception>
    public void Serialize<T>(T response, Stream responseStream)
    {
        try
        {
            using var writer = new Utf8JsonWriter(responseStream, WriterOptions);
            InternalSerialize(writer, response);
        }
        catch (Exception e)
        {
            throw new JsonSerializerException(
                $"The response of type {typeof(T).FullName} could not be written as JSON: {e.Message}", e);
        }
    }

    /// <summary>The options that fit AWS events: names in any case, nulls left out, AWS's times and blobs.</summary>
    protected virtual JsonSerializerOptions CreateDefaultJsonSerializationOptions() => new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNameCaseInsensitive = true,
        PropertyNamingPolicy = new AwsNamingPolicy(),
        Converters = { new DateTimeConverter(), new MemoryStreamConverter(), new ByteArrayConverter() },
    };

    /// <summary>Reads the payload; whatever it throws becomes a <see cref="JsonSerializerException"/>.</summary>
    protected abstract T InternalDeserialize<T>(byte[] utf8Json);

    /// <summary>Writes the response; whatever it throws becomes a <see cref="JsonSerializerException"/>.</summary>
    protected abstract void InternalSerialize<T>(Utf8JsonWriter writer, T response);

    private static byte[] ReadToEnd(Stream stream)
    {
        // A memory stream counts from its first byte, wherever its position stands, as the official serializer has it.
        if (stream is MemoryStream memory)
        {
            return memory.ToArray();
        }
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
