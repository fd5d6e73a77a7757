using Amazon.Runtime;

namespace Amazon.Kinesis;

/// <summary>How the number of shards is changed.</summary>
/// <param name="value">The service's word for it; also one that this version does not know.</param>
public class ScalingType(string value) : ConstantClass(value)
{
    /// <summary>So that all have the same share of the hash keys.</summary>
    public static readonly ScalingType UNIFORM_SCALING = new("UNIFORM_SCALING");

    /// <summary>The constant of that value; a new one when none has it.</summary>
    public static ScalingType FindValue(string value) => FindValue<ScalingType>(value);

    /// <summary>The constant of that value; a new one when none has it.</summary>
    public static implicit operator ScalingType(string value) => FindValue(value);
}
