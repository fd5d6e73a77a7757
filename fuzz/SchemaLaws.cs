using System.Text.Json;
using Pipeline.Core;

namespace Pipeline.Fuzz;

/// <summary>
/// A schema is refused with its file or compiled; a compiled one judges any JSON, and its errors agree with its
/// verdict.
/// </summary>
internal static class SchemaLaws
{
    private const string File = "fuzz.schema.json";

    private static readonly Lazy<IReadOnlyList<EventSchema>> Shipped =
        new(() => [.. Corpus.Schemas().Select(schema => EventSchema.Compile(File, schema))]);

    private static readonly Lazy<IReadOnlyList<byte[]>> SomeData = new(() => [.. Corpus.Data().Take(8)]);

    public static void Try(byte[] input)
    {
        EventSchema schema;
        try
        {
            schema = EventSchema.Compile(File, input);
        }
        catch (ConfigurationException refusal)
        {
            LawException.Unless(
                refusal.Message.Contains(File, StringComparison.Ordinal), "A refusal names the file.");
            return;
        }
        foreach (var data in SomeData.Value)
        {
            Judge(schema, data);
        }
    }

    /// <summary>Any JSON against the shipped schemas.</summary>
    public static void TryData(byte[] input)
    {
        // Validation is of what was read as an event's data.
        var before =
            """{"specversion":"1.0","id":"1","source":"/s","type":"t","time":"2026-01-05T08:00:00Z","data":"""u8;
        byte[] whole = [.. before, .. input, (byte)'}'];
        if (!LawException.TryEvent(whole, out var @event))
        {
            return;
        }
        foreach (var schema in Shipped.Value)
        {
            Judge(schema, @event.Raw(EventAttribute.Data));
        }
    }

    private static void Judge(EventSchema schema, ReadOnlySpan<byte> data)
    {
        var errors = new EventErrors();
        schema.Validate(data, "/data", errors);
        LawException.Unless(
            schema.IsValid(data) == (errors.Count == 0), "Data is valid exactly when there is no error to tell.");
        foreach (var (pointer, message) in errors)
        {
            LawException.Unless(
                pointer.StartsWith("/data", StringComparison.Ordinal) && message.Length > 0,
                "An error says where and what.");
        }
        if (errors.Count == 0)
        {
            var deep = new JsonDocumentOptions { MaxDepth = 2 * Limits.EventDepthMax };
            JsonDocument.Parse(data.ToArray(), deep).Dispose();
        }
    }
}
