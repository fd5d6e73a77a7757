using Pipeline.Engine.Accounting;

namespace Pipeline.Engine.Simulation;

/// <summary>Every delivery into the raw stream: its place in the order of arrival, and whether it ended.</summary>
internal sealed class Deliveries
{
    private readonly Dictionary<RawPosition, int> _arrivals = [];
    private readonly HashSet<RawPosition> _ended = [];

    /// <summary>How many have arrived.</summary>
    public int Count => _arrivals.Count;

    /// <summary>A delivery has arrived, after all before.</summary>
    public void Arrive(RawPosition position) => _arrivals.Add(position, _arrivals.Count);

    /// <summary>A delivery lies among the bad rows or the dead letters.</summary>
    public void End(RawPosition position) => _ended.Add(position);

    /// <summary>Whether it was rejected or given up; copies of it that come later keep no order.</summary>
    public bool HasEnded(RawPosition position) => _ended.Contains(position);

    /// <summary>Its place in the order of arrival, across all shards.</summary>
    /// <exception cref="BrokenLawException">Nothing like it has arrived.</exception>
    public int ArrivalOf(RawPosition position) =>
        _arrivals.TryGetValue(position, out var arrival)
            ? arrival
            : throw new BrokenLawException("What is in the pipes came in.", $"{position} never did.");
}
