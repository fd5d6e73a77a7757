using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>
/// A run of whole input records with everything that came of them, until it is sent: outputs, bad rows, drops.
/// </summary>
internal sealed class Run(IOutputs outputs)
{
    /// <summary>What a bad row costs beside its payload: positions, an error or two, their objects in memory.</summary>
    private const int BadRowOverheadBytes = 512;

    private readonly List<(int Record, BadRow Row)> _badRows = [];
    private readonly List<(int Record, DropReason Reason)> _drops = [];
    private long _badRowBytes;

    /// <summary>Bytes of output so far, bad rows by their payload and what is written around it.</summary>
    public long OutputBytes => outputs.Bytes + _badRowBytes;

    /// <summary>In the order of the events.</summary>
    public IReadOnlyList<(int Record, BadRow Row)> BadRows => _badRows;

    /// <summary>Entries sent again by the last call of <see cref="SendAsync"/>.</summary>
    public int Retries => outputs.Retries;

    public void Clear()
    {
        outputs.Clear();
        _badRows.Clear();
        _drops.Clear();
        _badRowBytes = 0;
    }

    /// <summary>Adds what a filter decided about an event of a record.</summary>
    public void Add(int record, in Outcome outcome)
    {
        switch (outcome.Kind)
        {
            case OutcomeKind.Emit or OutcomeKind.Request:
                outputs.Add(record, outcome);
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
        outputs.TakeBack(record);
        _badRows.RemoveAll(row => row.Record >= record);
        _drops.RemoveAll(drop => drop.Record >= record);
    }

    /// <summary>Sends the outputs, or as many as the deadline allows; those refused for good become bad rows.</summary>
    /// <param name="end">The record after the last one of the run.</param>
    /// <returns>
    /// The lowest record with an output that was not accepted; <paramref name="end"/> when there is none.
    /// </returns>
    public async ValueTask<int> SendAsync(int end, Deadline deadline, CancellationToken cancellation)
    {
        var accepted = await outputs.SendAsync(end, deadline, cancellation);
        if (outputs.Refused.Count > 0)
        {
            _badRows.AddRange(outputs.Refused);
            _badRows.Sort((one, other) => Place(one).CompareTo(Place(other)));
        }
        return accepted;
    }

    /// <summary>Counts what came of the records before <paramref name="end"/>: those that are done.</summary>
    public void CountInto(InvocationMetrics metrics, int end)
    {
        metrics.Emitted += outputs.CountBefore(end);
        foreach (var (record, reason) in _drops)
        {
            metrics.CountDrop(reason, record < end ? 1 : 0);
        }
        foreach (var (record, row) in _badRows)
        {
            metrics.CountReject(row.Reason, record < end ? 1 : 0);
        }
    }

    private static (int Record, int Index) Place((int Record, BadRow Row) row) =>
        (row.Record, row.Row.Record.Position.Index);
}
