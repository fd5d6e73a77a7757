using System.Globalization;
using Pipeline.Core;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Mappings;

/// <summary>Reads one shard for a mapping, in as many lanes as its parallelization factor says.</summary>
internal sealed class ShardReader
{
    private readonly KinesisMappingModel _model;
    private readonly Shard _shard;
    private readonly Scheduler _scheduler;
    private readonly ShardLane[] _lanes;

    public ShardReader(
        KinesisMappingModel model, DataStream stream, Shard shard, FunctionHost function, FailureDestination failures,
        Scheduler scheduler, EngineOptions options)
    {
        (_model, _shard, _scheduler) = (model, shard, scheduler);
        IShardSource source = model.Consumer is null
            ? new PolledShard(shard, scheduler, options.Settings)
            : new PushedShard(shard, scheduler, options.Settings);
        if (model.ParallelizationFactor > 1)
        {
            TimeSpan? pollInterval = model.Consumer is null ? options.Settings.PollInterval : null;
            source = new SharedSource(shard, source, pollInterval, scheduler);
        }
        _lanes = new ShardLane[model.ParallelizationFactor];
        for (var i = 0; i < _lanes.Length; i++)
        {
            var payload = new BatchPayload(shard.Id, stream.Arn);
            var delivery = new BatchDelivery(model, function, failures, payload, scheduler, options);
            _lanes[i] = new ShardLane(i, model, shard, source, payload, delivery, scheduler, options.Settings);
        }
    }

    /// <summary>The place up to which every lane is done.</summary>
    public LogCursor Checkpoint => _lanes.MinBy(lane => lane.Checkpoint.Next)!.Checkpoint;

    public bool HasPosition { get; private set; }

    /// <summary>Sets where reading begins.</summary>
    public void Position(LogCursor cursor)
    {
        foreach (var lane in _lanes)
        {
            lane.Position(cursor);
        }
        HasPosition = true;
    }

    /// <summary>Sets reading to begin where the mapping's starting position says.</summary>
    public void PositionAtStart() => Position(_model.StartingPosition switch
    {
        StartingPosition.Latest => _shard.Log.Latest,
        StartingPosition.AtTimestamp => At(_model.StartingTimestamp!.Value),
        _ => _shard.Log.TrimHorizon,
    });

    /// <summary>Reads until the shard is closed and every lane, at its own pace, is done with it.</summary>
    public Task RunAsync() => Task.WhenAll(_lanes.Select(lane => lane.RunAsync()));

    /// <summary>Before the first record that arrived at the moment or after it.</summary>
    private LogCursor At(DateTimeOffset moment)
    {
        var cursor = _shard.Log.TrimHorizon;
        var after = cursor;
        while (_shard.Log.TryRead(ref after, long.MaxValue, _scheduler.Now, out var record)
            && record.ArrivedAt < moment)
        {
            cursor = after;
        }
        return cursor;
    }

    /// <summary>Refuses a mapping that starts at a time that is yet to come.</summary>
    /// <exception cref="ConfigurationException">It does.</exception>
    public static void CheckStart(KinesisMappingModel model, DateTimeOffset now)
    {
        if (model.StartingTimestamp > now)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{model.LogicalId}: StartingPositionTimestamp is {model.StartingTimestamp:u}, but the clock begins "
                + $"at {now:u}; AWS refuses a start in the future."));
        }
    }
}
