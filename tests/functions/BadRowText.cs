using System.Text;
using System.Text.Json;

namespace Pipeline.Tests.Functions;

/// <summary>A bad row as it is stored.</summary>
internal sealed record BadRowText(string Position, string Reason, JsonElement Json)
{
    /// <summary>The original bytes.</summary>
    public byte[] Payload => Json.GetProperty("payload").GetBytesFromBase64();

    /// <summary>All pointers and messages, one a line.</summary>
    public string Errors => string.Join('\n', Json.GetProperty("errors").EnumerateArray().Select(error =>
        $"{error.GetProperty("pointer").GetString()}: {error.GetProperty("message").GetString()}"));

    /// <summary>The rows of an object.</summary>
    public static IReadOnlyList<BadRowText> Rows(ReadOnlySpan<byte> body) =>
        [.. Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    private static BadRowText Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var json = document.RootElement.Clone();
        return new BadRowText(
            json.GetProperty("position").GetString()!, json.GetProperty("reason").GetString()!, json);
    }
}
