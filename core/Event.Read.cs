using System.Globalization;
using System.Runtime.CompilerServices;
using Pipeline.Core.Json;

namespace Pipeline.Core;

public readonly partial struct Event
{
    private const int TimeBytesMax = 64;
    private const string TimeAllowed = "an RFC 3339 timestamp with an offset, such as \"2026-01-31T12:00:00Z\"";

    /// <summary>Reads an event; null when all is well, else why not.</summary>
    /// <param name="errors">
    /// Takes every error found: one for bytes that are no JSON text, all for names and attributes.
    /// </param>
    /// <param name="event">
    /// The event; after <see cref="RejectReason.InvalidEvent"/> with the attributes that are there, after any other
    /// reason
    /// with none.
    /// </param>
    [SkipLocalsInit]
    public static RejectReason? Read(in Record record, EventErrors errors, out Event @event)
    {
        var data = record.Data.Span;
        var json = Trim(data);
        var text = data.Slice(json.Start, json.Length);
        var table = default(AttributeTable);
        Span<int> duplicates = stackalloc int[Limits.ErrorsPerRowMax];
        var fault = JsonScanner.Scan(text, table, duplicates, out var duplicateCount);
        var reason = ReasonOf(fault.Kind, duplicateCount);
        if (reason is null && text[0] == '{')
        {
            var isWell = CheckAttributes(text, table, errors, out var utcTicks);
            @event = new Event(record, json, table, utcTicks);
            return isWell ? null : RejectReason.InvalidEvent;
        }
        @event = new Event(record, json, default, 0);
        if (fault.Kind != JsonFaultKind.None)
        {
            errors.Add("", fault.Describe(text, json.Start));
        }
        else if (duplicateCount > 0)
        {
            AddDuplicates(text, json.Start, duplicates[..duplicateCount], errors);
        }
        else
        {
            errors.Add("", string.Create(
                CultureInfo.InvariantCulture,
                $"expected an object at byte {json.Start}, found {JsonText.Excerpt(text)}"));
        }
        return reason ?? RejectReason.InvalidJson;
    }

    /// <summary>
    /// The known top-level attributes of a text, when it is an object without faults and duplicate names.
    /// </summary>
    internal static bool TryScan(ReadOnlySpan<byte> data, ref AttributeTable table, out ReadOnlySpan<byte> text)
    {
        var json = Trim(data);
        text = data.Slice(json.Start, json.Length);
        Span<int> duplicates = stackalloc int[1];
        var fault = JsonScanner.Scan(text, table, duplicates, out var duplicateCount);
        return fault.Kind == JsonFaultKind.None && duplicateCount == 0 && text[0] == '{';
    }

    private static JsonSlice Trim(ReadOnlySpan<byte> data)
    {
        var start = JsonScanner.CountSpace(data);
        var end = data.Length;
        while (end > start && data[end - 1] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            end--;
        }
        return new JsonSlice(start, end - start);
    }

    private static RejectReason? ReasonOf(JsonFaultKind fault, int duplicates) => fault switch
    {
        JsonFaultKind.None => duplicates > 0 ? RejectReason.DuplicateName : null,
        JsonFaultKind.InvalidUtf8 => RejectReason.InvalidUtf8,
        JsonFaultKind.TooDeep => RejectReason.TooDeep,
        _ => RejectReason.InvalidJson,
    };

    private static void AddDuplicates(ReadOnlySpan<byte> text, int skipped, Span<int> duplicates, EventErrors errors)
    {
        duplicates.Sort();
        foreach (var at in duplicates)
        {
            var name = text[at..(JsonWalk.SkipString(text, at - 1) - 1)];
            errors.Add(JsonPointer.To(text, at), string.Create(
                CultureInfo.InvariantCulture,
                $"the object has a member named \"{JsonText.Excerpt(name)}\" already, again at byte {at + skipped}"));
        }
    }

    private static bool CheckAttributes(
        ReadOnlySpan<byte> text, in AttributeTable table, EventErrors errors, out long utcTicks)
    {
        var isWell = Slice(text, table, EventAttribute.SpecVersion).SequenceEqual("\"1.0\""u8)
            || CheckSpecVersion(Slice(text, table, EventAttribute.SpecVersion), errors);
        isWell &= CheckText("/id", Slice(text, table, EventAttribute.Id), errors);
        isWell &= CheckText("/source", Slice(text, table, EventAttribute.Source), errors);
        isWell &= CheckText("/type", Slice(text, table, EventAttribute.Type), errors);
        isWell &= CheckTime(Slice(text, table, EventAttribute.Time), errors, out utcTicks);
        var data = Slice(text, table, EventAttribute.Data);
        return ((!data.IsEmpty && data[0] == '{') || Wrong("/data", "an object", data, errors)) && isWell;
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> text, in AttributeTable table, EventAttribute attribute)
    {
        var slice = table[(int)attribute];
        return text.Slice(slice.Start, slice.Length);
    }

    private static bool CheckSpecVersion(ReadOnlySpan<byte> value, EventErrors errors) =>
        (JsonText.TryContent(value, out var content) && JsonText.AreEqual(content, "1.0"u8))
        || Wrong("/specversion", "the string \"1.0\"", value, errors);

    private static bool CheckText(string pointer, ReadOnlySpan<byte> value, EventErrors errors) =>
        (value.Length > 2 && value[0] == '"') || Wrong(pointer, "a string that is not empty", value, errors);

    private static bool CheckTime(ReadOnlySpan<byte> value, EventErrors errors, out long utcTicks)
    {
        utcTicks = 0;
        var status = Rfc3339Status.Malformed;
        if (JsonText.TryContent(value, out var content))
        {
            using var decoded = JsonText.Decode(content, stackalloc byte[TimeBytesMax]);
            status = Rfc3339.Parse(decoded.Span, out utcTicks);
        }
        return status switch
        {
            Rfc3339Status.Read => true,
            Rfc3339Status.OutOfRange => Wrong("/time", "from year 1 to 9999 in UTC", value, errors),
            _ => Wrong("/time", TimeAllowed, value, errors),
        };
    }

    private static bool Wrong(string pointer, string allowed, ReadOnlySpan<byte> value, EventErrors errors)
    {
        errors.Add(pointer, value.IsEmpty
            ? $"missing; it must be {allowed}"
            : $"must be {allowed}, found {JsonText.Excerpt(value)}");
        return false;
    }
}
