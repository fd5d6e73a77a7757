using System.Text;
using System.Text.Json;
using Pipeline.Engine.Functions;

namespace Pipeline.Engine.Isolation;

/// <summary>An error as a runtime reports it.</summary>
/// <param name="Document">As it came, if that is JSON.</param>
/// <remarks>Source: "Runtime API", invocation error and initialization error.</remarks>
internal sealed record RuntimeError(string Type, string Message, ReadOnlyMemory<byte> Document)
{
    private const string Unknown = "Runtime.Unknown";

    /// <summary>Reads what was posted.</summary>
    /// <param name="type">The header that names the error's type; null when there is none.</param>
    public static RuntimeError Read(string? type, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var named = Text(root, "errorType");
            return new RuntimeError(named ?? type ?? Unknown, Text(root, "errorMessage") ?? "", body);
        }
        catch (JsonException)
        {
            var text = Encoding.UTF8.GetString(body.Span);
            var written = InvocationResult.Error(type ?? Unknown, text, "");
            return new RuntimeError(type ?? Unknown, text, written.Response);
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
