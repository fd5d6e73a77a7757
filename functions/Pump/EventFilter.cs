using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>Reads each record as an event before a filter sees it; one that is none becomes a bad row.</summary>
public sealed class EventFilter(IFilter filter) : IRecordFilter
{
    private readonly EventErrors _errors = new();

    public Outcome Apply(in Record record)
    {
        _errors.Clear();
        return Event.Read(record, _errors, out var @event) is { } reason
            ? Outcome.Reject(new BadRow(record, reason, [.. _errors]))
            : filter.Apply(@event);
    }
}
