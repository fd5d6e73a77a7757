using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>What a consumer is.</summary>
public partial class DescribeStreamConsumerResponse : AmazonWebServiceResponse
{
    /// <summary>It.</summary>
    public ConsumerDescription ConsumerDescription { get; set; }
}
