namespace Amazon.Kinesis.Model;

/// <summary>Registers a consumer for enhanced fan-out.</summary>
public partial class RegisterStreamConsumerRequest : AmazonKinesisRequest
{
    /// <summary>Its name, one of its kind on the stream.</summary>
    public string ConsumerName { get; set; }

    /// <summary>The stream's ARN.</summary>
    public string StreamARN { get; set; }
}
