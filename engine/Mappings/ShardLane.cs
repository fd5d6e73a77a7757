using Pipeline.Core;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Mappings;

/// <summary>
/// One lane of a shard: gathers a batch of the partition keys that are its own, has it delivered, and only then reads
/// on.
/// </summary>
/// <remarks>
/// A lane has a place of its own in the shard's log, so one whose batch is tried for hours holds up no other and keeps
/// nothing in memory but that batch.
/// </remarks>
internal sealed class ShardLane
{
    private readonly KinesisMappingModel _model;
    private readonly Shard _shard;
    private readonly Scheduler _scheduler;
    private readonly EngineSettings _settings;
    private readonly Signal _appended = new();
    private readonly BatchDelivery _delivery;
    private readonly IShardSource _source;
    private readonly int _number;
    private readonly List<LoggedRecord> _batch = [];
    private readonly Entries _entries;
    private readonly BatchPayload _payload;
    private LogCursor _cursor;

    /// <param name="number">Which lane it is, from 0.</param>
    /// <param name="source">How records come; shared with the shard's other lanes.</param>
    public ShardLane(
        int number, KinesisMappingModel model, Shard shard, IShardSource source, BatchPayload payload,
        BatchDelivery delivery, Scheduler scheduler, EngineSettings settings)
    {
        (_number, _model, _shard, _source, _payload, _delivery) = (number, model, shard, source, payload, delivery);
        (_scheduler, _settings) = (scheduler, settings);
        _entries = new Entries(unpacks: model.Consumer is not null && settings.PushedPacksAreUnpacked);
    }

    /// <summary>The place up to which everything of this lane is done or given up.</summary>
    public LogCursor Checkpoint { get; private set; }

    /// <summary>Sets where reading begins.</summary>
    public void Position(LogCursor cursor) => Checkpoint = _cursor = cursor;

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

    /// <summary>
    /// Gathers a batch: until it is full, its payload is, or the batching window is over that its first record began.
    /// </summary>
    private async ValueTask GatherAsync()
    {
        _batch.Clear();
        _payload.Clear();
        await _source.ReadyAsync(_cursor, DateTimeOffset.MaxValue);
        var windowEnd = _scheduler.Now + _model.BatchingWindow;
        while (!TakeVisible() && _batch.Count > 0 && _scheduler.Now < windowEnd)
        {
            // A delay is cut to whole milliseconds; one of less would end at once, for ever.
            var left = TimeSpan.FromMilliseconds(Math.Ceiling((windowEnd - _scheduler.Now).TotalMilliseconds));
            await Task.Delay(left < _settings.PollInterval ? left : _settings.PollInterval, _scheduler.Clock);
            await _source.ReadyAsync(_cursor, windowEnd);
        }
    }

    /// <summary>Takes visible records of this lane into the batch; true when it is full.</summary>
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
                if (IsOwn(entry) && !TryAdd(entry))
                {
                    return true;
                }
                _entries.Take();
            }
            _entries.Close();
            _source.Take(record);
            _cursor = after;
            if (_batch.Count == 0)
            {
                // Nothing before it was this lane's.
                Checkpoint = _cursor;
            }
        }
        return true;
    }

    private bool IsOwn(in LoggedRecord entry) =>
        LaneOfKey.Of(entry.PartitionKey.Span, _model.ParallelizationFactor) == _number;

    private bool TryAdd(in LoggedRecord entry)
    {
        if (_batch.Count == _model.BatchSize || !_payload.TryAdd(entry))
        {
            return false;
        }
        _batch.Add(entry);
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
