namespace Amazon.Kinesis.Model;

/// <summary>Asks for the shards of a stream, page by page.</summary>
public partial class ListShardsRequest : AmazonKinesisRequest
{
    /// <summary>Answer those after this shard.</summary>
    public string ExclusiveStartShardId { get; set; }

    /// <summary>How many at most, 1 to 10,000; null for 1,000.</summary>
    public int? MaxResults { get; set; }

    /// <summary>Where the page before ended; then neither name nor filter may be given.</summary>
    public string NextToken { get; set; }

    /// <summary>Which of them; null for all that hold records yet.</summary>
    public ShardFilter ShardFilter { get; set; }

    /// <summary>The stream's ARN; this, the name, or both.</summary>
    public string StreamARN { get; set; }

    /// <summary>Tells streams apart that had the same name.</summary>
    public DateTime? StreamCreationTimestamp { get; set; }

    /// <summary>The stream's name, 1 to 128 of <c>A-Za-z0-9_.-</c>; this, the ARN, or both.</summary>
    public string StreamName { get; set; }
}
