using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>A page of shards.</summary>
public partial class ListShardsResponse : AmazonWebServiceResponse
{
    /// <summary>Where the next page starts, for 5 minutes; null when this is the last.</summary>
    public string NextToken { get; set; }

    /// <summary>The shards.</summary>
    public List<Shard> Shards { get; set; }
}
