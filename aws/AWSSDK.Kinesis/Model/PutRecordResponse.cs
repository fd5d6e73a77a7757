using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>Where the record was put.</summary>
public partial class PutRecordResponse : AmazonWebServiceResponse
{
    /// <summary>How it is encrypted at rest.</summary>
    public EncryptionType EncryptionType { get; set; }

    /// <summary>Its place in the shard.</summary>
    public string SequenceNumber { get; set; }

    /// <summary>The shard that took it.</summary>
    public string ShardId { get; set; }
}
