using Pipeline.Core;
using Pipeline.Engine.Accounting;

namespace Pipeline.Engine.Simulation;

/// <summary>Reads which deliveries a record of a pipe carries, by what Validate stamped on them.</summary>
internal sealed class PositionReader
{
    private readonly PackReader _packs = new();
    private readonly EventErrors _errors = new();
    private readonly byte[] _text = new byte[Position.TextBytesMax];

    /// <summary>How many events a record holds.</summary>
    public int Count(ReadOnlySpan<byte> blob) => _packs.Read(blob) == BlobKind.Pack ? _packs.Slices.Length : 1;

    /// <summary>The events of a record, in their order.</summary>
    public List<ReadOnlyMemory<byte>> Events(ReadOnlyMemory<byte> blob)
    {
        var events = new List<ReadOnlyMemory<byte>>();
        if (_packs.Read(blob.Span) != BlobKind.Pack)
        {
            events.Add(blob);
            return events;
        }
        foreach (var slice in _packs.Slices)
        {
            events.Add(blob.Slice(slice.DataStart, slice.DataLength));
        }
        return events;
    }

    /// <summary>The delivery that an event behind Validate is.</summary>
    /// <exception cref="BrokenLawException">It does not say.</exception>
    public RawPosition Read(ReadOnlyMemory<byte> json)
    {
        _errors.Clear();
        var flaw = Event.Read(new Record(json, default, default, default), _errors, out var @event);
        return flaw is (null or RejectReason.InvalidEvent)
            && @event.TryGetUtf8(EventAttribute.RawPosition, _text, out var text)
            && RawPosition.TryParse(text, out var position)
                ? position
                : throw new BrokenLawException(
                    "Every event behind Validate says which delivery it is.", "One has no rawposition.");
    }
}
