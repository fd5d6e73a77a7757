using Pipeline.Core;

namespace Pipeline.Functions.Enrich;

/// <summary>
/// Says where an event's address is, whether it was blocked on arrival, and under which date the event is archived.
/// </summary>
/// <remarks>
/// In: <c>validated</c>. Out: <c>enriched</c>. Order: kept per partition key. Delivery: at least once; a second
/// delivery is emitted again and archived as a copy, told by its <c>rawposition</c>. Drops: nothing. Rejects: nothing
/// that Validate let pass; an address that is missing, malformed, private or reserved gets no country. Faults: none of
/// its own; what it looks up is brought up to date before the batch.
/// </remarks>
public sealed class EnrichEvent(DataPath ip, ICountries countries, IBlockList blockList) : IFilter
{
    private readonly ArchiveDate _archiveDate = new();

    public Outcome Apply(in Event @event)
    {
        var edits = default(AttributeEdits);
        var hasAddress = ip.TryFind(@event, out var address);
        if (hasAddress && countries.TryFind(address, out var country))
        {
            edits.Set(EventAttribute.GeoCountry, country);
        }
        else
        {
            // A producer's own word would pass for a finding.
            edits.Unset(EventAttribute.GeoCountry);
        }
        if (hasAddress && blockList.IsBlocked(address, @event.Record.ArrivedAt))
        {
            edits.SetTrue(EventAttribute.Blocked);
        }
        else
        {
            edits.Unset(EventAttribute.Blocked);
        }
        edits.Set(EventAttribute.EventDate, _archiveDate.Of(@event.Time, @event.Record.ArrivedAt));
        return Outcome.Emit(@event, edits);
    }
}
