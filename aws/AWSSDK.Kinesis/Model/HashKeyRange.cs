namespace Amazon.Kinesis.Model;

/// <summary>The hash keys of a shard, both ends included: decimal numbers below 2^128.</summary>
public partial class HashKeyRange
{
    /// <summary>The last.</summary>
    public string EndingHashKey { get; set; }

    /// <summary>The first.</summary>
    public string StartingHashKey { get; set; }
}
