using System.Globalization;
using System.Text;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;
using Pipeline.Tests.Engine;

namespace Pipeline.Tests.Contracts;

/// <summary>The engine's streams, each on an engine of its own.</summary>
internal sealed class EngineStreams(DirectoryBucket bucket) : IStreamControl, IDisposable
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
               select new ShardDescription(
                   shard.Id, shard.Range.First, shard.Range.Last, shard.Parents.ElementAtOrDefault(0)?.Id,
                   shard.Parents.ElementAtOrDefault(1)?.Id, shard.IsClosed),
        ]);

    public Task<IReadOnlyList<StreamedRecord>> ReadAsync(string stream, string shardId)
    {
        var log = Find(stream).Shards.Single(shard => shard.Id == shardId).Log;
        var cursor = log.TrimHorizon;
        var records = new List<StreamedRecord>();
        while (log.TryRead(ref cursor, long.MaxValue, _beds[stream].Engine.Scheduler.Now, out var record))
        {
            records.Add(Streamed(record));
        }
        return Task.FromResult<IReadOnlyList<StreamedRecord>>(records);
    }

    // The API of a stream's engine knows it by the name it has there.
    public Task<string> IteratorAsync(string stream, string shardId, string type, string? sequenceNumber = null)
    {
        var engine = Later(stream);
        var kind = Enum.Parse<IteratorType>(type.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        var iterator = ServiceErrorException.Call(
            () => engine.StreamApi.GetShardIterator(engine.Raw.Name, shardId, kind, sequenceNumber));
        return Task.FromResult($"{stream}|{iterator}");
    }

    public Task<RecordsAnswer> RecordsAsync(string iterator, int limit = Limits.GetRecordsCountMax)
    {
        var at = iterator.IndexOf('|', StringComparison.Ordinal);
        var stream = iterator[..at];
        var engine = Later(stream);
        var answer = ServiceErrorException.Call(() => engine.StreamApi.GetRecords(iterator[(at + 1)..], limit));
        return Task.FromResult(new RecordsAnswer(
            [.. answer.Records.Select(Streamed)],
            answer.NextShardIterator is { } next ? $"{stream}|{next}" : null));
    }

    public Task SplitAsync(string stream, string shardId, UInt128 newStart)
    {
        var engine = Later(stream);
        ServiceErrorException.Call(() =>
        {
            engine.StreamApi.SplitShard(
                engine.Raw.Name, shardId, newStart.ToString(CultureInfo.InvariantCulture));
            return true;
        });
        return ActiveAsync(engine);
    }

    public Task MergeAsync(string stream, string shardId, string adjacentShardId)
    {
        var engine = Later(stream);
        ServiceErrorException.Call(() =>
        {
            engine.StreamApi.MergeShards(engine.Raw.Name, shardId, adjacentShardId);
            return true;
        });
        return ActiveAsync(engine);
    }

    public async Task<ScalingAnswer> ScaleAsync(string stream, int targetCount)
    {
        var engine = Later(stream);
        var answer = ServiceErrorException.Call(
            () => engine.StreamApi.UpdateShardCount(engine.Raw.Name, targetCount));
        await ActiveAsync(engine);
        return new ScalingAnswer(answer.CurrentShardCount, answer.TargetShardCount);
    }

    private static Task ActiveAsync(EmbeddedEngine engine)
    {
        engine.Scheduler.RunUntilIdle();
        return Task.CompletedTask;
    }

    /// <summary>The stream's engine, a second later than before, so that no limit on calls is met.</summary>
    private EmbeddedEngine Later(string stream)
    {
        var engine = _beds[stream].Engine;
        engine.Scheduler.Jump(TimeSpan.FromSeconds(1));
        return engine;
    }

    private static StreamedRecord Streamed(LoggedRecord record) => new(
        record.Sequence.ToString(), Encoding.UTF8.GetString(record.PartitionKey.Span),
        Convert.ToBase64String(record.Data.Span));

    private DataStream Find(string stream) =>
        _beds.TryGetValue(stream, out var bed) ? bed.Engine.Raw : _none.Stream(stream);
}
