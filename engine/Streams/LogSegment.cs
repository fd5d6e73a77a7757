using System.Buffers.Binary;
using Pipeline.Core;

namespace Pipeline.Engine.Streams;

/// <summary>A record as a shard's log keeps it; its memory stays valid.</summary>
/// <param name="Counter">How many records the shard took before it.</param>
public readonly record struct LoggedRecord(
    long Counter,
    SequenceNumber Sequence,
    ReadOnlyMemory<byte> PartitionKey,
    ReadOnlyMemory<byte> Data,
    DateTimeOffset ArrivedAt)
{
    /// <summary>Which event of a pack it is, when packs come unpacked; 0 for a whole record.</summary>
    public int Entry { get; init; }
}

/// <summary>A piece of a shard's log: records one after the other in one block of bytes.</summary>
/// <remarks>
/// Frame: arrival (8, ms), data length (4), key length (2), sequence number (56), key, data; little-endian.
/// </remarks>
internal sealed class LogSegment(int number, long firstCounter)
{
    /// <summary>Bytes of a record beside its key and its data.</summary>
    public const int HeaderBytes = 8 + 4 + 2 + SequenceCounter.Digits;

    private byte[]? _bytes;

    /// <summary>Bytes to begin with: more when the shard is known to be busy.</summary>
    public int Capacity { get; init; } = 4 * 1024;

    /// <summary>Its place in the log, from 0.</summary>
    public int Number => number;

    /// <summary>The counter of its first record.</summary>
    public long FirstCounter => firstCounter;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Records written.</summary>
    public int Count { get; private set; }

    /// <summary>Arrival of its last record.</summary>
    public DateTimeOffset LastArrival { get; private set; }

    /// <summary>A segment that was stored and is not in memory.</summary>
    public static LogSegment Stored(int number, long firstCounter, int count, int length, DateTimeOffset lastArrival) =>
        new(number, firstCounter) { Count = count, Length = length, LastArrival = lastArrival };

    /// <summary>The segment's bytes, when they are in memory.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Length);

    public bool IsInMemory => _bytes is not null || Length == 0;

    /// <summary>The same segment with its bytes, for a reader that is behind.</summary>
    public LogSegment WithBytes(byte[] bytes) =>
        new(number, firstCounter) { _bytes = bytes, Count = Count, Length = Length, LastArrival = LastArrival };

    /// <summary>Lets go of the bytes; readers that are inside keep theirs.</summary>
    public LogSegment WithoutBytes() => Stored(number, firstCounter, Count, Length, LastArrival);

    /// <summary>Adds a record and gives its sequence number's place to be written.</summary>
    public SequenceNumber Append(
        SequenceCounter sequence, DateTimeOffset now, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        var size = HeaderBytes + key.Length + data.Length;
        Reserve(size);
        var frame = _bytes.AsSpan(Length, size);
        BinaryPrimitives.WriteInt64LittleEndian(frame, now.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], data.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[12..], (ushort)key.Length);
        sequence.Write(now, frame[14..]);
        key.CopyTo(frame[HeaderBytes..]);
        data.CopyTo(frame[(HeaderBytes + key.Length)..]);
        var number = new SequenceNumber(_bytes.AsMemory(Length + 14, SequenceCounter.Digits));
        Length += size;
        Count++;
        LastArrival = now;
        return number;
    }

    /// <summary>Reads the record at an offset and moves the offset past it.</summary>
    public LoggedRecord Read(ref int offset, long counter)
    {
        var bytes = _bytes.AsMemory();
        var header = _bytes.AsSpan(offset, HeaderBytes);
        var arrived = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(header));
        var dataLength = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        var keyLength = BinaryPrimitives.ReadUInt16LittleEndian(header[12..]);
        var record = new LoggedRecord(
            counter,
            new SequenceNumber(bytes.Slice(offset + 14, SequenceCounter.Digits)),
            bytes.Slice(offset + HeaderBytes, keyLength),
            bytes.Slice(offset + HeaderBytes + keyLength, dataLength),
            arrived);
        offset += HeaderBytes + keyLength + dataLength;
        return record;
    }

    private void Reserve(int size)
    {
        if (_bytes is null)
        {
            _bytes = new byte[Math.Max(size, Capacity)];
        }
        else if (_bytes.Length - Length < size)
        {
            Array.Resize(ref _bytes, Math.Max(Length + size, 2 * _bytes.Length));
        }
    }
}
