namespace Pipeline.Core;

/// <summary>
/// What a stream delivers: an event's bytes with partition key, position and arrival time. Of a pack, one sub-record.
/// </summary>
/// <param name="Data">The bytes as they came; they may be anything.</param>
/// <param name="PartitionKey">The key that came with the record or sub-record, UTF-8.</param>
/// <param name="Position">Where the event was delivered.</param>
/// <param name="ArrivedAt">
/// When the stream took the record (its ApproximateArrivalTimestamp), to the millisecond.
/// </param>
public readonly record struct Record(
    ReadOnlyMemory<byte> Data,
    ReadOnlyMemory<byte> PartitionKey,
    Position Position,
    DateTimeOffset ArrivedAt);
