using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Cli.Invoke;

/// <summary>Writes what an invocation answered and did as one JSON object.</summary>
internal static class InvocationJson
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    private static readonly JsonWriterOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        NewLine = "\n",
    };

    public static void Write(InvocationReport report, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, s_options))
        {
            json.WriteStartObject();
            json.WriteString("function", report.Function);
            WriteDocument(json, report.Result.Succeeded ? "response" : "error", report.Result.Response.Span);
            json.WritePropertyName("metrics");
            JsonSerializer.Serialize(json, report.Metrics);
            WriteStreams(json, report);
            WriteQueues(json, report);
            json.WriteStartArray("objects");
            foreach (var (key, body) in report.Objects)
            {
                json.WriteStartObject();
                json.WriteString("key", key);
                json.WriteNumber("bytes", body.Length);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("badRows");
            foreach (var row in report.BadRows())
            {
                row.WriteTo(json);
            }
            json.WriteEndArray();
            json.WriteStartArray("said");
            foreach (var sentence in report.Sentences)
            {
                json.WriteStringValue(sentence);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    private static void WriteStreams(Utf8JsonWriter json, InvocationReport report)
    {
        json.WriteStartObject("streams");
        foreach (var (stream, records) in report.Streams)
        {
            json.WriteStartArray(stream);
            foreach (var record in records)
            {
                json.WriteStartObject();
                json.WriteString("shardId", record.ShardId);
                json.WriteString("sequenceNumber", record.SequenceNumber);
                json.WriteString("partitionKey", record.PartitionKey);
                json.WriteStartArray("events");
                foreach (var (key, data) in record.Events)
                {
                    json.WriteStartObject();
                    json.WriteString("partitionKey", key);
                    WriteDocument(json, "data", data.Span);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteQueues(Utf8JsonWriter json, InvocationReport report)
    {
        json.WriteStartObject("queues");
        foreach (var (queue, bodies) in report.Queues)
        {
            json.WriteStartArray(queue);
            foreach (var body in bodies)
            {
                json.WriteStartObject();
                WriteDocument(json, "body", Encoding.UTF8.GetBytes(body));
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>Bytes as the JSON they are, else as text, else as base64.</summary>
    private static void WriteDocument(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = s_strict.GetString(bytes);
            try
            {
                using var document = JsonDocument.Parse(text);
                json.WritePropertyName(name);
                document.RootElement.WriteTo(json);
            }
            catch (JsonException)
            {
                json.WriteString(name, text);
            }
        }
        catch (DecoderFallbackException)
        {
            json.WriteBase64String(name, bytes);
        }
    }
}
