using System.Text;
using Pipeline.Core;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;
using Pipeline.Tests.Engine;

namespace Pipeline.Tests.Contracts;

/// <summary>The engine's streams, each on an engine of its own.</summary>
internal sealed class EngineStreams(DirectoryBucket bucket) : IStreamService, IDisposable
{
    private readonly Dictionary<string, Bed> _beds = new(StringComparer.Ordinal);
    private readonly World _none = new(bucket);

    public IReadOnlyCollection<Deviation> Deviations => [];

    public void Dispose()
    {
        foreach (var bed in _beds.Values)
        {
            bed.Dispose();
        }
    }

    public Task<string> CreateAsync(int shards)
    {
        var name = $"stream-{_beds.Count}";
        _beds.Add(name, new Bed(new BedOptions { Shards = shards }));
        return Task.FromResult(name);
    }

    public async Task<IReadOnlyList<PutResult>> PutAsync(string stream, IReadOnlyList<PutEntry> entries) =>
        ServiceErrorException.Call(() => Find(stream).PutRecords(entries));

    public Task<IReadOnlyList<ShardDescription>> ShardsAsync(string stream) =>
        Task.FromResult<IReadOnlyList<ShardDescription>>(
        [
            .. from shard in Find(stream).Shards
               select new ShardDescription(shard.Id, shard.Range.First, shard.Range.Last),
        ]);

    public Task<IReadOnlyList<StreamedRecord>> ReadAsync(string stream, string shardId)
    {
        var log = Find(stream).Shards.Single(shard => shard.Id == shardId).Log;
        var cursor = log.TrimHorizon;
        var records = new List<StreamedRecord>();
        while (log.TryRead(ref cursor, long.MaxValue, _beds[stream].Engine.Scheduler.Now, out var record))
        {
            records.Add(new StreamedRecord(
                record.Sequence.ToString(), Encoding.UTF8.GetString(record.PartitionKey.Span),
                Convert.ToBase64String(record.Data.Span)));
        }
        return Task.FromResult<IReadOnlyList<StreamedRecord>>(records);
    }

    private DataStream Find(string stream) =>
        _beds.TryGetValue(stream, out var bed) ? bed.Engine.Raw : _none.Stream(stream);
}
