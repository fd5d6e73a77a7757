using System.Text;
using Pipeline.Core;
using Pipeline.Functions;

namespace Pipeline.Tests.Simulations;

/// <summary>Ports that pass every call on; what a broken variant does otherwise, it overrides.</summary>
internal class BrokenPorts(Ports inner) : IStreamPort, IBucketPort
{
    protected Ports Inner => inner;

    /// <summary>The pipeline's functions, each with its ports broken.</summary>
    public static Func<string, Compose> Break(Func<Ports, TimeProvider, BrokenPorts> broken) =>
        name => (environment, ports, time) =>
        {
            var wrapped = broken(ports, time);
            return Catalogue.Find(name)(environment, ports with { Streams = wrapped, Bucket = wrapped }, time);
        };

    public virtual ValueTask<IReadOnlyList<PutResult>> PutRecordsAsync(
        string stream, IReadOnlyList<PutEntry> entries, CancellationToken cancellation) =>
        inner.Streams.PutRecordsAsync(stream, entries, cancellation);

    public virtual ValueTask<WriteResult> PutAsync(
        string key, ReadOnlyMemory<byte> body, WriteCondition condition, CancellationToken cancellation) =>
        inner.Bucket.PutAsync(key, body, condition, cancellation);

    public virtual ValueTask<StoredObject?> GetAsync(string key, CancellationToken cancellation) =>
        inner.Bucket.GetAsync(key, cancellation);

    /// <summary>The events of an entry, each a record of its own that goes to the same shard.</summary>
    protected static List<PutEntry> Singles(in PutEntry entry)
    {
        var packs = new PackReader();
        if (packs.Read(entry.Data.Span) != BlobKind.Pack)
        {
            return [entry];
        }
        var singles = new List<PutEntry>();
        foreach (var slice in packs.Slices)
        {
            singles.Add(entry with
            {
                PartitionKey = Encoding.UTF8.GetString(
                    entry.Data.Span.Slice(slice.PartitionKeyStart, slice.PartitionKeyLength)),
                Data = entry.Data.Slice(slice.DataStart, slice.DataLength).ToArray(),
            });
        }
        return singles;
    }
}
