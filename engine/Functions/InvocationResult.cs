using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Core;

namespace Pipeline.Engine.Functions;

/// <summary>What became of an invocation: the response's bytes, or an error document and its type.</summary>
/// <param name="WasThrottled">It was refused before the function ran.</param>
public readonly record struct InvocationResult(
    ReadOnlyMemory<byte> Response, string? ErrorType, string RequestId, bool WasThrottled = false)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public bool Succeeded => ErrorType is null;

    /// <summary>An invocation that had no place to run.</summary>
    /// <remarks>Source: Invoke, <c>TooManyRequestsException</c>.</remarks>
    internal static InvocationResult Throttled(string reason, string requestId) => new(
        Document(new JsonObject { ["Reason"] = reason, ["Type"] = "User", ["message"] = "Rate Exceeded." }),
        "TooManyRequestsException", requestId, WasThrottled: true);

    /// <summary>An error that the platform tells of.</summary>
    internal static InvocationResult Error(string type, string message, string requestId) => new(
        Document(new JsonObject { ["errorMessage"] = message, ["errorType"] = type }), type, requestId);

    /// <summary>A response that is larger than a payload may be.</summary>
    internal static InvocationResult TooLarge(long bytes, string requestId) => Error(
        "Function.ResponseSizeTooLarge",
        $"Response payload size ({bytes} bytes) exceeded maximum allowed payload size "
        + $"({Limits.PayloadBytesMax} bytes).",
        requestId);

    /// <summary>An exception as the runtime reports it.</summary>
    /// <remarks>Source: "Runtime API", invocation error and initialization error.</remarks>
    internal static InvocationResult Unhandled(Exception error, string requestId)
    {
        var lines = (error.StackTrace ?? "").Split(
            ['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var type = error.GetType().Name;
        return new InvocationResult(
            Document(new JsonObject
            {
                ["errorMessage"] = error.Message,
                ["errorType"] = type,
                ["stackTrace"] = new JsonArray([.. lines.Select(line => (JsonNode)line)]),
            }),
            type, requestId);
    }

    private static ReadOnlyMemory<byte> Document(JsonObject document) =>
        Encoding.UTF8.GetBytes(document.ToJsonString(s_json));
}
