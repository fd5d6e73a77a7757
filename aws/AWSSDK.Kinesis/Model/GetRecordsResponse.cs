using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>Records of a shard; none of them is no sign that there are none further on.</summary>
public partial class GetRecordsResponse : AmazonWebServiceResponse
{
    /// <summary>The shards that came of it, once it is closed and read to its end.</summary>
    public List<ChildShard> ChildShards { get; set; }

    /// <summary>How far behind the newest record this is, in ms; 0 when there is nothing left to read.</summary>
    public long? MillisBehindLatest { get; set; }

    /// <summary>Where to read on; null when the shard is closed and read to its end.</summary>
    public string NextShardIterator { get; set; }

    /// <summary>The records, in their order.</summary>
    public List<Record> Records { get; set; }
}
