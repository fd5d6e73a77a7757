using Pipeline.Core;

namespace Pipeline.Engine.Accounting;

/// <summary>Finds the raw position of a stored event and notes where it was seen; for one thread each.</summary>
internal sealed class EventMarks(Ledger ledger, IdentityCount identities)
{
    private readonly EventErrors _errors = new();
    private readonly byte[] _text = new byte[Position.TextBytesMax];
    private readonly byte[] _key = new byte[PartitionKeyRule.KeyBytesMax];
    private byte[] _identity = new byte[4096];

    /// <summary>Notes an event that was stamped with its position; one that was not is passed over.</summary>
    public void Mark(ReadOnlyMemory<byte> json, Seen seen)
    {
        _errors.Clear();
        var flaw = Event.Read(new Record(json, default, default, default), _errors, out var @event);
        if (flaw is null or RejectReason.InvalidEvent
            && @event.TryGetUtf8(EventAttribute.RawPosition, _text, out var text)
            && MarkText(text, seen) && seen == Seen.Archived)
        {
            CountIdentity(@event);
        }
    }

    /// <summary>Notes a position of the raw stream.</summary>
    public void Mark(in Position position, Seen seen) => MarkText(_text.AsSpan(0, position.Format(_text)), seen);

    /// <summary>Notes a position that is given as text; true when it was not seen there before.</summary>
    public bool MarkText(ReadOnlySpan<byte> text, Seen seen) =>
        RawPosition.TryParse(text, out var position) && ledger.Mark(position, seen);

    /// <summary>
    /// Notes the identity of an event: the producers' partition key, its source, its id. One that was keyed by the hash
    /// of its line has no other key to tell: what was stamped on it since changed the line.
    /// </summary>
    private void CountIdentity(in Event @event)
    {
        var key = PartitionKeyRule.TryWriteNamed(@event, _key, out var written) ? _key.AsSpan(0, written) : default;
        var source = @event.Raw(EventAttribute.Source);
        var id = @event.Raw(EventAttribute.Id);
        var length = key.Length + 1 + source.Length + 1 + id.Length;
        if (_identity.Length < length)
        {
            _identity = new byte[2 * length];
        }
        key.CopyTo(_identity);
        _identity[key.Length] = 0;
        source.CopyTo(_identity.AsSpan(key.Length + 1));
        _identity[key.Length + 1 + source.Length] = 0;
        id.CopyTo(_identity.AsSpan(key.Length + 2 + source.Length));
        identities.Add(_identity.AsSpan(0, length));
    }
}
