using Pipeline.Core;

namespace Pipeline.Engine.Streams;

/// <summary>One shard: a hash range, a write budget, a log.</summary>
public sealed class Shard(int index, HashRange range, DateTimeOffset createdAt, ShardLog log)
{
    private readonly WriteBudget _budget = new(createdAt);

    /// <summary>The number in its id.</summary>
    public int Index => index;

    /// <summary>Such as <c>shardId-000000000003</c>.</summary>
    public string Id { get; } = $"shardId-{index:D12}";

    public HashRange Range => range;

    public DateTimeOffset CreatedAt => createdAt;

    public ShardLog Log => log;

    /// <summary>Takes a record, or refuses it when the shard's write limits are used up.</summary>
    public bool TryAppend(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, DateTimeOffset now, out SequenceNumber sequence)
    {
        if (!_budget.TryTake(key.Length + data.Length, now))
        {
            sequence = default;
            return false;
        }
        sequence = log.Append(key, data, now);
        return true;
    }
}
