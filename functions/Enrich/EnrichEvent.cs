using Pipeline.Core;

namespace Pipeline.Functions.Enrich;

/// <summary>Says where an event's address is, and under which date it is archived.</summary>
/// <remarks>
/// In: <c>validated</c>. Out: <c>enriched</c>. Order: kept per partition key. Delivery: at least once; a second
/// delivery is emitted again and archived as a copy, told by its <c>rawposition</c>. Drops: nothing. Rejects: nothing
/// that Validate let pass; an address that is missing, malformed, private or reserved gets no country. Faults: none of
/// its own.
/// </remarks>
public sealed class EnrichEvent(DataPath ip, ICountries countries) : IFilter
{
    private readonly ArchiveDate _archiveDate = new();

    public Outcome Apply(in Event @event)
    {
        var edits = default(AttributeEdits);
        if (ip.TryFind(@event, out var address) && countries.TryFind(address, out var country))
        {
            edits.Set(EventAttribute.GeoCountry, country);
        }
        else
        {
            // A producer's own word would pass for a finding.
            edits.Unset(EventAttribute.GeoCountry);
        }
        edits.Set(EventAttribute.EventDate, _archiveDate.Of(@event.Time, @event.Record.ArrivedAt));
        return Outcome.Emit(@event, edits);
    }
}
