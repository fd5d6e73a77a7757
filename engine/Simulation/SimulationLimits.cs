namespace Pipeline.Engine.Simulation;

/// <summary>
/// Makes what a seed draws smaller: how a failure is shrunk, and how its shrunk form is played again.
/// </summary>
/// <remarks>A limit takes away and changes nothing else that the seed draws.</remarks>
/// <param name="Events">Most lines; null for what the seed draws.</param>
/// <param name="Shards">Most shards of a stream; null for what the seed draws.</param>
/// <param name="Without">Kinds of faults that are off, in the order of <see cref="FaultKind"/>.</param>
public sealed record SimulationLimits(int? Events, int? Shards, IReadOnlyList<FaultKind> Without)
{
    /// <summary>Everything as the seed draws it.</summary>
    public static SimulationLimits None { get; } = new(null, null, []);
}
