namespace Amazon.Kinesis.Model;

/// <summary>Asks what a stream is and whether it can be used.</summary>
public partial class DescribeStreamSummaryRequest : AmazonKinesisRequest
{
    /// <summary>The stream's ARN; this, the name, or both.</summary>
    public string StreamARN { get; set; }

    /// <summary>The stream's name, 1 to 128 of <c>A-Za-z0-9_.-</c>; this, the ARN, or both.</summary>
    public string StreamName { get; set; }
}
