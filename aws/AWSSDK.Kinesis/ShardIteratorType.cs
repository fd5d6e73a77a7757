using Amazon.Runtime;

namespace Amazon.Kinesis;

/// <summary>Which place in a shard an iterator stands at.</summary>
/// <param name="value">The service's word for it; also one that this version does not know.</param>
public class ShardIteratorType(string value) : ConstantClass(value)
{
    /// <summary>After the record given.</summary>
    public static readonly ShardIteratorType AFTER_SEQUENCE_NUMBER = new("AFTER_SEQUENCE_NUMBER");

    /// <summary>At the record given.</summary>
    public static readonly ShardIteratorType AT_SEQUENCE_NUMBER = new("AT_SEQUENCE_NUMBER");

    /// <summary>At the first record of the moment given, or after it.</summary>
    public static readonly ShardIteratorType AT_TIMESTAMP = new("AT_TIMESTAMP");

    /// <summary>After the newest record.</summary>
    public static readonly ShardIteratorType LATEST = new("LATEST");

    /// <summary>At the oldest record.</summary>
    public static readonly ShardIteratorType TRIM_HORIZON = new("TRIM_HORIZON");

    /// <summary>The constant of that value; a new one when none has it.</summary>
    public static ShardIteratorType FindValue(string value) => FindValue<ShardIteratorType>(value);

    /// <summary>The constant of that value; a new one when none has it.</summary>
    public static implicit operator ShardIteratorType(string value) => FindValue(value);
}
