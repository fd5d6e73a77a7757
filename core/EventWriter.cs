using System.Buffers;
using System.Runtime.CompilerServices;

namespace Pipeline.Core;

/// <summary>Writes events by splicing: every byte that is not edited stays as it came.</summary>
public static class EventWriter
{
    // ,"name":"value"
    private const int PunctuationBytes = 6;

    /// <summary>
    /// Writes the event on one line with its edits spliced in: a known attribute that is there gets the new value in
    /// its
    /// place, one that is missing is added before the closing brace, and LF and CR between tokens become spaces.
    /// </summary>
    /// <param name="event">An event whose JSON could be read; its attributes may be wrong.</param>
    /// <remarks>Setting the same values again changes nothing. Ends without a line feed.</remarks>
    public static void Write(in Event @event, in AttributeEdits edits, IBufferWriter<byte> output)
    {
        var json = @event.Json;
        var target = output.GetSpan(json.Length + BytesMaxOf(edits));
        output.Advance(edits.Count == 0 ? Copy(json, target) : Splice(@event, edits, json, target));
    }

    // Raw line ends cannot lie inside a string, so all of them lie between tokens.
    private static int Copy(ReadOnlySpan<byte> json, Span<byte> target)
    {
        json.CopyTo(target);
        var copied = target[..json.Length];
        if (copied.ContainsAny((byte)'\n', (byte)'\r'))
        {
            copied.Replace((byte)'\n', (byte)' ');
            copied.Replace((byte)'\r', (byte)' ');
        }
        return json.Length;
    }

    [SkipLocalsInit]
    private static int Splice(
        in Event @event, in AttributeEdits edits, ReadOnlySpan<byte> json, Span<byte> target)
    {
        Span<int> order = stackalloc int[AttributeEdits.CountMax];
        order = OrderByPlace(@event, edits, order);
        var done = 0;
        var written = 0;
        foreach (var index in order)
        {
            var edit = edits[index];
            var place = @event.SliceOf(edit.Attribute);
            if (place.Length > 0)
            {
                written += Copy(json[done..place.Start], target[written..]);
                written += WriteValue(edit, target[written..]);
                done = place.Start + place.Length;
            }
        }
        written += Copy(json[done..^1], target[written..]);
        var needsComma = json[..^1].TrimEnd(" \t\r\n"u8).Length > 1;
        foreach (var index in order)
        {
            var edit = edits[index];
            if (!@event.Has(edit.Attribute) && !edit.IsUnset)
            {
                written += WriteMember(edit, needsComma, target[written..]);
                needsComma = true;
            }
        }
        target[written++] = (byte)'}';
        return written;
    }

    // An insertion sort of at most four; those that are missing keep the order they were set in.
    private static Span<int> OrderByPlace(in Event @event, in AttributeEdits edits, Span<int> order)
    {
        for (var index = 0; index < edits.Count; index++)
        {
            var start = @event.SliceOf(edits[index].Attribute).Start;
            var slot = index;
            while (slot > 0 && @event.SliceOf(edits[order[slot - 1]].Attribute).Start > start)
            {
                order[slot] = order[slot - 1];
                slot--;
            }
            order[slot] = index;
        }
        return order[..edits.Count];
    }

    private static int WriteMember(in AttributeEdit edit, bool needsComma, Span<byte> target)
    {
        var written = 0;
        if (needsComma)
        {
            target[written++] = (byte)',';
        }
        target[written++] = (byte)'"';
        var name = edit.Attribute.Name();
        name.CopyTo(target[written..]);
        written += name.Length;
        target[written++] = (byte)'"';
        target[written++] = (byte)':';
        return written + WriteValue(edit, target[written..]);
    }

    private static int WriteValue(in AttributeEdit edit, Span<byte> target)
    {
        if (edit.IsUnset || edit.IsTrue)
        {
            var literal = edit.IsTrue ? "true"u8 : "null"u8;
            literal.CopyTo(target);
            return literal.Length;
        }
        target[0] = (byte)'"';
        var length = edit.Text.Length;
        if (length > 0)
        {
            edit.Text.Span.CopyTo(target[1..]);
        }
        else
        {
            length = edit.Position.Format(target[1..]);
        }
        target[length + 1] = (byte)'"';
        return length + 2;
    }

    private static int BytesMaxOf(in AttributeEdits edits)
    {
        var bytes = 0;
        for (var index = 0; index < edits.Count; index++)
        {
            var edit = edits[index];
            bytes += PunctuationBytes + edit.Attribute.Name().Length
                + Math.Max(edit.Text.Length, edit.Text.IsEmpty ? Position.TextBytesMax : 0);
        }
        return bytes;
    }
}
