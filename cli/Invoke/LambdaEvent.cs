using System.Globalization;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Engine.Feeding;
using Pipeline.Engine.Template;

namespace Pipeline.Cli.Invoke;

/// <summary>A Lambda payload, known to be of the kind that a function takes.</summary>
/// <param name="RecordCount">Records of a stream or messages of a queue.</param>
/// <param name="EventCount">Events in the records, or messages.</param>
/// <param name="At">
/// When it was delivered, as far as it says: the last arrival, or the last receive; the same for every replay.
/// </param>
internal sealed record LambdaEvent(ReadOnlyMemory<byte> Payload, int RecordCount, int EventCount, DateTimeOffset At)
{
    /// <summary>No payload is younger; the clock of the engine counts in the years of Kinesis.</summary>
    private static readonly DateTimeOffset s_latest = new(4000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Judges a payload.</summary>
    /// <param name="name">Where it is from, for messages.</param>
    /// <exception cref="InputException">It is no JSON, or no event of the function's stream or queue.</exception>
    public static LambdaEvent Read(
        string name, ReadOnlyMemory<byte> payload, StackModel stack, FunctionModel function)
    {
        using var document = Parse(name, payload);
        var stream = stack.KinesisMappings.FirstOrDefault(mapping => mapping.Function.LogicalId == function.LogicalId);
        if (stream is not null)
        {
            return ReadRecords(
                name, payload, $"{function.Function}, which takes records of the stream {stream.Stream.LogicalId}");
        }
        var queue = stack.QueueMappings.FirstOrDefault(mapping => mapping.Function.LogicalId == function.LogicalId);
        return queue is not null
            ? ReadMessages(name, payload, document.RootElement, function, queue.Queue)
            : new LambdaEvent(payload, 1, 1, FeedReader.DefaultStart);
    }

    private static JsonDocument Parse(string name, ReadOnlyMemory<byte> payload)
    {
        try
        {
            return JsonDocument.Parse(payload);
        }
        catch (JsonException error)
        {
            throw new InputException($"the event '{name}' is no JSON: {error.Message}", error);
        }
    }

    private static LambdaEvent ReadRecords(string name, ReadOnlyMemory<byte> payload, string taker)
    {
        using var batch = new RecordBatch();
        try
        {
            batch.Read(payload.Span);
        }
        catch (InvalidPayloadException error)
        {
            throw new InputException($"the event '{name}' does not fit {taker}: {error.Message}", error);
        }
        var at = Enumerable.Range(0, batch.RecordCount).Select(i => batch.RecordAt(i).ArrivedAt);
        return new LambdaEvent(payload, batch.RecordCount, batch.EventCount, Bound(at));
    }

    private static LambdaEvent ReadMessages(
        string name, ReadOnlyMemory<byte> payload, JsonElement root, FunctionModel function, QueueModel queue)
    {
        InputException Wrong(string flaw) => new(
            $"the event '{name}' does not fit {function.Function}, which takes messages of the queue {queue.LogicalId}:"
            + $" {flaw}");
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("Records", out var records) || records.ValueKind != JsonValueKind.Array)
        {
            throw Wrong("The payload has no array of Records.");
        }
        var times = new List<DateTimeOffset>();
        var count = 0;
        foreach (var message in records.EnumerateArray())
        {
            foreach (var member in new[] { "messageId", "body" })
            {
                if (Text(message, member) is null)
                {
                    throw Wrong(string.Create(
                        CultureInfo.InvariantCulture, $"Record {count} has no {member}, a string."));
                }
            }
            count++;
            times.Add(ReceivedAt(message, queue.VisibilityTimeout));
        }
        return new LambdaEvent(payload, count, count, Bound(times));
    }

    /// <summary>When a message was received for this payload: by its first receive, and how often since.</summary>
    private static DateTimeOffset ReceivedAt(JsonElement message, TimeSpan visibility)
    {
        if (!message.TryGetProperty("attributes", out var attributes)
            || Whole(attributes, "ApproximateFirstReceiveTimestamp") is not { } first)
        {
            return FeedReader.DefaultStart;
        }
        var again = Math.Clamp((Whole(attributes, "ApproximateReceiveCount") ?? 1) - 1, 0, Limits.ReceiveCountMax);
        var most = s_latest.ToUnixTimeMilliseconds();
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(first, most)) + (again * visibility);
    }

    private static DateTimeOffset Bound(IEnumerable<DateTimeOffset> times)
    {
        var last = times.DefaultIfEmpty(FeedReader.DefaultStart).Max();
        return last < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : last > s_latest ? s_latest : last;
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static long? Whole(JsonElement parent, string name) =>
        long.TryParse(Text(parent, name), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
