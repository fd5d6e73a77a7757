namespace Amazon.Kinesis.Model;

/// <summary>Merges two shards whose ranges meet; the stream is UPDATING meanwhile.</summary>
public partial class MergeShardsRequest : AmazonKinesisRequest
{
    /// <summary>The shard next to it.</summary>
    public string AdjacentShardToMerge { get; set; }

    /// <summary>The shard.</summary>
    public string ShardToMerge { get; set; }

    /// <summary>The stream's ARN; this, the name, or both.</summary>
    public string StreamARN { get; set; }

    /// <summary>The stream's name, 1 to 128 of <c>A-Za-z0-9_.-</c>; this, the ARN, or both.</summary>
    public string StreamName { get; set; }
}
