namespace Amazon.Kinesis.Model;

/// <summary>Asks for a place in a shard to read from.</summary>
public partial class GetShardIteratorRequest : AmazonKinesisRequest
{
    /// <summary>The shard.</summary>
    public string ShardId { get; set; }

    /// <summary>Which place.</summary>
    public ShardIteratorType ShardIteratorType { get; set; }

    /// <summary>The record, for the types that start at or after one.</summary>
    public string StartingSequenceNumber { get; set; }

    /// <summary>The stream's ARN; this, the name, or both.</summary>
    public string StreamARN { get; set; }

    /// <summary>The stream's name, 1 to 128 of <c>A-Za-z0-9_.-</c>; this, the ARN, or both.</summary>
    public string StreamName { get; set; }

    /// <summary>The moment, for AT_TIMESTAMP; to the millisecond.</summary>
    public DateTime? Timestamp { get; set; }
}
