namespace Amazon.Kinesis.Model;

/// <summary>Deletes a stream and everything in it.</summary>
public partial class DeleteStreamRequest : AmazonKinesisRequest
{
    /// <summary>Also when consumers are registered on it; otherwise that is an error.</summary>
    public bool? EnforceConsumerDeletion { get; set; }

    /// <summary>The stream's ARN; this, the name, or both.</summary>
    public string StreamARN { get; set; }

    /// <summary>The stream's name, 1 to 128 of <c>A-Za-z0-9_.-</c>; this, the ARN, or both.</summary>
    public string StreamName { get; set; }
}
