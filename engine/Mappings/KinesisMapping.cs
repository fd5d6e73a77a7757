using Pipeline.Core;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Mappings;

/// <summary>
/// An event source mapping on a stream: one reader for each shard, in one lane or several; the shards that a split or a
/// merge makes are read when all before them are done.
/// </summary>
public sealed class KinesisMapping : IStreamReader
{
    private readonly Dictionary<int, ShardReader> _readers = [];
    private readonly Func<Shard, ShardReader> _create;
    private readonly ShardLineage _lineage;

    /// <exception cref="ConfigurationException">The mapping starts at a time that is yet to come.</exception>
    public KinesisMapping(
        KinesisMappingModel model, DataStream stream, FunctionHost function, World world, Scheduler scheduler,
        EngineOptions options, Random random)
    {
        (Model, Stream, Function) = (model, stream, function);
        ShardReader.CheckStart(model, scheduler.Now);
        _create = shard =>
        {
            var failures = new FailureDestination(
                model, stream, shard, function, world, scheduler, options.Settings, random);
            return new ShardReader(model, stream, shard, function, failures, scheduler, options);
        };
        _lineage = new ShardLineage(stream, scheduler, ReadAsync);
    }

    public KinesisMappingModel Model { get; }

    public string LogicalId => Model.LogicalId;

    public DataStream Stream { get; }

    public FunctionHost Function { get; }

    /// <summary>The place up to which a shard is done.</summary>
    public LogCursor Checkpoint(Shard shard) =>
        _readers.TryGetValue(shard.Index, out var reader) ? reader.Checkpoint : shard.Log.TrimHorizon;

    /// <summary>Takes up a saved checkpoint; to be called before the start.</summary>
    public void Restore(Shard shard, LogCursor checkpoint) => Position(shard, checkpoint);

    /// <summary>Begins to read: where a saved checkpoint is, else at the starting position.</summary>
    public void Start()
    {
        foreach (var shard in Stream.Shards.Where(shard => !_readers.ContainsKey(shard.Index)))
        {
            var reader = _create(shard);
            reader.PositionAtStart();
            _readers.Add(shard.Index, reader);
        }
        if (Model.Enabled)
        {
            _lineage.Start();
        }
    }

    /// <summary>Reads a shard; one that came after the start from its first record, wherever others began.</summary>
    private Task ReadAsync(Shard shard)
    {
        if (!_readers.ContainsKey(shard.Index))
        {
            Position(shard, shard.Log.TrimHorizon);
        }
        return _readers[shard.Index].RunAsync();
    }

    private void Position(Shard shard, LogCursor cursor)
    {
        var reader = _create(shard);
        reader.Position(cursor);
        _readers.Add(shard.Index, reader);
    }
}
