namespace Pipeline.Engine.Streams;

/// <summary>
/// How UpdateShardCount comes to equal ranges: first splits at every border there is to be, then merges of what lies
/// between two borders. Shards that are right already stay.
/// </summary>
internal static class UniformScaling
{
    /// <summary>What can be done at once; empty when the ranges are as they are to be.</summary>
    /// <param name="open">The open shards, ascending by range.</param>
    public static IReadOnlyList<Replacement> NextRound(IReadOnlyList<Shard> open, int count)
    {
        var splits = Splits(open, count);
        return splits.Count > 0 ? splits : Merges(open, count);
    }

    /// <summary>Each shard that lies across borders is split at the middle one.</summary>
    private static List<Replacement> Splits(IReadOnlyList<Shard> open, int count)
    {
        var splits = new List<Replacement>();
        foreach (var shard in open)
        {
            var (first, last) = (TargetOf(shard.Range.First, count), TargetOf(shard.Range.Last, count));
            if (first < last)
            {
                var border = HashRange.Of((first + last + 1) / 2, count).First;
                splits.Add(new Replacement(
                    [shard], [new(shard.Range.First, border - 1), new(border, shard.Range.Last)]));
            }
        }
        return splits;
    }

    /// <summary>Neighbours between two borders are merged in pairs.</summary>
    private static List<Replacement> Merges(IReadOnlyList<Shard> open, int count)
    {
        var merges = new List<Replacement>();
        for (var i = 0; i + 1 < open.Count; i++)
        {
            var (lower, upper) = (open[i], open[i + 1]);
            if (TargetOf(lower.Range.First, count) == TargetOf(upper.Range.First, count))
            {
                merges.Add(new Replacement([lower, upper], [new(lower.Range.First, upper.Range.Last)]));
                i++;
            }
        }
        return merges;
    }

    /// <summary>Which of the equal ranges a hash key is to be in.</summary>
    private static int TargetOf(UInt128 hashKey, int count) =>
        count == 1 ? 0 : (int)UInt128.Min(hashKey / HashRange.Of(1, count).First, (UInt128)(count - 1));
}
