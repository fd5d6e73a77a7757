using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The consumer, which is CREATING.</summary>
public partial class RegisterStreamConsumerResponse : AmazonWebServiceResponse
{
    /// <summary>It.</summary>
    public Consumer Consumer { get; set; }
}
