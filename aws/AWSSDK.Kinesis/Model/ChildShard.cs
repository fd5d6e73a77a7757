namespace Amazon.Kinesis.Model;

/// <summary>A shard that came of others by a split or a merge.</summary>
public partial class ChildShard
{
    /// <summary>The hash keys it takes.</summary>
    public HashKeyRange HashKeyRange { get; set; }

    /// <summary>The shards it came of.</summary>
    public List<string> ParentShards { get; set; }

    /// <summary>Its id.</summary>
    public string ShardId { get; set; }
}
