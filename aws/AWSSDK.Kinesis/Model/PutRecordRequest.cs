namespace Amazon.Kinesis.Model;

/// <summary>One record for a stream.</summary>
public partial class PutRecordRequest : AmazonKinesisRequest
{
    /// <summary>Its bytes, 0 to 10 MiB; with the key within the stream's limit, 1 MiB unless it was raised.</summary>
    public MemoryStream Data { get; set; }

    /// <summary>What chooses its shard instead of the partition key: a decimal number below 2^128.</summary>
    public string ExplicitHashKey { get; set; }

    /// <summary>What chooses its shard, 1 to 256 characters.</summary>
    public string PartitionKey { get; set; }

    /// <summary>The number of this sender's record before it, so that this one's is higher.</summary>
    public string SequenceNumberForOrdering { get; set; }

    /// <summary>The stream's ARN; this, the name, or both.</summary>
    public string StreamARN { get; set; }

    /// <summary>The stream's name, 1 to 128 of <c>A-Za-z0-9_.-</c>; this, the ARN, or both.</summary>
    public string StreamName { get; set; }
}
