using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Core;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;

namespace Pipeline.Engine;

/// <summary>What the engine saves when it is quiet, so that a later command goes on from there.</summary>
public sealed record EngineState
{
    private const string FileName = "engine.json";

    public required DateTimeOffset Clock { get; init; }

    /// <summary>When the first run began.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>How many runs there were; each draws its own randomness from the seed.</summary>
    public required int Runs { get; init; }

    public required long Lines { get; init; }

    public required long Bytes { get; init; }

    public required long AgedOut { get; init; }

    /// <summary>How many open shards its streams may have; null when nothing was said.</summary>
    public SlotRule? Slots { get; init; }

    public required List<StreamState> Streams { get; init; }

    /// <summary>Where each mapping and delivery stream stands, by logical id and shard.</summary>
    public required SortedDictionary<string, List<CursorState>> Readers { get; init; }

    public required List<QueueState> Queues { get; init; }

    /// <summary>The mappings of queues, by logical id; where they stand is their queues' matter.</summary>
    public required List<string> QueueMappings { get; init; }

    public required SortedDictionary<string, FunctionState> Functions { get; init; }

    /// <summary>The shards that each stream had at first, if it is one number for all.</summary>
    [JsonIgnore]
    public int? ShardsOfEveryStream =>
        Streams.Select(stream => stream.Model.ShardCount).Distinct().ToList() is [var count] ? count : null;

    /// <summary>
    /// Makes sure that a stack has what was saved: the same streams, shards at first, queues, readers and functions.
    /// </summary>
    /// <exception cref="ConfigurationException">It has not; the message names what differs.</exception>
    public void CheckFits(StackModel stack)
    {
        static string Describe(string stream, int shards) => $"the stream {stream} of {shards} shards";
        SortedSet<string> saved = new(
            [
                .. Streams.Select(stream => Describe(stream.Model.Name, stream.Model.ShardCount)),
                .. Readers.Keys.Select(reader => $"the reader {reader}"),
                .. Queues.Select(queue => $"the queue {queue.Queue}"),
                .. QueueMappings.Select(mapping => $"the reader {mapping}"),
                .. Functions.Keys.Select(function => $"the function {function}"),
            ],
            StringComparer.Ordinal);
        saved.SymmetricExceptWith(
        [
            .. stack.Streams.Select(stream => Describe(stream.Name, stream.ShardCount)),
            .. stack.KinesisMappings.Select(mapping => $"the reader {mapping.LogicalId}"),
            .. stack.DeliveryStreams.Select(delivery => $"the reader {delivery.LogicalId}"),
            .. stack.Queues.Select(queue => $"the queue {queue.LogicalId}"),
            .. stack.QueueMappings.Select(mapping => $"the reader {mapping.LogicalId}"),
            .. stack.Functions.Select(function => $"the function {function.LogicalId}"),
        ]);
        if (saved.Count > 0)
        {
            throw new ConfigurationException(
                $"The run to resume had another template or other shards; these differ: {string.Join(", ", saved)}.");
        }
    }

    /// <summary>Saves it.</summary>
    public void Save(EngineFiles files) => files.Write(FileName, JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>The saved state of an output directory, or null when no run there ended.</summary>
    public static EngineState? Load(EngineFiles files) =>
        files.Exists(FileName) ? JsonSerializer.Deserialize<EngineState>(files.Read(FileName)) : null;

    /// <summary>Takes the saved state away while a run is under way: what it says is no longer so.</summary>
    public static void Forget(EngineFiles files) => files.Delete(FileName);
}

/// <summary>What a function's metrics added up to.</summary>
public sealed record FunctionState(
    long Invocations, long Records, long Emitted, long Retries, SortedDictionary<string, long> Dropped,
    SortedDictionary<string, long> Rejected, SortedDictionary<string, long> Late, long Errors, long Throttles);
