using Amazon.Runtime;

namespace Amazon.Kinesis;

/// <summary>A request to Kinesis Data Streams.</summary>
public partial class AmazonKinesisRequest : AmazonWebServiceRequest;
