namespace Pipeline.Engine.Streams;

/// <summary>How shards are changed.</summary>
public enum ReshardOperation
{
    /// <summary>One shard into two.</summary>
    Split,

    /// <summary>Two adjacent shards into one.</summary>
    Merge,

    /// <summary>All shards into a number of equal ones.</summary>
    Scale,
}

/// <summary>A change of a stream's shards during a run.</summary>
/// <param name="At">When, since the run began, by the engine's clock.</param>
/// <param name="Stream">The stream's name, or its name in the template.</param>
public sealed record ReshardStep(TimeSpan At, string Stream, ReshardOperation Operation)
{
    /// <summary>The id of the shard to split, or to merge.</summary>
    public string? Shard { get; init; }

    /// <summary>Where it is split; null for its middle.</summary>
    public UInt128? NewStartingHashKey { get; init; }

    /// <summary>The id of the shard that it is merged with.</summary>
    public string? AdjacentShard { get; init; }

    /// <summary>The number of shards to scale to.</summary>
    public int Count { get; init; }

    public override string ToString() => Operation switch
    {
        ReshardOperation.Split => $"split {Shard} of {Stream}",
        ReshardOperation.Merge => $"merge {Shard} and {AdjacentShard} of {Stream}",
        _ => $"scale {Stream} to {Count}",
    };
}
