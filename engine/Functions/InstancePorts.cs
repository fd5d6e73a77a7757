using Pipeline.Core;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Functions;

/// <summary>
/// The ports of one function instance: the engine's streams and bucket, behind the gate of its current invocation.
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
        throw new PortFaultException($"QueueDoesNotExist: there is no queue '{queue}'.");

    public ValueTask<WriteResult> PutAsync(
        string key, ReadOnlyMemory<byte> body, WriteCondition condition, CancellationToken cancellation) =>
        Current.CallAsync(() => world.Bucket.Put(key, [body], condition));

    public ValueTask<StoredObject?> GetAsync(string key, CancellationToken cancellation) =>
        Current.CallAsync(() => world.Bucket.Get(key));

    private InvocationGate Current =>
        Gate ?? throw new InvalidOperationException("A port was called outside an invocation.");
}

/// <summary>The streams and the bucket that functions reach.</summary>
public sealed class World(DirectoryBucket bucket)
{
    private readonly Dictionary<string, DataStream> _streams = new(StringComparer.Ordinal);

    public DirectoryBucket Bucket => bucket;

    public IReadOnlyCollection<DataStream> Streams => _streams.Values;

    public void Add(DataStream stream) => _streams.Add(stream.Name, stream);

    /// <summary>The stream of a name.</summary>
    /// <exception cref="PortFaultException">There is none.</exception>
    public DataStream Stream(string name) =>
        _streams.TryGetValue(name, out var stream)
            ? stream
            : throw new PortFaultException($"ResourceNotFoundException: there is no stream '{name}'.");
}
