using System.Globalization;

namespace Pipeline.Core;

/// <summary>What a record's blob is.</summary>
public enum BlobKind
{
    /// <summary>Not a pack: one event, the blob as it is.</summary>
    Plain,

    /// <summary>A pack with at least one sub-record.</summary>
    Pack,

    /// <summary>It starts as a pack but is none.</summary>
    Broken,
}

/// <summary>Where a sub-record lies in its pack's blob: offsets and lengths in bytes.</summary>
/// <param name="HashKeyLength">0 when the sub-record has no explicit hash key.</param>
public readonly record struct PackSlice(
    int PartitionKeyStart,
    int PartitionKeyLength,
    int DataStart,
    int DataLength,
    int HashKeyStart,
    int HashKeyLength);

/// <summary>Unpacks KPL aggregated records in place, without trusting them. Never throws on a blob.</summary>
/// <remarks>
/// A pack with a wrong checksum, length or index, or without any sub-record, is broken as a whole: better one bad row
/// with all the bytes than a part of them. Packs inside packs stay as they are. Not safe for several threads at once;
/// reusable.
/// </remarks>
public sealed class PackReader
{
    private readonly List<Range> _partitionKeys = [];
    private readonly List<Range> _hashKeys = [];
    private PackSlice[] _slices = new PackSlice[64];
    private PendingRecord[] _records = new PendingRecord[64];
    private int _count;

    /// <summary>Why the blob is broken, in a sentence; otherwise null.</summary>
    public string? Reason { get; private set; }

    /// <summary>
    /// The sub-records of a pack in order, until the next <see cref="Read"/>; empty unless it is one.
    /// </summary>
    public ReadOnlySpan<PackSlice> Slices => _slices.AsSpan(0, _count);

    /// <summary>Whether a blob is to be read as a pack: it starts with the magic and is long enough.</summary>
    public static bool IsPack(ReadOnlySpan<byte> blob) =>
        blob.Length >= PackFormat.PackBytesMin && PackFormat.StartsAsPack(blob);

    /// <summary>Reads a blob.</summary>
    public BlobKind Read(ReadOnlySpan<byte> blob)
    {
        if (!IsPack(blob))
        {
            Reason = null;
            _count = 0;
            return BlobKind.Plain;
        }
        Span<byte> checksum = stackalloc byte[Md5.DigestBytes];
        Md5.Hash(Message(blob), checksum);
        return ReadPack(blob, checksum);
    }

    /// <summary>Reads a blob that <see cref="IsPack"/>, the MD5 of its <see cref="Message"/> being known.</summary>
    internal BlobKind ReadPack(ReadOnlySpan<byte> blob, ReadOnlySpan<byte> checksum)
    {
        _partitionKeys.Clear();
        _hashKeys.Clear();
        _count = 0;
        Reason = blob.EndsWith(checksum)
            ? ReadMessage(blob, Message(blob)) ?? Resolve()
            : "The pack's checksum is not the MD5 of its message.";
        if (Reason is null)
        {
            return BlobKind.Pack;
        }
        _count = 0;
        return BlobKind.Broken;
    }

    /// <summary>The protobuf message of a blob that <see cref="IsPack"/>.</summary>
    internal static ReadOnlySpan<byte> Message(ReadOnlySpan<byte> blob) =>
        blob[PackFormat.MagicBytes..^Md5.DigestBytes];

    private string? ReadMessage(ReadOnlySpan<byte> blob, ReadOnlySpan<byte> message)
    {
        var cursor = new ProtobufCursor(message);
        while (!cursor.IsAtEnd)
        {
            var at = cursor.At;
            if (!cursor.TryReadTag(out var field, out var wireType))
            {
                return Broken(at, "holds no field");
            }
            if (field is < 1 or > 3 || wireType != ProtobufCursor.Bytes)
            {
                if (!cursor.TrySkip(field, wireType))
                {
                    return Broken(at, "holds an unknown field that does not end");
                }
                continue;
            }
            if (!cursor.TryReadBytes(out var start, out var length))
            {
                return Broken(at, "holds a field longer than the pack");
            }
            var content = new Range(PackFormat.MagicBytes + start, length);
            var reason = field switch
            {
                1 => AddPartitionKey(blob, content),
                2 => AddHashKey(content),
                _ => ReadRecord(blob, content),
            };
            if (reason is not null)
            {
                return reason;
            }
        }
        return _count == 0 ? "The pack holds no sub-record." : null;
    }

    private string? AddPartitionKey(ReadOnlySpan<byte> blob, Range key)
    {
        if (!PackFormat.IsPartitionKey(blob.Slice(key.Start, key.Length)))
        {
            return Text($"Partition key {_partitionKeys.Count} of the pack is not 1 to 256 characters of valid UTF-8.");
        }
        _partitionKeys.Add(key);
        return null;
    }

    private string? AddHashKey(Range key)
    {
        _hashKeys.Add(key);
        return null;
    }

    private string? ReadRecord(ReadOnlySpan<byte> blob, Range content)
    {
        var record = new PendingRecord();
        var cursor = new ProtobufCursor(blob.Slice(content.Start, content.Length));
        while (!cursor.IsAtEnd)
        {
            var known = cursor.TryReadTag(out var field, out var wireType);
            switch (field, wireType)
            {
                case (1, ProtobufCursor.Varint) when known:
                    known = cursor.TryReadVarint(out record.PartitionKeyIndex);
                    record.HasPartitionKey = true;
                    break;
                case (2, ProtobufCursor.Varint) when known:
                    known = cursor.TryReadVarint(out record.HashKeyIndex);
                    record.HasHashKey = true;
                    break;
                case (3, ProtobufCursor.Bytes) when known:
                    known = cursor.TryReadBytes(out var start, out var length);
                    record.Data = new Range(content.Start + start, length);
                    record.HasData = true;
                    break;
                default:
                    known = known && cursor.TrySkip(field, wireType);
                    break;
            }
            if (!known)
            {
                return Text($"Sub-record {_count} of the pack is not a protobuf message.");
            }
        }
        if (!record.HasData || !record.HasPartitionKey)
        {
            return Text($"Sub-record {_count} of the pack has no {(record.HasData ? "partition key" : "data")}.");
        }
        if (_count == _records.Length)
        {
            Array.Resize(ref _records, 2 * _count);
            Array.Resize(ref _slices, 2 * _count);
        }
        _records[_count++] = record;
        return null;
    }

    /// <summary>Looks the indices up: the tables may stand behind the records.</summary>
    private string? Resolve()
    {
        for (var i = 0; i < _count; i++)
        {
            ref readonly var record = ref _records[i];
            if (record.PartitionKeyIndex >= (ulong)_partitionKeys.Count)
            {
                return WrongIndex(i, "partition key", record.PartitionKeyIndex, _partitionKeys.Count);
            }
            if (record.HasHashKey && record.HashKeyIndex >= (ulong)_hashKeys.Count)
            {
                return WrongIndex(i, "explicit hash key", record.HashKeyIndex, _hashKeys.Count);
            }
            var key = _partitionKeys[(int)record.PartitionKeyIndex];
            var hashKey = record.HasHashKey ? _hashKeys[(int)record.HashKeyIndex] : default;
            _slices[i] = new PackSlice(
                key.Start, key.Length, record.Data.Start, record.Data.Length, hashKey.Start, hashKey.Length);
        }
        return null;
    }

    private static string WrongIndex(int record, string what, ulong index, int count) =>
        Text($"Sub-record {record} of the pack names {what} {index} of {count}.");

    private static string Broken(int at, string what) => Text($"The pack's message {what} at byte {at}.");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Range(int Start, int Length);

    private struct PendingRecord
    {
        public ulong PartitionKeyIndex;
        public ulong HashKeyIndex;
        public Range Data;
        public bool HasPartitionKey;
        public bool HasHashKey;
        public bool HasData;
    }
}
