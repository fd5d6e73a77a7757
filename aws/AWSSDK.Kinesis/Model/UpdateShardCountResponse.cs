using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The stream is UPDATING.</summary>
public partial class UpdateShardCountResponse : AmazonWebServiceResponse
{
    /// <summary>How many shards it has now.</summary>
    public int? CurrentShardCount { get; set; }

    /// <summary>The stream's ARN.</summary>
    public string StreamARN { get; set; }

    /// <summary>The stream's name.</summary>
    public string StreamName { get; set; }

    /// <summary>How many it will have.</summary>
    public int? TargetShardCount { get; set; }
}
