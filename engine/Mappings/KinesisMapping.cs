using Pipeline.Engine.Functions;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Mappings;

/// <summary>An event source mapping on a stream: one reader for each shard, in one lane or several.</summary>
public sealed class KinesisMapping : IStreamReader
{
    private readonly Dictionary<int, ShardReader> _readers = [];
    private readonly Scheduler _scheduler;

    public KinesisMapping(
        KinesisMappingModel model, DataStream stream, FunctionHost function, World world, Scheduler scheduler,
        EngineOptions options, Random random)
    {
        (Model, Stream, Function, _scheduler) = (model, stream, function, scheduler);
        foreach (var shard in stream.Shards)
        {
            var failures = new FailureDestination(
                model, stream, shard, function, world, scheduler, options.Settings, random);
            _readers.Add(shard.Index, new ShardReader(model, stream, shard, function, failures, scheduler, options));
        }
    }

    public KinesisMappingModel Model { get; }

    public string LogicalId => Model.LogicalId;

    public DataStream Stream { get; }

    public FunctionHost Function { get; }

    /// <summary>The place up to which a shard is done.</summary>
    public LogCursor Checkpoint(Shard shard) =>
        _readers[shard.Index] is { HasPosition: true } reader ? reader.Checkpoint : shard.Log.TrimHorizon;

    /// <summary>Takes up a saved checkpoint; to be called before the start.</summary>
    public void Restore(Shard shard, LogCursor checkpoint) => _readers[shard.Index].Position(checkpoint);

    /// <summary>Begins to read: where a saved checkpoint is, else at the starting position.</summary>
    public void Start()
    {
        foreach (var shard in Stream.Shards)
        {
            var reader = _readers[shard.Index];
            if (!reader.HasPosition)
            {
                reader.PositionAtStart();
            }
            if (Model.Enabled)
            {
                _scheduler.Start(reader.RunAsync);
            }
        }
    }
}
