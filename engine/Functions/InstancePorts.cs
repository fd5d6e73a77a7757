using Pipeline.Core;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Functions;

/// <summary>
/// The ports of one function instance: the engine's streams, queues and bucket, behind the gate of its current
/// invocation.
/// </summary>
internal sealed class InstancePorts(World world, IOutputPort output) : IStreamPort, IQueuePort, IBucketPort
{
    /// <summary>The invocation in whose name calls are made.</summary>
    public InvocationGate? Gate { get; set; }

    /// <summary>As a function takes them.</summary>
    public Ports ToPorts(Random random) => new(this, this, this, output, random);

    public ValueTask<IReadOnlyList<PutResult>> PutRecordsAsync(
        string stream, IReadOnlyList<PutEntry> entries, CancellationToken cancellation) =>
        Current.CallAsync(() => world.Stream(stream).PutRecords(entries));

    public ValueTask<IReadOnlyList<SendResult>> SendMessageBatchAsync(
        string queue, IReadOnlyList<SendEntry> entries, CancellationToken cancellation) =>
        Current.CallAsync(() => world.Queue(queue).SendMessageBatch(entries));

    public ValueTask<WriteResult> PutAsync(
        string key, ReadOnlyMemory<byte> body, WriteCondition condition, CancellationToken cancellation) =>
        Current.CallBucketAsync(
            () => world.Bucket.Put(key, [body], condition),
            condition == WriteCondition.Always ? null : () => new WriteResult(WriteStatus.Conflict, null));

    public ValueTask<StoredObject?> GetAsync(string key, CancellationToken cancellation) =>
        Current.CallBucketAsync(() => world.Bucket.Get(key));

    private InvocationGate Current =>
        Gate ?? throw new InvalidOperationException("A port was called outside an invocation.");
}

/// <summary>The streams, the queues and the bucket that functions reach.</summary>
public sealed class World(DirectoryBucket bucket)
{
    private readonly Dictionary<string, DataStream> _streams = new(StringComparer.Ordinal);

    private readonly Dictionary<string, MessageQueue> _queues = new(StringComparer.Ordinal);

    public DirectoryBucket Bucket => bucket;

    public IReadOnlyCollection<DataStream> Streams => _streams.Values;

    public IReadOnlyCollection<MessageQueue> Queues => _queues.Values;

    public void Add(DataStream stream) => _streams.Add(stream.Name, stream);

    public void Add(MessageQueue queue) => _queues.Add(queue.Url, queue);

    /// <summary>The stream of a name.</summary>
    /// <exception cref="PortFaultException">There is none.</exception>
    public DataStream Stream(string name) =>
        _streams.TryGetValue(name, out var stream)
            ? stream
            : throw new ServiceException(ServiceException.ResourceNotFound, $"there is no stream '{name}'.");

    /// <summary>The queue of a URL.</summary>
    /// <exception cref="PortFaultException">There is none.</exception>
    public MessageQueue Queue(string url) =>
        _queues.TryGetValue(url, out var queue)
            ? queue
            : throw new ServiceException("QueueDoesNotExist", $"there is no queue '{url}'.");
}
