using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Template;
using Pipeline.Functions.Pump;

namespace Pipeline.Cli.Invoke;

/// <summary>A record that an invocation put.</summary>
/// <param name="Events">The events in it with their partition keys: one, or those of a pack.</param>
internal sealed record PutRecord(
    string ShardId, string SequenceNumber, string PartitionKey,
    IReadOnlyList<(string PartitionKey, ReadOnlyMemory<byte> Data)> Events);

/// <summary>What an invocation answered and did.</summary>
/// <param name="Function">The function's name.</param>
/// <param name="CarriesOut">It takes messages of a queue: what it emits are commands carried out.</param>
/// <param name="Events">Events or messages in the payload.</param>
/// <param name="Result">The response, or the error document.</param>
internal sealed record InvocationReport(string Function, bool CarriesOut, int Events, InvocationResult Result)
{
    /// <summary>What its metrics record says.</summary>
    public required FunctionSummary Metrics { get; init; }

    /// <summary>What it said, a sentence each.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }

    /// <summary>Records put, by the stream's logical id; in the template's order.</summary>
    public required IReadOnlyList<(string Stream, IReadOnlyList<PutRecord> Records)> Streams { get; init; }

    /// <summary>Bodies of the messages sent, by the queue's logical id; in the template's order.</summary>
    public required IReadOnlyList<(string Queue, IReadOnlyList<string> Bodies)> Queues { get; init; }

    /// <summary>Objects written, as they were last.</summary>
    public required IReadOnlyDictionary<string, byte[]> Objects { get; init; }

    /// <summary>What the response reports as not done: messages, or the first record.</summary>
    public IReadOnlyList<string> Failures { get; } = Result.Succeeded ? FailuresIn(Result.Response) : [];

    /// <summary>Invokes a function and looks at what it did.</summary>
    public static InvocationReport Invoke(
        StackModel stack, FunctionModel model, EngineOptions options, LambdaEvent payload)
    {
        using var function = new LoneFunction(stack, model, options, payload.At);
        var objects = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        function.World.Bucket.Written += (key, parts) => objects[key] = [.. parts.SelectMany(part => part.ToArray())];
        var result = function.Invoke(payload.Payload, payload.RecordCount);
        var counters = function.Counters;
        return new InvocationReport(
            model.Function,
            stack.QueueMappings.Any(mapping => mapping.Function.LogicalId == model.LogicalId),
            payload.EventCount,
            result)
        {
            Metrics = new FunctionSummary(
                counters.Invocations, counters.Records, counters.Emitted, counters.Dropped, counters.Rejected,
                counters.Retries),
            Sentences = counters.Sentences,
            Streams = StreamsOf(function),
            Queues = QueuesOf(function),
            Objects = objects,
        };
    }

    /// <summary>The bad rows among the objects written.</summary>
    public IEnumerable<JsonElement> BadRows()
    {
        foreach (var (_, body) in Objects.Where(o => o.Key.StartsWith(BadRowStore.Prefix, StringComparison.Ordinal)))
        {
            foreach (var line in Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var row = JsonDocument.Parse(line);
                yield return row.RootElement.Clone();
            }
        }
    }

    private static List<(string Stream, IReadOnlyList<PutRecord> Records)> StreamsOf(LoneFunction function)
    {
        var reader = new PackReader();
        return
        [
            .. from stream in function.World.Streams
               let records = function.RecordsIn(stream)
                   .Select(read => ToRecord(read.Shard.Id, read.Record, reader)).ToList()
               where records.Count > 0
               select (stream.Model.LogicalId, (IReadOnlyList<PutRecord>)records),
        ];
    }

    private static PutRecord ToRecord(string shardId, in Engine.Streams.LoggedRecord record, PackReader reader)
    {
        var key = Encoding.UTF8.GetString(record.PartitionKey.Span);
        var data = record.Data;
        List<(string, ReadOnlyMemory<byte>)> events = [];
        if (reader.Read(data.Span) == BlobKind.Pack)
        {
            foreach (var slice in reader.Slices)
            {
                events.Add((
                    Encoding.UTF8.GetString(data.Span.Slice(slice.PartitionKeyStart, slice.PartitionKeyLength)),
                    data.Slice(slice.DataStart, slice.DataLength)));
            }
        }
        else
        {
            events.Add((key, data));
        }
        return new PutRecord(shardId, record.Sequence.ToString(), key, events);
    }

    private static List<(string Queue, IReadOnlyList<string> Bodies)> QueuesOf(LoneFunction function) =>
    [
        .. from queue in function.World.Queues
           let bodies = queue.Look().Select(message => Encoding.UTF8.GetString(message.Body.Span)).ToList()
           where bodies.Count > 0
           select (queue.Model.LogicalId, (IReadOnlyList<string>)bodies),
    ];

    /// <summary>The failures of a partial batch response, as they stand there; none in any other answer.</summary>
    private static List<string> FailuresIn(ReadOnlyMemory<byte> response)
    {
        try
        {
            using var answer = JsonDocument.Parse(response);
            return answer.RootElement.ValueKind == JsonValueKind.Object
                && answer.RootElement.TryGetProperty("batchItemFailures", out var failures)
                && failures.ValueKind == JsonValueKind.Array
                ? [.. failures.EnumerateArray().Select(failure => failure.ToString())]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
