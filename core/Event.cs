using System.Runtime.CompilerServices;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// An event on the bytes it came as: a CloudEvent 1.0 in structured JSON, its known attributes found in one pass.
/// </summary>
/// <remarks>
/// A value that borrows its record's bytes: reading it allocates nothing, and it is good as long as those bytes are.
/// </remarks>
public readonly partial struct Event
{
    private readonly Record _record;
    private readonly int _start;
    private readonly int _length;
    private readonly long _utcTicks;
    private readonly AttributeTable _table;

    private Event(in Record record, JsonSlice json, in AttributeTable table, long utcTicks)
    {
        _record = record;
        _start = json.Start;
        _length = json.Length;
        _table = table;
        _utcTicks = utcTicks;
    }

    /// <summary>The record that carried it.</summary>
    public Record Record => _record;

    /// <summary>The JSON text: the record's data without white space around the document.</summary>
    public ReadOnlySpan<byte> Json => _record.Data.Span.Slice(_start, _length);

    /// <summary>When the event was observed, as UTC; meaningful when the event was read without errors.</summary>
    public DateTimeOffset Time => new(_utcTicks, TimeSpan.Zero);

    /// <summary>Whether the time was readable, which a flawed event may still have.</summary>
    public bool HasTime => _utcTicks != 0;

    /// <summary>Whether the attribute is there (JSON null counts as there).</summary>
    public bool Has(EventAttribute attribute) => _table[(int)attribute].Length > 0;

    /// <summary>Where the attribute's value lies in <see cref="Json"/>; length 0 when it is missing.</summary>
    public JsonSlice SliceOf(EventAttribute attribute) => _table[(int)attribute];

    /// <summary>The attribute's value as JSON (a string with its quotes); empty when it is missing.</summary>
    public ReadOnlySpan<byte> Raw(EventAttribute attribute)
    {
        var slice = _table[(int)attribute];
        return _record.Data.Span.Slice(_start + slice.Start, slice.Length);
    }

    /// <summary>The attribute's string value, unescaped; null when it is missing or not a string.</summary>
    public string? Text(EventAttribute attribute) =>
        JsonText.TryContent(Raw(attribute), out var content) ? JsonText.ToText(content) : null;

    /// <summary>
    /// The attribute's string value, UTF-8, unescaped, without an allocation: a slice of the event when nothing in it
    /// is
    /// escaped, else a copy in the buffer.
    /// </summary>
    /// <returns>False when it is missing, is not a string, or is escaped and longer than the buffer.</returns>
    public bool TryGetUtf8(EventAttribute attribute, Span<byte> buffer, out ReadOnlySpan<byte> value)
    {
        if (!JsonText.TryContent(Raw(attribute), out value))
        {
            return false;
        }
        if (!value.Contains((byte)'\\'))
        {
            return true;
        }
        if (value.Length > buffer.Length)
        {
            value = default;
            return false;
        }
        value = buffer[..JsonText.Unescape(value, buffer)];
        return true;
    }

    /// <summary>
    /// The attribute's string value, UTF-8, unescaped, of any length; empty when it is missing or not a string.
    /// Dispose the answer.
    /// </summary>
    public DecodedText Decode(EventAttribute attribute, Span<byte> buffer) =>
        JsonText.TryContent(Raw(attribute), out var content) ? JsonText.Decode(content, buffer) : default;

    [InlineArray(EventAttributes.Count)]
    internal struct AttributeTable
    {
        private JsonSlice _first;
    }
}
