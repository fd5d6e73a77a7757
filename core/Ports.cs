namespace Pipeline.Core;

/// <summary>One entry of a PutRecords request.</summary>
public readonly record struct PutEntry(ReadOnlyMemory<byte> Data, string PartitionKey, string? ExplicitHashKey);

/// <summary>
/// What became of one entry: a place in a shard, or an error code (<c>ProvisionedThroughputExceededException</c>,
/// <c>InternalFailure</c>).
/// </summary>
public readonly record struct PutResult(
    string? ShardId, string? SequenceNumber, string? ErrorCode, string? ErrorMessage)
{
    public bool Accepted => ErrorCode is null;
}

/// <summary>
/// Streams at the level of the API: one call is one PutRecords. Resending and order are the sender's.
/// </summary>
public interface IStreamPort
{
    /// <summary>
    /// Puts 1 to <see cref="Limits.PutRecordsCountMax"/> records; answers one result per entry, in the request's order.
    /// </summary>
    /// <exception cref="PortFaultException">
    /// The whole request failed; whether entries were taken is unknown.
    /// </exception>
    ValueTask<IReadOnlyList<PutResult>> PutRecordsAsync(
        string stream, IReadOnlyList<PutEntry> entries, CancellationToken cancellation);
}

/// <summary>One entry of a SendMessageBatch request.</summary>
/// <param name="Id">Tells the entries of a request apart: 1 to 80 of <c>A-Za-z0-9_-</c>.</param>
/// <param name="Body">Text, 1 byte to <see cref="Limits.MessageBytesMax"/> as UTF-8.</param>
/// <param name="Delay">How long it stays hidden at first: 0 to 900 s, whole seconds.</param>
public readonly record struct SendEntry(string Id, string Body, TimeSpan Delay = default);

/// <summary>What became of one entry: a message id, or an error code such as <c>InternalError</c>.</summary>
/// <param name="SenderFault">The entry itself is wrong; sending it again is of no use.</param>
public readonly record struct SendResult(
    string Id, string? MessageId, string? ErrorCode, string? ErrorMessage, bool SenderFault)
{
    public bool Accepted => ErrorCode is null;
}

/// <summary>
/// Queues at the level of the API: one call is one SendMessageBatch. Resending is the sender's.
/// </summary>
public interface IQueuePort
{
    /// <summary>
    /// Sends 1 to <see cref="Limits.SendBatchCountMax"/> messages of at most <see cref="Limits.SendBatchBytesMax"/> in
    /// all; answers one result per entry, told apart by their ids, in any order.
    /// </summary>
    /// <param name="queue">The queue's URL.</param>
    /// <exception cref="PortFaultException">
    /// The whole request failed; whether entries were taken is unknown.
    /// </exception>
    ValueTask<IReadOnlyList<SendResult>> SendMessageBatchAsync(
        string queue, IReadOnlyList<SendEntry> entries, CancellationToken cancellation);
}

/// <summary>The condition of an object write.</summary>
public readonly record struct WriteCondition(bool IfNoneMatch, string? IfMatch)
{
    /// <summary>Write in any case.</summary>
    public static WriteCondition Always => default;

    /// <summary>Create only (<c>If-None-Match: *</c>).</summary>
    public static WriteCondition CreateOnly => new(true, null);

    /// <summary>Replace only this version (<c>If-Match</c>).</summary>
    public static WriteCondition Replace(string etag) => new(false, etag);
}

/// <summary>What became of a conditional write.</summary>
public enum WriteStatus
{
    /// <summary>200: the object is stored.</summary>
    Written,

    /// <summary>412: the condition is false; nothing changed.</summary>
    PreconditionFailed,

    /// <summary>409: another write is under way; try again.</summary>
    Conflict,
}

/// <summary>The answer to a write; <paramref name="ETag"/> is set when it is written.</summary>
public readonly record struct WriteResult(WriteStatus Status, string? ETag);

/// <summary>An object's bytes and version.</summary>
public sealed record StoredObject(ReadOnlyMemory<byte> Body, string ETag);

/// <summary>The data bucket at the level of the API.</summary>
public interface IBucketPort
{
    /// <summary>Writes an object under a condition.</summary>
    /// <exception cref="PortFaultException">The store failed; whether the object was written is unknown.</exception>
    ValueTask<WriteResult> PutAsync(
        string key, ReadOnlyMemory<byte> body, WriteCondition condition, CancellationToken cancellation);

    /// <summary>Reads an object; null when there is none.</summary>
    /// <exception cref="PortFaultException">The store failed.</exception>
    ValueTask<StoredObject?> GetAsync(string key, CancellationToken cancellation);
}

/// <summary>Where a function's lines of output go: standard output on Lambda, the engine's counters here.</summary>
public interface IOutputPort
{
    /// <summary>Takes one line of UTF-8 without its end.</summary>
    void WriteLine(ReadOnlySpan<byte> line);
}

/// <summary>Everything a function may touch outside itself.</summary>
/// <param name="Random">The jitter of backoff; nothing that ends in data.</param>
public sealed record Ports(
    IStreamPort Streams, IQueuePort Queues, IBucketPort Bucket, IOutputPort Output, Random Random);

/// <summary>
/// A fault: the world broke (a store that throttles, a service that fails). Only the pump catches it.
/// </summary>
public class PortFaultException : Exception
{
    public PortFaultException(string message)
        : base(message)
    {
    }

    public PortFaultException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public PortFaultException()
    {
    }

    /// <summary>The same call fails again, however soon: a right lacks, or what it is about.</summary>
    public bool IsLasting { get; init; }
}
