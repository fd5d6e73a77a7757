namespace Amazon.Kinesis.Model;

/// <summary>The sequence numbers of a shard.</summary>
public partial class SequenceNumberRange
{
    /// <summary>The last it can have; null while it is open.</summary>
    public string EndingSequenceNumber { get; set; }

    /// <summary>The first it can have.</summary>
    public string StartingSequenceNumber { get; set; }
}
