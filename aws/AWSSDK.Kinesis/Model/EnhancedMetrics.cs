namespace Amazon.Kinesis.Model;

/// <summary>The metrics that a stream has by shard.</summary>
public partial class EnhancedMetrics
{
    /// <summary>Their names.</summary>
    public List<string> ShardLevelMetrics { get; set; }
}
