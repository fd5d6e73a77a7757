using Pipeline.Engine.Template;

namespace Pipeline.Engine.Streams;

/// <summary>A saved stream: how the template had it, and what became of its shards.</summary>
/// <param name="Shards">By the numbers in their ids, from 0; also those that are closed.</param>
/// <param name="Scalings">When the last calls of UpdateShardCount were.</param>
public sealed record StreamState(StreamModel Model, List<ShardState> Shards, List<DateTimeOffset> Scalings);

/// <summary>A saved shard.</summary>
/// <param name="Parents">The numbers of the shards it came from.</param>
/// <param name="Next">How many records it took.</param>
public sealed record ShardState(
    HashRange Range, DateTimeOffset CreatedAt, DateTimeOffset? ClosedAt, List<int> Parents, long Next,
    List<SegmentState> Segments);
