namespace Amazon.Kinesis.Model;

/// <summary>A record of a PutRecords request.</summary>
public partial class PutRecordsRequestEntry
{
    /// <summary>Its bytes, 0 to 10 MiB; with the key within the stream's limit, 1 MiB unless it was raised.</summary>
    public MemoryStream Data { get; set; }

    /// <summary>What chooses its shard instead of the partition key: a decimal number below 2^128.</summary>
    public string ExplicitHashKey { get; set; }

    /// <summary>What chooses its shard, 1 to 256 characters.</summary>
    public string PartitionKey { get; set; }
}
