using Pipeline.Core;
using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Mappings;

/// <summary>The invocation payload of a batch, built as the batch is gathered, up to Lambda's limit.</summary>
internal sealed class BatchPayload(string shardId, string streamArn)
{
    private readonly RecordBatchWriter _writer = new(Limits.PayloadBytesMax);
    private const string Region = "us-east-1";
    private const string RoleArn = "arn:aws:iam::123456789012:role/engine";

    private (long Counter, int Entry) _first;

    /// <summary>The payload's JSON; valid until it is cleared.</summary>
    public ReadOnlyMemory<byte> Bytes => _writer.Finish();

    /// <summary>Whether the payload is just these records.</summary>
    public bool Holds(in LoggedRecord first, int count) =>
        _writer.Count == count && _first == (first.Counter, first.Entry);

    public void Clear() => _writer.Begin(shardId, streamArn, Region, RoleArn);

    /// <summary>Adds a record; false when the payload would grow too large. A first record always fits.</summary>
    public bool TryAdd(in LoggedRecord record)
    {
        if (_writer.Count == 0)
        {
            _first = (record.Counter, record.Entry);
        }
        return _writer.TryAdd(record.Sequence, record.PartitionKey.Span, record.Data.Span, record.ArrivedAt);
    }
}
