namespace Amazon.Kinesis.Model;

/// <summary>Which shards ListShards answers.</summary>
public partial class ShardFilter
{
    /// <summary>The shard, for AFTER_SHARD_ID.</summary>
    public string ShardId { get; set; }

    /// <summary>The moment, for AT_TIMESTAMP and FROM_TIMESTAMP.</summary>
    public DateTime? Timestamp { get; set; }

    /// <summary>The kind of filter.</summary>
    public ShardFilterType Type { get; set; }
}
