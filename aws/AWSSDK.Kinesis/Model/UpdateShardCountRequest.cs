namespace Amazon.Kinesis.Model;

/// <summary>Changes the number of shards; the stream is UPDATING meanwhile.</summary>
public partial class UpdateShardCountRequest : AmazonKinesisRequest
{
    /// <summary>How; there is one way.</summary>
    public ScalingType ScalingType { get; set; }

    /// <summary>The stream's ARN; this, the name, or both.</summary>
    public string StreamARN { get; set; }

    /// <summary>The stream's name, 1 to 128 of <c>A-Za-z0-9_.-</c>; this, the ARN, or both.</summary>
    public string StreamName { get; set; }

    /// <summary>How many then: at most double, at least half of now.</summary>
    public int? TargetShardCount { get; set; }
}
