using System.Buffers;
using System.Text.Json;
using Pipeline.Core;

namespace Pipeline.Functions.Adapters;

/// <summary>Log lines: one JSON object each. They never hold event data.</summary>
public static class Log
{
    /// <summary>The member that holds the sentence.</summary>
    public const string Message = "message";

    /// <summary>Writes one sentence.</summary>
    public static void Write(IOutputPort output, string message)
    {
        var line = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString(Message, message);
            json.WriteEndObject();
        }
        output.WriteLine(line.WrittenSpan);
    }
}
