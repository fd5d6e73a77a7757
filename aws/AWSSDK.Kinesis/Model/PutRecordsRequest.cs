namespace Amazon.Kinesis.Model;

/// <summary>1 to 500 records for a stream, 10 MiB in all, keys included.</summary>
public partial class PutRecordsRequest : AmazonKinesisRequest
{
    /// <summary>The records; the answer has a result for each, in this order.</summary>
    public List<PutRecordsRequestEntry> Records { get; set; }

    /// <summary>The stream's ARN; this, the name, or both.</summary>
    public string StreamARN { get; set; }

    /// <summary>The stream's name, 1 to 128 of <c>A-Za-z0-9_.-</c>; this, the ARN, or both.</summary>
    public string StreamName { get; set; }
}
