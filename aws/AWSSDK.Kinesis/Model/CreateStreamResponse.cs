using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The stream is CREATING.</summary>
public partial class CreateStreamResponse : AmazonWebServiceResponse;
