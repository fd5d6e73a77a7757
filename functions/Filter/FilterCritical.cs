using Pipeline.Core;

namespace Pipeline.Functions.Filter;

/// <summary>Keeps the events that someone must act on.</summary>
/// <remarks>
/// In: <c>enriched</c>. Out: <c>critical</c>. Order: kept per partition key. Delivery: at least once; a second delivery
/// is emitted again. Drops: <see cref="DropReason.NotCritical"/>. Rejects: nothing. Faults: none of its own.
/// </remarks>
public sealed class FilterCritical(PatternSet critical) : IFilter
{
    private readonly bool[] _matches = new bool[critical.Count];

    public Outcome Apply(in Event @event)
    {
        critical.Match(@event, _matches);
        return _matches.Contains(true) ? Outcome.Emit(@event) : Outcome.Drop(DropReason.NotCritical);
    }
}
