using Amazon.Runtime;

namespace Amazon.Kinesis;

/// <summary>Whether a consumer can read.</summary>
/// <param name="value">The service's word for it; also one that this version does not know.</param>
public class ConsumerStatus(string value) : ConstantClass(value)
{
    /// <summary>It can.</summary>
    public static readonly ConsumerStatus ACTIVE = new("ACTIVE");

    /// <summary>Not yet.</summary>
    public static readonly ConsumerStatus CREATING = new("CREATING");

    /// <summary>No longer.</summary>
    public static readonly ConsumerStatus DELETING = new("DELETING");

    /// <summary>The constant of that value; a new one when none has it.</summary>
    public static ConsumerStatus FindValue(string value) => FindValue<ConsumerStatus>(value);

    /// <summary>The constant of that value; a new one when none has it.</summary>
    public static implicit operator ConsumerStatus(string value) => FindValue(value);
}
