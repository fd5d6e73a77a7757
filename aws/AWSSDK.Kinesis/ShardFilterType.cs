using Amazon.Runtime;

namespace Amazon.Kinesis;

/// <summary>Which shards ListShards answers.</summary>
/// <param name="value">The service's word for it; also one that this version does not know.</param>
public class ShardFilterType(string value) : ConstantClass(value)
{
    /// <summary>Those after the shard given.</summary>
    public static readonly ShardFilterType AFTER_SHARD_ID = new("AFTER_SHARD_ID");

    /// <summary>Those open now.</summary>
    public static readonly ShardFilterType AT_LATEST = new("AT_LATEST");

    /// <summary>Those open at the moment given.</summary>
    public static readonly ShardFilterType AT_TIMESTAMP = new("AT_TIMESTAMP");

    /// <summary>Those open at the trim horizon.</summary>
    public static readonly ShardFilterType AT_TRIM_HORIZON = new("AT_TRIM_HORIZON");

    /// <summary>Those open at the moment given or later.</summary>
    public static readonly ShardFilterType FROM_TIMESTAMP = new("FROM_TIMESTAMP");

    /// <summary>All that hold records yet.</summary>
    public static readonly ShardFilterType FROM_TRIM_HORIZON = new("FROM_TRIM_HORIZON");

    /// <summary>The constant of that value; a new one when none has it.</summary>
    public static ShardFilterType FindValue(string value) => FindValue<ShardFilterType>(value);

    /// <summary>The constant of that value; a new one when none has it.</summary>
    public static implicit operator ShardFilterType(string value) => FindValue(value);
}
