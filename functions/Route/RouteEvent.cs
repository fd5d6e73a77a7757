using Pipeline.Core;

namespace Pipeline.Functions.Route;

/// <summary>Says what is to be done about an event, and how soon: by the first route that takes it.</summary>
/// <remarks>
/// In: <c>critical</c>. Out: <c>commands-high</c>, <c>commands-normal</c>, <c>commands-low</c>. Order: none, as queues
/// keep none. Delivery: at least once; a second delivery asks for the same command, byte for byte, so that whoever
/// carries it out knows it by its id. Drops: <see cref="DropReason.NotRouted"/>. Rejects: nothing; the pump makes an
/// event a bad row when no queue takes its command. Faults: none of its own.
/// </remarks>
public sealed class RouteEvent(IReadOnlyList<CommandRoute> routes) : IFilter
{
    private readonly PatternSet _patterns = PatternSet.Compile(routes.Select(route => route.Match));
    private readonly bool[] _matches = new bool[routes.Count];

    public Outcome Apply(in Event @event)
    {
        _patterns.Match(@event, _matches);
        var first = Array.IndexOf(_matches, true);
        return first < 0
            ? Outcome.Drop(DropReason.NotRouted)
            : Outcome.Request(@event, routes[first].CommandFor(@event));
    }
}
