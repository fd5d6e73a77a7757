namespace Amazon.Kinesis.Model;

/// <summary>Splits a shard in two; the stream is UPDATING meanwhile.</summary>
public partial class SplitShardRequest : AmazonKinesisRequest
{
    /// <summary>The first hash key of the upper child: a decimal number below 2^128.</summary>
    public string NewStartingHashKey { get; set; }

    /// <summary>The shard.</summary>
    public string ShardToSplit { get; set; }

    /// <summary>The stream's ARN; this, the name, or both.</summary>
    public string StreamARN { get; set; }

    /// <summary>The stream's name, 1 to 128 of <c>A-Za-z0-9_.-</c>; this, the ARN, or both.</summary>
    public string StreamName { get; set; }
}
