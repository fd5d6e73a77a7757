using System.Buffers;

namespace Pipeline.Core;

/// <summary>An event on the bytes it came as: a CloudEvent 1.0 in structured JSON, its known attributes found in one pass.</summary>
public readonly struct Event
{
    /// <summary>The record that carried it.</summary>
    public Record Record => throw new NotSupportedException();

    /// <summary>The JSON text: the record's data without white space around the document.</summary>
    public ReadOnlySpan<byte> Json => throw new NotSupportedException();

    /// <summary>When the event was observed; meaningful when the event was read without errors.</summary>
    public DateTimeOffset Time => throw new NotSupportedException();

    /// <summary>Reads an event; null when all is well, else why not, with every error found.</summary>
    public static RejectReason? Read(in Record record, EventErrors errors, out Event @event) => throw new NotSupportedException();

    /// <summary>Whether the attribute is there (JSON null counts as there).</summary>
    public bool Has(EventAttribute attribute) => throw new NotSupportedException();

    /// <summary>The attribute's value as JSON (a string with its quotes); empty when it is missing.</summary>
    public ReadOnlySpan<byte> Raw(EventAttribute attribute) => throw new NotSupportedException();

    /// <summary>The attribute's string value, unescaped; null when it is missing or not a string.</summary>
    public string? Text(EventAttribute attribute) => throw new NotSupportedException();
}

/// <summary>Writes events.</summary>
public static class EventWriter
{
    /// <summary>Writes the event with its edits spliced in.</summary>
    public static void Write(in Event @event, in AttributeEdits edits, IBufferWriter<byte> output) => throw new NotSupportedException();
}
