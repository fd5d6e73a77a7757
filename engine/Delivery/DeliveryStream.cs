using System.Globalization;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Delivery;

/// <summary>
/// A Firehose delivery stream: reads a stream from LATEST, unpacks packs, buffers by partition, writes objects.
/// </summary>
/// <remarks>
/// Order of work: de-aggregation, then partition keys, then buffers. A buffer is written when it reaches its size or
/// its interval is over. What has no partition key, or would open one partition too many, goes to the error prefix.
/// Source: "Dynamic partitioning in Amazon Data Firehose", "Troubleshoot dynamic partitioning".
/// </remarks>
public sealed class DeliveryStream : IStreamReader
{
    private readonly World _world;
    private readonly Scheduler _scheduler;
    private readonly EngineSettings _settings;
    private readonly Random _random;
    private readonly Dictionary<int, LogCursor> _cursors = [];
    private readonly ShardLineage _lineage;
    private readonly SortedDictionary<string, PartitionBuffer> _buffers = new(StringComparer.Ordinal);
    private readonly PartitionNames _names = new();
    private readonly EventErrors _errors = new();
    private readonly PackReader _packs = new();
    private bool _active;

    public DeliveryStream(
        DeliveryStreamModel model, DataStream stream, World world, Scheduler scheduler, EngineSettings settings,
        Random random)
    {
        (Model, Stream, _world, _scheduler) = (model, stream, world, scheduler);
        (_settings, _random) = (settings, random);
        _lineage = new ShardLineage(stream, scheduler, ReadAsync);
    }

    public DeliveryStreamModel Model { get; }

    public string LogicalId => Model.LogicalId;

    public DataStream Stream { get; }

    /// <summary>The place up to which a shard was taken; before the stream became active, its newest end.</summary>
    public LogCursor Checkpoint(Shard shard) =>
        _cursors.TryGetValue(shard.Index, out var cursor) ? cursor
        : _active ? shard.Log.TrimHorizon
        : shard.Log.Latest;

    /// <summary>Takes up a saved checkpoint; to be called before the start.</summary>
    public void Restore(Shard shard, LogCursor checkpoint) => _cursors[shard.Index] = checkpoint;

    /// <summary>Becomes active: what was in the stream before is never delivered.</summary>
    public void Start()
    {
        foreach (var shard in Stream.Shards)
        {
            _cursors.TryAdd(shard.Index, shard.Log.Latest);
        }
        _active = true;
        _lineage.Start();
    }

    private async Task ReadAsync(Shard shard)
    {
        var appended = new Signal();
        shard.Log.Appended += appended.Set;
        // A shard that came later is read from its first record.
        _cursors.TryAdd(shard.Index, shard.Log.TrimHorizon);
        while (true)
        {
            var cursor = _cursors[shard.Index];
            if (cursor.Next >= shard.Log.End)
            {
                if (shard.IsClosed)
                {
                    return;
                }
                await appended.WaitAsync();
                await Task.Delay(_settings.PollInterval, _scheduler.Clock);
                continue;
            }
            var before = await shard.PollAsync(cursor, _scheduler);
            while (shard.Log.TryRead(ref cursor, before, _scheduler.Now, out var record))
            {
                Take(record);
            }
            _cursors[shard.Index] = cursor;
            await Task.Delay(_settings.PollInterval, _scheduler.Clock);
        }
    }

    private void Take(in LoggedRecord record)
    {
        if (_packs.Read(record.Data.Span) == BlobKind.Pack)
        {
            foreach (var slice in _packs.Slices)
            {
                Buffer(new Record(
                    record.Data.Slice(slice.DataStart, slice.DataLength),
                    record.Data.Slice(slice.PartitionKeyStart, slice.PartitionKeyLength), default, record.ArrivedAt));
            }
        }
        else
        {
            Buffer(new Record(record.Data, record.PartitionKey, default, record.ArrivedAt));
        }
    }

    private void Buffer(in Record record)
    {
        _errors.Clear();
        var flaw = Event.Read(record, _errors, out var @event);
        if (flaw is not (null or RejectReason.InvalidEvent)
            || !_names.TryFind(@event.Raw(EventAttribute.EventDate), out var partition))
        {
            WriteError("metadata-extraction-failed", "DynamicPartitioning.MetadataExtractionFailed", record);
            return;
        }
        if (!_buffers.TryGetValue(partition, out var buffer))
        {
            if (_buffers.Count == Limits.FirehoseActivePartitionsMax)
            {
                WriteError("activePartitionExceeded", "DynamicPartitioning.ActivePartitionsLimitExceeded", record);
                return;
            }
            if (PrefixOf(partition).Length > Limits.FirehosePrefixCharactersMax)
            {
                WriteError("metadata-extraction-failed", "DynamicPartitioning.MetadataExtractionFailed", record);
                return;
            }
            buffer = new PartitionBuffer(_scheduler.Now);
            _buffers.Add(partition, buffer);
            _scheduler.Start(() => WriteAfterIntervalAsync(partition, buffer));
        }
        buffer.Add(record.Data.Span, Model.AppendDelimiter);
        if (buffer.Length >= Model.BufferBytes)
        {
            Write(partition, buffer);
        }
    }

    private async Task WriteAfterIntervalAsync(string partition, PartitionBuffer buffer)
    {
        await Task.Delay(Model.BufferInterval, _scheduler.Clock);
        if (_buffers.TryGetValue(partition, out var current) && current == buffer)
        {
            Write(partition, buffer);
        }
    }

    private void Write(string partition, PartitionBuffer buffer)
    {
        _buffers.Remove(partition);
        _world.Bucket.Deliver(PrefixOf(partition) + ObjectName(buffer.OpenedAt), buffer.Parts, buffer.Release);
    }

    private string PrefixOf(string partition) => Model.Prefix.Replace(
        $"!{{partitionKeyFromQuery:{Model.PartitionKeyName}}}", partition, StringComparison.Ordinal);

    private void WriteError(string type, string code, in Record record)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteNumber("attemptsMade", 1);
            json.WriteNumber("arrivalTimestamp", record.ArrivedAt.ToUnixTimeMilliseconds());
            json.WriteString("errorCode", code);
            json.WriteString("errorMessage", "The record was not delivered to its partition.");
            json.WriteNumber("attemptEndingTimestamp", _scheduler.Now.ToUnixTimeMilliseconds());
            json.WriteBase64String("rawData", record.Data.Span);
            json.WriteEndObject();
        }
        line.WriteByte((byte)'\n');
        var prefix = ErrorPrefix.Evaluate(Model.ErrorPrefix, type, _scheduler.Now);
        _world.Bucket.Put(prefix + ObjectName(_scheduler.Now), [line.ToArray()], WriteCondition.Always);
    }

    private string ObjectName(DateTimeOffset openedAt)
    {
        Span<byte> id = stackalloc byte[16];
        _random.NextBytes(id);
        var time = openedAt.UtcDateTime.ToString("yyyy-MM-dd-HH-mm-ss", CultureInfo.InvariantCulture);
        return $"{Model.Name}-1-{time}-{new Guid(id)}";
    }
}
