namespace Amazon.Kinesis.Model;

/// <summary>What became of one record: a place in a shard, or an error.</summary>
public partial class PutRecordsResultEntry
{
    /// <summary><c>ProvisionedThroughputExceededException</c>, <c>InternalFailure</c>, or null: taken.</summary>
    public string ErrorCode { get; set; }

    /// <summary>What is wrong, in words; null when it was taken.</summary>
    public string ErrorMessage { get; set; }

    /// <summary>Its place in the shard; null when it failed.</summary>
    public string SequenceNumber { get; set; }

    /// <summary>The shard that took it; null when it failed.</summary>
    public string ShardId { get; set; }
}
