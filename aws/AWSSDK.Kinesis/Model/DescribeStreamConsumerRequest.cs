namespace Amazon.Kinesis.Model;

/// <summary>Asks what a consumer is and whether it can be used.</summary>
public partial class DescribeStreamConsumerRequest : AmazonKinesisRequest
{
    /// <summary>The consumer's ARN; this, or the stream's and the name.</summary>
    public string ConsumerARN { get; set; }

    /// <summary>The consumer's name.</summary>
    public string ConsumerName { get; set; }

    /// <summary>The stream's ARN.</summary>
    public string StreamARN { get; set; }
}
