using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>What became of each record; the status is 200 even when all of them failed.</summary>
public partial class PutRecordsResponse : AmazonWebServiceResponse
{
    /// <summary>How they are encrypted at rest.</summary>
    public EncryptionType EncryptionType { get; set; }

    /// <summary>How many of them failed.</summary>
    public int? FailedRecordCount { get; set; }

    /// <summary>A result for each record, in the order of the request.</summary>
    public List<PutRecordsResultEntry> Records { get; set; }
}
