namespace Amazon.Kinesis.Model;

/// <summary>Asks for the records at a place in a shard.</summary>
public partial class GetRecordsRequest : AmazonKinesisRequest
{
    /// <summary>How many at most, 1 to 10,000; null for 10,000.</summary>
    public int? Limit { get; set; }

    /// <summary>The place, from GetShardIterator or from the answer before; valid for 5 minutes.</summary>
    public string ShardIterator { get; set; }

    /// <summary>The stream's ARN.</summary>
    public string StreamARN { get; set; }
}
