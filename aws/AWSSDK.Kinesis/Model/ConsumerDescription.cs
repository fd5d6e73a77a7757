namespace Amazon.Kinesis.Model;

/// <summary>A consumer and its stream.</summary>
public partial class ConsumerDescription
{
    /// <summary>Its ARN; another one when it is registered again under the same name.</summary>
    public string ConsumerARN { get; set; }

    /// <summary>When it was registered, in UTC.</summary>
    public DateTime? ConsumerCreationTimestamp { get; set; }

    /// <summary>Its name.</summary>
    public string ConsumerName { get; set; }

    /// <summary>Whether it can read.</summary>
    public ConsumerStatus ConsumerStatus { get; set; }

    /// <summary>The ARN of its stream.</summary>
    public string StreamARN { get; set; }
}
