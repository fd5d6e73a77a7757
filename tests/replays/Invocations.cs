using System.Text.Json.Nodes;
using Xunit;

namespace Pipeline.Tests.Replays;

/// <summary>Runs <c>pipeline invoke</c> and reads what it says.</summary>
internal static class Invocations
{
    /// <summary>Runs the command.</summary>
    /// <param name="input">Standard input.</param>
    public static (int Exit, string Output, string Error) Run(byte[]? input, params string[] arguments) =>
        CommandLine.Run(input ?? [], ["invoke", .. arguments]);

    /// <summary>What an invocation with a committed payload did, as JSON.</summary>
    /// <param name="directory">Its bucket; null for a temporary one.</param>
    public static JsonObject Json(string function, string payload, string? directory = null)
    {
        string[] keep = directory is null ? [] : ["--output", directory];
        var (exit, output, error) = Run(
            null, [function, "--event", Path.Combine(PayloadFiles.Folder, payload), "--json", .. keep]);
        Assert.Equal((0, ""), (exit, error));
        return JsonNode.Parse(output)!.AsObject();
    }

    /// <summary>The events that an invocation put on its streams: partition key and data of each.</summary>
    public static IEnumerable<(string Key, JsonObject Data)> Events(JsonObject invocation) =>
        from stream in invocation["streams"]!.AsObject()
        from record in stream.Value!.AsArray()
        from @event in record!["events"]!.AsArray()
        select ((string)@event!["partitionKey"]!, @event["data"]!.AsObject());
}
