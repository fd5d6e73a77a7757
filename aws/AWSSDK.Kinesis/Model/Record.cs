namespace Amazon.Kinesis.Model;

/// <summary>A record of a Kinesis data stream.</summary>
public partial class Record
{
    /// <summary>When the stream took it, to the millisecond, in UTC; the server's clock may go back.</summary>
    public DateTime? ApproximateArrivalTimestamp { get; set; }

    /// <summary>Its bytes, 0 to 10 MiB.</summary>
    public MemoryStream Data { get; set; }

    /// <summary>How it is encrypted at rest; null when the service did not say.</summary>
    public EncryptionType EncryptionType { get; set; }

    /// <summary>What chose its shard, 1 to 256 characters.</summary>
    public string PartitionKey { get; set; }

    /// <summary>Its place in the shard: a decimal number, unique in the stream.</summary>
    public string SequenceNumber { get; set; }
}
