namespace Amazon.Kinesis.Model;

/// <summary>What a stream is, without its shards.</summary>
public partial class StreamDescriptionSummary
{
    /// <summary>How many consumers are registered on it.</summary>
    public int? ConsumerCount { get; set; }

    /// <summary>How it encrypts its records at rest.</summary>
    public EncryptionType EncryptionType { get; set; }

    /// <summary>The metrics it has by shard.</summary>
    public List<EnhancedMetrics> EnhancedMonitoring { get; set; }

    /// <summary>The KMS key it encrypts with; null without one.</summary>
    public string KeyId { get; set; }

    /// <summary>How many of its shards take records.</summary>
    public int? OpenShardCount { get; set; }

    /// <summary>How long it keeps a record, in hours.</summary>
    public int? RetentionPeriodHours { get; set; }

    /// <summary>Its ARN.</summary>
    public string StreamARN { get; set; }

    /// <summary>When it was made, to the second, in UTC.</summary>
    public DateTime? StreamCreationTimestamp { get; set; }

    /// <summary>Provisioned or on demand.</summary>
    public StreamModeDetails StreamModeDetails { get; set; }

    /// <summary>Its name.</summary>
    public string StreamName { get; set; }

    /// <summary>What may be done with it.</summary>
    public StreamStatus StreamStatus { get; set; }
}
