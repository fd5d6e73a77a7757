using Pipeline.Core;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Mappings;

/// <summary>Reads one shard for a mapping: gathers a batch, has it delivered, and only then reads on.</summary>
internal sealed class ShardReader
{
    private readonly KinesisMappingModel _model;
    private readonly Shard _shard;
    private readonly Scheduler _scheduler;
    private readonly EngineSettings _settings;
    private readonly Signal _appended = new();
    private readonly BatchDelivery _delivery;
    private readonly IShardSource _source;
    private readonly List<LoggedRecord> _batch = [];
    private readonly Entries _entries;
    private readonly BatchPayload _payload;
    private LogCursor _cursor;

    public ShardReader(
        KinesisMappingModel model, Shard shard, BatchPayload payload, BatchDelivery delivery, Scheduler scheduler,
        EngineSettings settings)
    {
        (_model, _shard, _payload, _delivery) = (model, shard, payload, delivery);
        (_scheduler, _settings) = (scheduler, settings);
        _source = model.Consumer is null
            ? new PolledShard(shard, scheduler, settings)
            : new PushedShard(shard, scheduler, settings);
        _entries = new Entries(unpacks: model.Consumer is not null && settings.PushedPacksAreUnpacked);
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

    /// <summary>
    /// Reads until the shard is closed and done; when there are no records it waits for nothing but them.
    /// </summary>
    public async Task RunAsync()
    {
        _shard.Log.Appended += _appended.Set;
        while (true)
        {
            if (_cursor.Next >= _shard.Log.End)
            {
                if (_shard.IsClosed)
                {
                    return;
                }
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
        await _source.ReadyAsync(_cursor, DateTimeOffset.MaxValue);
        var windowEnd = _scheduler.Now + _model.BatchingWindow;
        while (!TakeVisible() && _scheduler.Now < windowEnd)
        {
            var wait = TimeSpan.FromTicks(Math.Min(_settings.PollInterval.Ticks, (windowEnd - _scheduler.Now).Ticks));
            await Task.Delay(wait, _scheduler.Clock);
            await _source.ReadyAsync(_cursor, windowEnd);
        }
    }

    /// <summary>Takes visible records into the batch; true when it is full.</summary>
    private bool TakeVisible()
    {
        while (_batch.Count < _model.BatchSize)
        {
            var after = _cursor;
            if (!_source.TryPeek(ref after, out var record))
            {
                // It moved past what retention ended.
                _cursor = after;
                return false;
            }
            _entries.Open(record);
            while (_entries.TryPeek(out var entry))
            {
                if (_batch.Count == _model.BatchSize || !_payload.TryAdd(entry))
                {
                    return true;
                }
                _entries.Take();
                _batch.Add(entry);
            }
            _entries.Close();
            _source.Take(record);
            _cursor = after;
        }
        return true;
    }

    /// <summary>What of a record goes into batches: itself, or each event of a pack that comes unpacked.</summary>
    private sealed class Entries(bool unpacks)
    {
        private readonly PackReader _packs = new();
        private readonly List<LoggedRecord> _list = [];
        private int _taken;

        /// <summary>Begins with a record, unless a part of it was taken already.</summary>
        public void Open(in LoggedRecord record)
        {
            if (_list.Count > 0 && _list[0].Counter == record.Counter)
            {
                return;
            }
            Close();
            if (!unpacks || _packs.Read(record.Data.Span) != BlobKind.Pack)
            {
                _list.Add(record);
                return;
            }
            foreach (var slice in _packs.Slices)
            {
                _list.Add(record with
                {
                    PartitionKey = record.Data.Slice(slice.PartitionKeyStart, slice.PartitionKeyLength),
                    Data = record.Data.Slice(slice.DataStart, slice.DataLength),
                    Entry = _list.Count,
                });
            }
        }

        public bool TryPeek(out LoggedRecord entry)
        {
            entry = _taken < _list.Count ? _list[_taken] : default;
            return _taken < _list.Count;
        }

        public void Take() => _taken++;

        public void Close()
        {
            _list.Clear();
            _taken = 0;
        }
    }
}
