using Amazon.Runtime;

namespace Amazon.Kinesis;

/// <summary>What may be done with a stream.</summary>
/// <param name="value">The service's word for it; also one that this version does not know.</param>
public class StreamStatus(string value) : ConstantClass(value)
{
    /// <summary>Everything.</summary>
    public static readonly StreamStatus ACTIVE = new("ACTIVE");

    /// <summary>Nothing yet.</summary>
    public static readonly StreamStatus CREATING = new("CREATING");

    /// <summary>Nothing any more.</summary>
    public static readonly StreamStatus DELETING = new("DELETING");

    /// <summary>Reading and writing, but no change.</summary>
    public static readonly StreamStatus UPDATING = new("UPDATING");

    /// <summary>The constant of that value; a new one when none has it.</summary>
    public static StreamStatus FindValue(string value) => FindValue<StreamStatus>(value);

    /// <summary>The constant of that value; a new one when none has it.</summary>
    public static implicit operator StreamStatus(string value) => FindValue(value);
}
