namespace Amazon.Kinesis.Model;

/// <summary>A shard of a stream.</summary>
public partial class Shard
{
    /// <summary>The second shard it was merged from, if it was.</summary>
    public string AdjacentParentShardId { get; set; }

    /// <summary>The hash keys it takes.</summary>
    public HashKeyRange HashKeyRange { get; set; }

    /// <summary>The shard it came of; null when it is as old as the stream.</summary>
    public string ParentShardId { get; set; }

    /// <summary>The sequence numbers it gives.</summary>
    public SequenceNumberRange SequenceNumberRange { get; set; }

    /// <summary>Its id.</summary>
    public string ShardId { get; set; }
}
