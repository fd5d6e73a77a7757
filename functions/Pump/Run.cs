using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>
/// A run of whole input records with everything that came of them, until it is sent: outputs, bad rows, drops.
/// </summary>
internal sealed class Run(Slots slots)
{
    /// <summary>What a bad row costs beside its payload: positions, an error or two, their objects in memory.</summary>
    private const int BadRowOverheadBytes = 512;

    private readonly OutputArena _arena = new();
    private readonly PackBatch _outputs = new(slots);
    private readonly List<(int Record, BadRow Row)> _badRows = [];
    private readonly List<(int Record, DropReason Reason)> _drops = [];
    private long _badRowBytes;

    /// <summary>Bytes of output so far, bad rows by their payload and what is written around it.</summary>
    public long OutputBytes => _arena.Length + _badRowBytes;

    public IReadOnlyList<(int Record, BadRow Row)> BadRows => _badRows;

    public void Clear()
    {
        _arena.Clear();
        _outputs.Clear();
        _badRows.Clear();
        _drops.Clear();
        _badRowBytes = 0;
    }

    /// <summary>Adds what a filter decided about an event of a record.</summary>
    public void Add(int record, in Outcome outcome)
    {
        switch (outcome.Kind)
        {
            case OutcomeKind.Emit:
                _arena.Begin();
                EventWriter.Write(outcome.Event, outcome.Edits, _arena);
                _outputs.Add(record, outcome.Event.Record.PartitionKey, _arena.End());
                break;
            case OutcomeKind.Drop:
                _drops.Add((record, outcome.DropReason));
                break;
            default:
                _badRows.Add((record, outcome.BadRow!));
                _badRowBytes += outcome.BadRow!.Record.Data.Length + BadRowOverheadBytes;
                break;
        }
    }

    /// <summary>Takes back what came of a record and of those after it.</summary>
    public void TakeBack(int record)
    {
        _outputs.TakeBack(record);
        _badRows.RemoveAll(row => row.Record >= record);
        _drops.RemoveAll(drop => drop.Record >= record);
    }

    /// <summary>The outputs as packs, ascending by slot.</summary>
    public IReadOnlyList<OutgoingPack> Pack() => _outputs.Pack();

    /// <summary>Counts what came of the records before <paramref name="end"/>: those that are done.</summary>
    public void CountInto(InvocationMetrics metrics, int end)
    {
        metrics.Emitted += _outputs.CountBefore(end);
        foreach (var (record, reason) in _drops)
        {
            metrics.CountDrop(reason, record < end ? 1 : 0);
        }
        foreach (var (record, row) in _badRows)
        {
            metrics.CountReject(row.Reason, record < end ? 1 : 0);
        }
    }
}
