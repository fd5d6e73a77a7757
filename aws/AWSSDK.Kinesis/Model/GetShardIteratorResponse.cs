using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>A place in a shard.</summary>
public partial class GetShardIteratorResponse : AmazonWebServiceResponse
{
    /// <summary>It, for GetRecords; valid for 5 minutes.</summary>
    public string ShardIterator { get; set; }
}
