using System.Text;
using System.Text.Json;

namespace Pipeline.Tests.Functions;

/// <summary>Events as text, told apart by their ids.</summary>
internal static class EventJson
{
    /// <summary>A good CloudEvent.</summary>
    public static string Of(string id, string data = "{}", string type = "t", string time = "2026-03-01T12:00:00Z") =>
        $$"""{"specversion":"1.0","id":"{{id}}","source":"/s","type":"{{type}}","time":"{{time}}","data":{{data}}}""";

    /// <summary>The same as bytes, with some padding in its data.</summary>
    public static byte[] Bytes(string id, int padding = 0) =>
        Encoding.UTF8.GetBytes(Of(id, padding == 0 ? "{}" : $$"""{"p":"{{new string('x', padding)}}"}"""));

    /// <summary>The event's id.</summary>
    public static string IdOf(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("id").GetString()!;
    }
}
