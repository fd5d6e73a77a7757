using Amazon.Runtime;

namespace Amazon.Kinesis;

/// <summary>How a stream's capacity is set.</summary>
/// <param name="value">The service's word for it; also one that this version does not know.</param>
public class StreamMode(string value) : ConstantClass(value)
{
    /// <summary>By the service, as it is needed.</summary>
    public static readonly StreamMode ON_DEMAND = new("ON_DEMAND");

    /// <summary>By the number of shards.</summary>
    public static readonly StreamMode PROVISIONED = new("PROVISIONED");

    /// <summary>The constant of that value; a new one when none has it.</summary>
    public static StreamMode FindValue(string value) => FindValue<StreamMode>(value);

    /// <summary>The constant of that value; a new one when none has it.</summary>
    public static implicit operator StreamMode(string value) => FindValue(value);
}
