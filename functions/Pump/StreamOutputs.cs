using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>Emitted events, as packs on a stream.</summary>
/// <remarks>Order: kept per partition key. Delivery: at least once; see <see cref="SlotSender"/>.</remarks>
public sealed class StreamOutputs(string stream, Slots slots, Ports ports, TimeProvider time) : IOutputs
{
    private readonly OutputArena _arena = new();
    private readonly PackBatch _packs = new(slots);
    private readonly SlotSender _sender = new(ports.Streams, stream, time, ports.Random);

    public long Bytes => _arena.Length;

    public int Retries => _sender.Retries;

    public IReadOnlyList<(int Record, BadRow Row)> Refused => [];

    /// <summary>The outputs of a function by its settings: <c>OUTPUT_STREAM</c> and <c>SLOTS</c>.</summary>
    /// <exception cref="ConfigurationException">A setting is missing or out of bounds.</exception>
    public static StreamOutputs Read(Settings settings, Ports ports, TimeProvider time) =>
        new(settings.Text("OUTPUT_STREAM"), settings.Slots("SLOTS"), ports, time);

    public void Clear()
    {
        _arena.Clear();
        _packs.Clear();
    }

    public void Add(int record, in Outcome outcome)
    {
        if (outcome.Kind != OutcomeKind.Emit)
        {
            throw new NotSupportedException("A stream takes events; commands go to queues.");
        }
        _arena.Begin();
        EventWriter.Write(outcome.Event, outcome.Edits, _arena);
        _packs.Add(record, outcome.Event.Record.PartitionKey, _arena.End());
    }

    public void TakeBack(int record) => _packs.TakeBack(record);

    public async ValueTask<int> SendAsync(int end, Deadline deadline, CancellationToken cancellation)
    {
        foreach (var pack in await _sender.SendAsync(_packs.Pack(), deadline, cancellation))
        {
            end = Math.Min(end, pack.LowestRecord);
        }
        return end;
    }

    public int CountBefore(int record) => _packs.CountBefore(record);
}
