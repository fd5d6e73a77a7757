using System.Buffers;

namespace Pipeline.Core;

/// <summary>The records of one invocation from one shard of a stream, and the events in them, read in place.</summary>
/// <remarks>
/// <para>
/// <see cref="Read"/> passes once over the payload's JSON, decodes all blobs into one pooled buffer and unpacks KPL
/// packs there: no object per record or event. The batch can be read into again; everything it gave out lies in that
/// buffer and is valid until the next <see cref="Read"/> or <see cref="Dispose"/>. Not safe for several threads at
/// once.
/// </para>
/// <para>
/// Consecutive entries of one sequence number are one record: over enhanced fan-out a pack may arrive already unpacked.
/// What arrived so is not unpacked again.
/// </para>
/// <para>Source: "Using Lambda to process records from Kinesis".</para>
/// </remarks>
public sealed class RecordBatch : IDisposable
{
    private readonly PackReader _packs = new();
    private readonly Md5Many _checksums = new();

    private byte[] _buffer = [];
    private RecordEntry[] _records = new RecordEntry[16];
    private EventEntry[] _events = new EventEntry[64];

    /// <summary>The shard's id; empty when the batch has no record.</summary>
    public string ShardId { get; private set; } = "";

    /// <summary>The ARN of the event source as the first record names it; empty when it names none.</summary>
    public string StreamArn { get; private set; } = "";

    /// <summary>How many records there are.</summary>
    public int RecordCount { get; private set; }

    /// <summary>How many events the records hold.</summary>
    public int EventCount { get; private set; }

    /// <summary>Reads the payload of a Kinesis invocation, in place of what was read before.</summary>
    /// <param name="payloadJson">The event's JSON, UTF-8. It is not referred to afterwards.</param>
    /// <exception cref="InvalidPayloadException">It is not a Kinesis event; the batch is empty then.</exception>
    public void Read(ReadOnlySpan<byte> payloadJson)
    {
        RecordCount = 0;
        EventCount = 0;
        if (_buffer.Length < payloadJson.Length)
        {
            ReturnBuffer();
            // Decoded or unescaped, nothing gets longer, so the payload's length is enough for all of it.
            _buffer = ArrayPool<byte>.Shared.Rent(payloadJson.Length);
        }
        var entries = new RecordBatchReader(payloadJson, _buffer, _records);
        try
        {
            var count = entries.Read();
            ShardId = entries.ShardId(ShardId);
            StreamArn = entries.StreamArn(StreamArn);
            _records = entries.Entries;
            RecordCount = MergeEntries(count);
        }
        catch
        {
            ShardId = "";
            throw;
        }
        Unpack();
    }

    /// <summary>A record of the batch.</summary>
    /// <param name="index">0 to <see cref="RecordCount"/> - 1.</param>
    public BatchRecord RecordAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)RecordCount, nameof(index));
        ref readonly var record = ref _records[index];
        return new BatchRecord(
            SequenceOf(record),
            Slice(record.Key),
            DateTimeOffset.FromUnixTimeMilliseconds(record.ArrivedAtMilliseconds),
            Slice(record.Blob),
            record.FirstEvent,
            record.EventCount,
            record.BrokenPack);
    }

    /// <summary>An event of the batch, in the order of delivery.</summary>
    /// <param name="index">0 to <see cref="EventCount"/> - 1.</param>
    public Record EventAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)EventCount, nameof(index));
        ref readonly var @event = ref _events[index];
        ref readonly var record = ref _records[@event.Record];
        return new Record(
            Slice(@event.Data),
            Slice(@event.Key),
            new Position(ShardId, SequenceOf(record), index - record.FirstEvent),
            DateTimeOffset.FromUnixTimeMilliseconds(record.ArrivedAtMilliseconds));
    }

    /// <summary>Gives the buffer back to the pool; the batch is empty then and can be read into again.</summary>
    public void Dispose()
    {
        RecordCount = 0;
        EventCount = 0;
        ReturnBuffer();
    }

    /// <summary>Makes neighbours of one sequence number one record; answers how many records there are then.</summary>
    private int MergeEntries(int entryCount)
    {
        // Each entry's event is noted first, so that the entries themselves can move together.
        EnsureEvents(entryCount);
        var records = 0;
        for (var i = 0; i < entryCount; i++)
        {
            var entry = _records[i];
            if (records > 0 && SequenceOf(_records[records - 1]) == SequenceOf(entry))
            {
                _records[records - 1].EventCount++;
            }
            else
            {
                entry.FirstEvent = i;
                entry.EventCount = 1;
                _records[records++] = entry;
            }
            _events[i] = new EventEntry(entry.Blob, entry.Key, records - 1);
        }
        EventCount = entryCount;
        return records;
    }

    private void Unpack()
    {
        _checksums.Clear();
        for (var i = 0; i < RecordCount; i++)
        {
            if (HoldsPack(_records[i]))
            {
                var blob = _records[i].Blob;
                _checksums.Add(_buffer, blob.Start + PackFormat.MagicBytes, blob.Length - PackFormat.FrameBytes);
            }
        }
        if (_checksums.Count == 0)
        {
            return;
        }
        _checksums.Run();
        SpreadEvents();
    }

    /// <summary>Lists the events anew, with those of the packs in their places.</summary>
    private void SpreadEvents()
    {
        var entries = ArrayPool<EventEntry>.Shared.Rent(EventCount);
        _events.AsSpan(0, EventCount).CopyTo(entries);
        EventCount = 0;
        var pack = 0;
        for (var i = 0; i < RecordCount; i++)
        {
            ref var record = ref _records[i];
            var first = record.FirstEvent;
            record.FirstEvent = EventCount;
            if (HoldsPack(record) && AddPack(ref record, i, _checksums.Digest(pack++)))
            {
                continue;
            }
            EnsureEvents(EventCount + record.EventCount);
            entries.AsSpan(first, record.EventCount).CopyTo(_events.AsSpan(EventCount));
            EventCount += record.EventCount;
        }
        ArrayPool<EventEntry>.Shared.Return(entries);
    }

    private bool AddPack(ref RecordEntry record, int index, ReadOnlySpan<byte> checksum)
    {
        var blob = record.Blob;
        if (_packs.ReadPack(_buffer.AsSpan(blob.Start, blob.Length), checksum) == BlobKind.Broken)
        {
            record.BrokenPack = _packs.Reason;
            return false;
        }
        var slices = _packs.Slices;
        EnsureEvents(EventCount + slices.Length);
        foreach (ref readonly var slice in slices)
        {
            _events[EventCount++] = new EventEntry(
                new BufferSlice(blob.Start + slice.DataStart, slice.DataLength),
                new BufferSlice(blob.Start + slice.PartitionKeyStart, slice.PartitionKeyLength),
                index);
        }
        record.EventCount = slices.Length;
        return true;
    }

    private bool HoldsPack(in RecordEntry record) =>
        record.EventCount == 1 && PackReader.IsPack(_buffer.AsSpan(record.Blob.Start, record.Blob.Length));

    private void EnsureEvents(int count)
    {
        if (_events.Length < count)
        {
            Array.Resize(ref _events, Math.Max(count, 2 * _events.Length));
        }
    }

    private SequenceNumber SequenceOf(in RecordEntry record) => new(Slice(record.Sequence));

    private ReadOnlyMemory<byte> Slice(BufferSlice slice) => _buffer.AsMemory(slice.Start, slice.Length);

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private readonly record struct EventEntry(BufferSlice Data, BufferSlice Key, int Record);
}

/// <summary>A record of a batch.</summary>
/// <param name="Sequence">Its sequence number.</param>
/// <param name="PartitionKey">The key it came with, UTF-8; empty when the payload gave none. Of entries that are one
/// record, the first's.</param>
/// <param name="ArrivedAt">When the stream took it, to the millisecond.</param>
/// <param name="Blob">Its data as delivered. Of entries that are one record, the first's.</param>
/// <param name="FirstEvent">The batch's index of its first event.</param>
/// <param name="EventCount">How many events it holds: at least one.</param>
/// <param name="BrokenPack">Why it is a broken pack, its one event being the whole blob; null when it is none.</param>
public readonly record struct BatchRecord(
    SequenceNumber Sequence,
    ReadOnlyMemory<byte> PartitionKey,
    DateTimeOffset ArrivedAt,
    ReadOnlyMemory<byte> Blob,
    int FirstEvent,
    int EventCount,
    string? BrokenPack);

/// <summary>A part of a batch's buffer.</summary>
internal readonly record struct BufferSlice(int Start, int Length);

/// <summary>A record as the payload gives it, and where its events are.</summary>
internal struct RecordEntry
{
    public BufferSlice Sequence;
    public BufferSlice Key;
    public BufferSlice Blob;
    public long ArrivedAtMilliseconds;
    public int FirstEvent;
    public int EventCount;
    public string? BrokenPack;
}
