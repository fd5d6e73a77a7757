using System.Globalization;
using System.Text;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>One stream and the API over it, under a clock that moves when a test says so.</summary>
internal sealed class StreamBench : IDisposable
{
    public const string Name = "orders";

    private readonly OutputFolder _folder = new();
    private readonly EngineSettings _settings;

    public StreamBench(int shards = 1, int recordBytesMax = Limits.RecordBytesMax, EngineSettings? settings = null)
    {
        _settings = settings ?? new EngineSettings();
        Scheduler = new Scheduler(Bed.Start);
        var model = new StreamModel("Orders", Name, "arn:orders", shards, TimeSpan.FromHours(24))
        {
            RecordBytesMax = recordBytesMax,
        };
        Stream = new DataStream(model, new StreamLogs(_folder.EngineFiles), Scheduler, _settings);
        Api = new StreamApi([Stream], Scheduler);
    }

    public Scheduler Scheduler { get; private set; }

    public DataStream Stream { get; private set; }

    public StreamApi Api { get; private set; }

    public static string Id(int shard) => Shard.IdOf(shard);

    public static string Text(UInt128 key) => key.ToString(CultureInfo.InvariantCulture);

    /// <summary>The middle of a shard, as a request has it.</summary>
    public string Middle(int shard) => Text(Stream.Shards[shard].Range.Middle);

    /// <summary>Lets time pass, and everything that is due meanwhile happen.</summary>
    public void Pass(TimeSpan time)
    {
        Scheduler.Start(() => Task.Delay(time, Scheduler.Clock));
        Scheduler.RunUntilIdle();
    }

    public void Pass(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    public void Split(int shard, UInt128? at = null)
    {
        Api.SplitShard(Name, Id(shard), Text(at ?? Stream.Shards[shard].Range.Middle));
        Scheduler.RunUntilIdle();
    }

    public void Merge(int shard, int adjacent)
    {
        Api.MergeShards(Name, Id(shard), Id(adjacent));
        Scheduler.RunUntilIdle();
    }

    public PutResult Put(string data, UInt128? hashKey = null) => Api.PutRecord(
        Name, new PutEntry(Encoding.UTF8.GetBytes(data), "key", hashKey is { } key ? Text(key) : null));

    public string Iterator(
        int shard, IteratorType type = IteratorType.TrimHorizon, string? sequence = null, DateTimeOffset? at = null) =>
        Api.GetShardIterator(Name, Id(shard), type, sequence, at);

    public static string[] Texts(RecordsAnswer answer) =>
        [.. answer.Records.Select(record => Encoding.UTF8.GetString(record.Data.Span))];

    /// <summary>The ids of listed shards, as their numbers.</summary>
    public static int[] Numbers(ShardList list) => [.. list.Shards.Select(
        shard => int.Parse(shard.ShardId.AsSpan("shardId-".Length), CultureInfo.InvariantCulture))];

    public static ServiceException Refused(string code, Action act)
    {
        var refused = Assert.Throws<ServiceException>(act);
        Assert.Equal(code, refused.Code);
        return refused;
    }

    /// <summary>Saves the stream and opens it again, as after a pause.</summary>
    public void Reopen()
    {
        var saved = System.Text.Json.JsonSerializer.Deserialize<StreamState>(
            System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Stream.Save()))!;
        Scheduler = new Scheduler(Scheduler.Now);
        Stream = new DataStream(
            saved.Model, new StreamLogs(_folder.EngineFiles), Scheduler, _settings, saved);
        Api = new StreamApi([Stream], Scheduler);
    }

    public void Dispose() => _folder.Dispose();
}
