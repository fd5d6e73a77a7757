using Amazon.Lambda.Core;
using Amazon.Lambda.KinesisEvents;
using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>
/// Takes a batch through a filter: applies, sends, stores bad rows, reports, in this order, run by run.
/// </summary>
/// <remarks>
/// The unit of progress is the input record: it is done when every output of every event in it was accepted and its bad
/// rows are stored. What is not done is reported by the lowest sequence number, and comes again. Bad data never costs a
/// retry; a fault does; a defect of the filter makes that one event a bad row and takes no neighbour along.
/// </remarks>
public sealed class StreamPump
{
    private readonly PumpOptions _options;
    private readonly IRecordFilter _filter;
    private readonly Ports _ports;
    private readonly TimeProvider _time;
    private readonly Run _run;
    private readonly BadRowStore _badRows;
    private readonly InvocationMetrics _metrics;

    public StreamPump(
        PumpOptions options, IRecordFilter filter, IOutputs outputs, Ports ports, TimeProvider time)
    {
        (_options, _filter, _ports, _time) = (options, filter, ports, time);
        _run = new Run(outputs);
        _badRows = new BadRowStore(ports.Bucket, options.Function, Product.Version, time, ports.Random);
        _metrics = new InvocationMetrics(options.Function);
    }

    /// <summary>Handles one batch; the answer names the first record that must come again, if any.</summary>
    public async Task<StreamsEventResponse> HandleAsync(RecordBatch batch, ILambdaContext context)
    {
        var invocation = InvocationTime.Start(context, _options.Timeout, _time);
        _metrics.Clear();
        _metrics.IteratorAge = batch.RecordCount == 0
            ? TimeSpan.Zero
            : invocation.Now - batch.RecordAt(batch.RecordCount - 1).ArrivedAt;
        var done = await RefreshAsync(invocation) ? await PumpAsync(batch, invocation.Deadline) : 0;
        _metrics.Write(invocation.Now, _ports.Output);
        return done == batch.RecordCount ? Report.AllDone() : Report.From(batch.RecordAt(done).Sequence);
    }

    private async ValueTask<bool> RefreshAsync(InvocationTime invocation)
    {
        try
        {
            if (_options.Refresh is { } refresh)
            {
                var deadline = invocation.Deadline.LessMargin(_options.FlushMargin);
                await refresh(invocation.Now, deadline, CancellationToken.None);
            }
            return true;
        }
        catch (PortFaultException)
        {
            return false;
        }
    }

    /// <summary>The number of records done, from the first on.</summary>
    private async ValueTask<int> PumpAsync(RecordBatch batch, Deadline deadline)
    {
        var sending = deadline.LessMargin(_options.FlushMargin);
        var storing = deadline.LessMargin(_options.FlushMargin / 2);
        var done = 0;
        while (done < batch.RecordCount && !sending.HasPassed)
        {
            var filled = Fill(batch, done, out var fault);
            var end = await _run.SendAsync(filled, sending, CancellationToken.None);
            _metrics.Retries += _run.Retries;
            var stored = await _badRows.StoreAsync(RowsBefore(end), storing, CancellationToken.None);
            _metrics.Retries += _badRows.Retries;
            if (!stored)
            {
                break;
            }
            Count(batch, done, end);
            done = end;
            if (fault || end < filled)
            {
                break;
            }
        }
        return done;
    }

    /// <summary>
    /// Applies the filter to whole records from <paramref name="first"/> on, until the run is full or a fault stops it.
    /// </summary>
    /// <returns>The record after the last one in the run.</returns>
    private int Fill(RecordBatch batch, int first, out bool fault)
    {
        _run.Clear();
        fault = false;
        var index = first;
        for (; index < batch.RecordCount && (index == first || _run.OutputBytes < Limits.FlushBytes); index++)
        {
            var record = batch.RecordAt(index);
            try
            {
                if (record.BrokenPack is { } flaw)
                {
                    var whole = batch.EventAt(record.FirstEvent);
                    _run.Add(index, Reject(whole, RejectReason.BrokenPack, flaw));
                    continue;
                }
                for (var i = 0; i < record.EventCount; i++)
                {
                    Apply(index, batch.EventAt(record.FirstEvent + i));
                }
            }
            catch (PortFaultException)
            {
                _run.TakeBack(index);
                fault = true;
                break;
            }
        }
        return index;
    }

    private void Apply(int index, in Record record)
    {
        try
        {
            _run.Add(index, _filter.Apply(record));
        }
        catch (Exception defect) when (defect is not PortFaultException && !_options.RethrowDefects)
        {
            var message = $"{_options.Function} failed with {defect.GetType().FullName}.";
            _run.Add(index, Reject(record, RejectReason.Defect, message));
        }
    }

    private static Outcome Reject(in Record record, RejectReason reason, string message) =>
        Outcome.Reject(new BadRow(record, reason, [new EventError("", message)]));

    private List<BadRow> RowsBefore(int end)
    {
        var rows = new List<BadRow>();
        foreach (var (record, row) in _run.BadRows)
        {
            if (record < end)
            {
                rows.Add(row with { RawPosition = RawPositionOf(row.Record) });
            }
        }
        return rows;
    }

    /// <summary>
    /// The delivery's identity: where it stands in the raw stream, or what Validate stamped; null when it cannot be
    /// read.
    /// </summary>
    private string? RawPositionOf(in Record record)
    {
        if (_options.ReadsRaw)
        {
            return record.Position.ToString();
        }
        return Event.Read(record, new EventErrors(), out var @event) is null or RejectReason.InvalidEvent
            ? @event.Text(EventAttribute.RawPosition)
            : null;
    }

    private void Count(RecordBatch batch, int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            _metrics.Records += batch.RecordAt(i).EventCount;
        }
        _run.CountInto(_metrics, end);
    }
}
