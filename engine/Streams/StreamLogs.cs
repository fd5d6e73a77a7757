using Pipeline.Engine.Storage;
using Pipeline.Engine.Template;

namespace Pipeline.Engine.Streams;

/// <summary>Opens the logs of shards, each in a folder of its own.</summary>
public sealed class StreamLogs(EngineFiles files)
{
    private readonly SegmentCache _cache = new();

    /// <summary>A shard's log; an empty one unless segments of it were saved.</summary>
    public ShardLog Open(
        StreamModel model, int shard, SequenceCounter sequence, IReadOnlyList<SegmentState>? saved = null)
    {
        var log = new ShardLog(files, _cache, $"streams/{model.LogicalId}/{shard}", model.Retention, sequence);
        if (saved is not null)
        {
            log.Restore(saved);
        }
        return log;
    }
}
