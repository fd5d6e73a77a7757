using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The stream is DELETING.</summary>
public partial class DeleteStreamResponse : AmazonWebServiceResponse;
