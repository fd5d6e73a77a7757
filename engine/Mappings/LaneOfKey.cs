namespace Pipeline.Engine.Mappings;

/// <summary>Which lane of a shard a partition key belongs to, when several batches of it may be under way.</summary>
/// <remarks>
/// AWS publishes only that a key is in one lane; FNV-1a of the key's UTF-8, its halves folded, modulo the factor is our
/// choice.
/// </remarks>
public static class LaneOfKey
{
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>The lane, from 0 to <paramref name="lanes"/> - 1.</summary>
    public static int Of(ReadOnlySpan<byte> partitionKey, int lanes)
    {
        if (lanes == 1)
        {
            return 0;
        }
        var hash = OffsetBasis;
        foreach (var unit in partitionKey)
        {
            hash = (hash ^ unit) * Prime;
        }
        return (int)((uint)(hash ^ (hash >> 32)) % (uint)lanes);
    }
}
