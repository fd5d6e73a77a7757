using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The stream is UPDATING.</summary>
public partial class MergeShardsResponse : AmazonWebServiceResponse;
