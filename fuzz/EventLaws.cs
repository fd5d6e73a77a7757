using System.Buffers;
using System.Text.Json;
using Pipeline.Core;

namespace Pipeline.Fuzz;

/// <summary>What is read as an event is JSON to others too, and still is when attributes were set on it.</summary>
internal static class EventLaws
{
    public static void Try(byte[] input)
    {
        if (!LawException.TryEvent(input, out var @event))
        {
            return;
        }
        LawException.Unless(IsObject(@event.Json), "An event is a JSON object to System.Text.Json too.");
        var edits = default(AttributeEdits);
        edits.Set(EventAttribute.GeoCountry, "PT"u8.ToArray());
        edits.Unset(EventAttribute.RawPosition);
        var output = new ArrayBufferWriter<byte>();
        EventWriter.Write(@event, edits, output);
        LawException.Unless(
            LawException.TryEvent(output.WrittenSpan.ToArray(), out var edited), "An edited event is an event.");
        LawException.Unless(edited.Text(EventAttribute.GeoCountry) == "PT", "What was set is there.");
        LawException.Unless(edited.Text(EventAttribute.Id) == @event.Text(EventAttribute.Id), "The rest is as it was.");
        LawException.Unless(edited.Time == @event.Time, "The time is as it was.");
        LawException.Unless(
            edited.Raw(EventAttribute.Data).SequenceEqual(@event.Raw(EventAttribute.Data)), "Data is as it was.");
    }

    private static bool IsObject(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Limits.EventDepthMax + 1 });
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object && reader.BytesConsumed == json.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
