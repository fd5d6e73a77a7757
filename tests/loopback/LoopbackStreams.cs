using System.Globalization;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Tests.Contracts;
using RecordsAnswer = Pipeline.Tests.Contracts.RecordsAnswer;
using ShardDescription = Pipeline.Tests.Contracts.ShardDescription;

namespace Pipeline.Tests.Loopback;

/// <summary>
/// The engine's streams through the loopback server; they are made, split and merged beside it.
/// </summary>
/// <param name="client">Calls the server.</param>
internal sealed class LoopbackStreams(LoopbackBench bench, IStreamControl client) : IStreamControl
{
    /// <summary>By a small wire client.</summary>
    public LoopbackStreams(LoopbackBench bench)
        : this(bench, new KinesisLocalStreams(bench.Address))
    {
    }

    public IReadOnlyCollection<Deviation> Deviations => [];

    public Task<string> CreateAsync(int shards)
    {
        var name = $"stream-{bench.World.Streams.Count}";
        var model = new StreamModel(name, name, $"arn:aws:kinesis:us-east-1:123456789012:stream/{name}", shards,
            TimeSpan.FromHours(24));
        bench.World.Add(new DataStream(model, new StreamLogs(bench.Files), bench.Scheduler, new EngineSettings()));
        return Task.FromResult(name);
    }

    public Task<IReadOnlyList<PutResult>> PutAsync(string stream, IReadOnlyList<PutEntry> entries) =>
        client.PutAsync(stream, entries);

    public Task<IReadOnlyList<ShardDescription>> ShardsAsync(string stream) => client.ShardsAsync(stream);

    public Task<IReadOnlyList<StreamedRecord>> ReadAsync(string stream, string shardId) =>
        client.ReadAsync(stream, shardId);

    public Task<string> IteratorAsync(string stream, string shardId, string type, string? sequenceNumber = null) =>
        client.IteratorAsync(stream, shardId, type, sequenceNumber);

    public Task<RecordsAnswer> RecordsAsync(string iterator, int limit = Limits.GetRecordsCountMax) =>
        client.RecordsAsync(iterator, limit);

    public Task SplitAsync(string stream, string shardId, UInt128 newStart) => ReshardAsync(
        () => bench.Api.SplitShard(stream, shardId, newStart.ToString(CultureInfo.InvariantCulture)));

    public Task MergeAsync(string stream, string shardId, string adjacentShardId) =>
        ReshardAsync(() => bench.Api.MergeShards(stream, shardId, adjacentShardId));

    public Task<ScalingAnswer> ScaleAsync(string stream, int targetCount)
    {
        var answer = ServiceErrorException.Call(() => bench.Api.UpdateShardCount(stream, targetCount));
        bench.Scheduler.RunUntilIdle();
        return Task.FromResult(new ScalingAnswer(answer.CurrentShardCount, answer.TargetShardCount));
    }

    private Task ReshardAsync(Action act)
    {
        ServiceErrorException.Call(() =>
        {
            act();
            return true;
        });
        bench.Scheduler.RunUntilIdle();
        return Task.CompletedTask;
    }
}
