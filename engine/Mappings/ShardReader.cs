using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Mappings;

/// <summary>Reads one shard for a mapping: polls, gathers a batch, has it delivered, and only then reads on.</summary>
internal sealed class ShardReader
{
    private readonly KinesisMappingModel _model;
    private readonly Shard _shard;
    private readonly Scheduler _scheduler;
    private readonly EngineSettings _settings;
    private readonly Signal _appended = new();
    private readonly BatchDelivery _delivery;
    private readonly List<LoggedRecord> _batch = [];
    private readonly BatchPayload _payload;
    private LogCursor _cursor;
    private ReadAllowance _allowance;
    private DateTimeOffset _nextPoll = DateTimeOffset.MinValue;

    public ShardReader(
        KinesisMappingModel model, Shard shard, BatchPayload payload, BatchDelivery delivery, Scheduler scheduler,
        EngineSettings settings)
    {
        (_model, _shard, _payload, _delivery) = (model, shard, payload, delivery);
        (_scheduler, _settings) = (scheduler, settings);
    }

    /// <summary>The place up to which everything is done or given up.</summary>
    public LogCursor Checkpoint { get; private set; }

    public bool HasPosition { get; private set; }

    /// <summary>Sets where reading begins.</summary>
    public void Position(LogCursor cursor)
    {
        Checkpoint = _cursor = cursor;
        HasPosition = true;
    }

    /// <summary>Reads for ever; when there are no records it waits for nothing but them.</summary>
    public async Task RunAsync()
    {
        _shard.Log.Appended += _appended.Set;
        while (true)
        {
            if (_cursor.Next >= _shard.Log.End)
            {
                await _appended.WaitAsync();
                continue;
            }
            await GatherAsync();
            await _delivery.DeliverAsync(_batch);
            Checkpoint = _cursor;
        }
    }

    /// <summary>Gathers a batch: until it is full, its payload is, or the batching window is over.</summary>
    private async ValueTask GatherAsync()
    {
        _batch.Clear();
        _payload.Clear();
        await PollAsync();
        var windowEnd = _scheduler.Now + _model.BatchingWindow;
        while (!TakeVisible() && _scheduler.Now < windowEnd)
        {
            var wait = TimeSpan.FromTicks(Math.Min(_settings.PollInterval.Ticks, (windowEnd - _scheduler.Now).Ticks));
            await Task.Delay(wait, _scheduler.Clock);
            await PollAsync();
        }
    }

    /// <summary>Takes visible records into the batch; true when it is full.</summary>
    private bool TakeVisible()
    {
        while (_batch.Count < _model.BatchSize)
        {
            var before = _cursor;
            if (!_allowance.HasRoom
                || !_shard.Log.TryRead(ref _cursor, _allowance.Before, _scheduler.Now, out var record))
            {
                return false;
            }
            if (!_payload.TryAdd(record))
            {
                _cursor = before;
                return true;
            }
            _allowance.Take(record.Data.Length);
            _batch.Add(record);
        }
        return true;
    }

    /// <summary>
    /// Asks the shard for records, about once a second; what an earlier answer brought is there at once.
    /// </summary>
    private async ValueTask PollAsync()
    {
        if (_allowance.HasRoom && _cursor.Next < _allowance.Before)
        {
            return;
        }
        if (_scheduler.Now < _nextPoll)
        {
            await Task.Delay(_nextPoll - _scheduler.Now, _scheduler.Clock);
        }
        _nextPoll = _scheduler.Now + _settings.PollInterval;
        _allowance = new ReadAllowance(_shard.Log.End);
    }
}
