using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.KinesisEvents;
using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>Hands a stream function its batch without an object per record, and writes its report.</summary>
/// <remarks>One instance serves one function instance: a batch is valid until the next one is read.</remarks>
public sealed class RecordBatchSerializer : ILambdaSerializer, IDisposable
{
    private readonly RecordBatch _batch = new();
    private byte[] _payload = new byte[64 * 1024];

    /// <inheritdoc/>
    /// <exception cref="InvalidPayloadException">The payload is not a Kinesis event.</exception>
    public T Deserialize<T>(Stream requestStream)
    {
        if (typeof(T) != typeof(RecordBatch))
        {
            throw new NotSupportedException($"A stream function takes a {nameof(RecordBatch)}, not a {typeof(T)}.");
        }
        var length = 0;
        int read;
        while ((read = requestStream.Read(_payload, length, _payload.Length - length)) > 0)
        {
            length += read;
            if (length == _payload.Length)
            {
                Array.Resize(ref _payload, 2 * _payload.Length);
            }
        }
        _batch.Read(_payload.AsSpan(0, length));
        return (T)(object)_batch;
    }

    public void Dispose() => _batch.Dispose();

    /// <inheritdoc/>
    public void Serialize<T>(T response, Stream responseStream)
    {
        if (response is not StreamsEventResponse report)
        {
            throw new NotSupportedException(
                $"A stream function answers a {nameof(StreamsEventResponse)}, not a {typeof(T)}.");
        }
        using var json = new Utf8JsonWriter(responseStream);
        json.WriteStartObject();
        json.WriteStartArray("batchItemFailures");
        foreach (var failure in report.BatchItemFailures)
        {
            json.WriteStartObject();
            json.WriteString("itemIdentifier", failure.ItemIdentifier);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
