using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>What a stream is.</summary>
public partial class DescribeStreamSummaryResponse : AmazonWebServiceResponse
{
    /// <summary>It.</summary>
    public StreamDescriptionSummary StreamDescriptionSummary { get; set; }
}
