namespace Amazon.Kinesis.Model;

/// <summary>Makes a stream; it can be used once it is ACTIVE.</summary>
public partial class CreateStreamRequest : AmazonKinesisRequest
{
    /// <summary>How many shards, for a provisioned stream.</summary>
    public int? ShardCount { get; set; }

    /// <summary>Provisioned or on demand; null for provisioned.</summary>
    public StreamModeDetails StreamModeDetails { get; set; }

    /// <summary>The stream's name, 1 to 128 of <c>A-Za-z0-9_.-</c>.</summary>
    public string StreamName { get; set; }

    /// <summary>Its tags.</summary>
    public Dictionary<string, string> Tags { get; set; }
}
