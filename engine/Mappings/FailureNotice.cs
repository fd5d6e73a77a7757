using System.Text.Json;

namespace Pipeline.Engine.Mappings;

/// <summary>
/// What a queue is told of a batch that a mapping gave up: where in a stream it is, and not what it held.
/// </summary>
/// <param name="Condition">Why it was given up.</param>
/// <param name="First">The sequence number of its first record.</param>
/// <param name="Last">That of its last one.</param>
/// <param name="BatchSize">How many records it had.</param>
public sealed record FailureNotice(
    string FunctionArn, string Condition, string StreamArn, string ShardId, string First, string Last, int BatchSize)
{
    private static ReadOnlySpan<byte> Beginning => "{\"requestContext\":{"u8;

    /// <summary>Reads a message's body; null when it is something else.</summary>
    public static FailureNotice? Read(ReadOnlyMemory<byte> body)
    {
        if (!body.Span.StartsWith(Beginning))
        {
            return null;
        }
        try
        {
            using var json = JsonDocument.Parse(body);
            var context = json.RootElement.GetProperty("requestContext");
            var batch = json.RootElement.GetProperty("KinesisBatchInfo");
            return new FailureNotice(
                Text(context, "functionArn"), Text(context, "condition"), Text(batch, "streamArn"),
                Text(batch, "shardId"), Text(batch, "startSequenceNumber"), Text(batch, "endSequenceNumber"),
                batch.GetProperty("batchSize").GetInt32());
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            return null;
        }
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";
}
