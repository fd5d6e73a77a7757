using System.Text;

namespace Pipeline.Core;

/// <summary>
/// Builds the record that carries a slot's events: a KPL pack of two or more, or a single event as it is.
/// </summary>
/// <remarks>
/// <para>
/// Use: <see cref="Begin"/>, <see cref="TryAdd"/> until it refuses, <see cref="Finish"/>; again for the next pack.
/// </para>
/// <para>
/// Every sub-record carries the slot's first hash key, which also routed the record, as its own explicit hash key: the
/// KCL drops a whole pack when one sub-record lies outside its shard's range. A single event carries it too, under its
/// own partition key. A single event that starts with the pack magic becomes a pack of one.
/// </para>
/// <para>
/// The entries' bytes lie in buffers of the writer and stay valid until <see cref="Recycle"/>. Not safe for several
/// threads at once.
/// </para>
/// </remarks>
public sealed class PackWriter
{
    /// <summary>Bytes of a new buffer, unless one pack needs more.</summary>
    private const int BufferBytes = Limits.FlushBytes;

    private readonly Slots _slots;
    private readonly int _bytesMax;
    private readonly PackKeyTable _keys = new();
    private readonly Md5Many _checksums = new();
    private readonly List<Target> _unsealed = [];

    private SubRecord[] _records = new SubRecord[64];
    private byte[] _buffer = [];
    private int _used;
    private int _slot = -1;
    private long _messageBytes;

    /// <summary>Makes a writer.</summary>
    /// <param name="slots">The slots that packs belong to.</param>
    /// <param name="bytesMax">Largest pack, in bytes of its blob.</param>
    public PackWriter(Slots slots, int bytesMax = Limits.PackBytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, PackFormat.PackBytesMin);
        _slots = slots;
        _bytesMax = bytesMax;
    }

    /// <summary>Events in the pack under way.</summary>
    public int Count { get; private set; }

    /// <summary>Starts a pack, and forgets one begun but not finished.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slot.</exception>
    public void Begin(int slot)
    {
        var hashKeyBytes = _slots.HashKeyText(slot).Length;
        Forget();
        _slot = slot;
        _messageBytes = FieldBytes(hashKeyBytes);
    }

    /// <summary>Adds an event, unless the pack would exceed its size. The first event is always taken.</summary>
    /// <param name="partitionKeyUtf8">1 to 256 characters, left as they are until <see cref="Finish"/>.</param>
    /// <param name="data">The event's bytes, left as they are until <see cref="Finish"/>.</param>
    /// <returns>False when the event does not fit: finish this pack and begin another.</returns>
    /// <exception cref="ArgumentException">The partition key is not one.</exception>
    public bool TryAdd(ReadOnlyMemory<byte> partitionKeyUtf8, ReadOnlyMemory<byte> data)
    {
        ThrowUnlessBegun();
        var index = _keys.IndexOf(partitionKeyUtf8.Span, out var hash);
        var keyIndex = index < 0 ? _keys.Count : index;
        var recordBytes = RecordBytes(keyIndex, data.Length);
        long bytes = FieldBytes(recordBytes) + (index < 0 ? FieldBytes(partitionKeyUtf8.Length) : 0);
        if (Count > 0 && PackFormat.FrameBytes + _messageBytes + bytes > _bytesMax)
        {
            return false;
        }
        if (index < 0)
        {
            if (!PackFormat.IsPartitionKey(partitionKeyUtf8.Span))
            {
                throw new ArgumentException(
                    "A partition key is 1 to 256 characters of valid UTF-8.", nameof(partitionKeyUtf8));
            }
            _keys.Add(partitionKeyUtf8, hash);
        }
        if (Count == _records.Length)
        {
            Array.Resize(ref _records, 2 * Count);
        }
        _records[Count++] = new SubRecord(keyIndex, recordBytes, data);
        _messageBytes += bytes;
        return true;
    }

    /// <summary>Ends the pack and answers the record to put.</summary>
    /// <exception cref="InvalidOperationException">No event was added.</exception>
    public PutEntry Finish()
    {
        var entry = FinishUnsealed();
        Seal();
        return entry;
    }

    /// <summary>
    /// Ends the pack, but leaves its checksum to <see cref="Seal"/>, which must be called before the bytes are used:
    /// the checksums of several packs cost about a third of as many single ones.
    /// </summary>
    /// <exception cref="InvalidOperationException">No event was added.</exception>
    public PutEntry FinishUnsealed()
    {
        ThrowUnlessBegun();
        if (Count == 0)
        {
            throw new InvalidOperationException("A pack needs at least one event.");
        }
        var first = _records[0].Data.Span;
        var hashKey = _slots.HashKeyText(_slot);
        PutEntry entry;
        if (Count == 1 && !PackFormat.StartsAsPack(first))
        {
            var data = Take(first.Length);
            first.CopyTo(data.Span);
            entry = new PutEntry(data, Encoding.UTF8.GetString(_keys.Keys[0].Span), hashKey);
        }
        else
        {
            entry = new PutEntry(WritePack(hashKey), _slots.Name(_slot), hashKey);
        }
        Forget();
        return entry;
    }

    /// <summary>Writes the checksums of all packs finished unsealed.</summary>
    public void Seal()
    {
        _checksums.Run();
        for (var i = 0; i < _unsealed.Count; i++)
        {
            _checksums.Digest(i).CopyTo(_unsealed[i].Buffer.AsSpan(_unsealed[i].At));
        }
        _checksums.Clear();
        _unsealed.Clear();
    }

    /// <summary>Lets the writer use its buffer again: the bytes of all entries so far may change from now on.</summary>
    public void Recycle()
    {
        _used = 0;
        _checksums.Clear();
        _unsealed.Clear();
    }

    private Memory<byte> WritePack(string hashKey)
    {
        var length = checked((int)(PackFormat.FrameBytes + _messageBytes));
        var blob = Take(length);
        var rest = blob.Span;
        PackFormat.Magic.CopyTo(rest);
        rest = rest[PackFormat.MagicBytes..];
        foreach (var key in _keys.Keys)
        {
            rest = WriteField(rest, PackFormat.PartitionKeyTableTag, key.Span);
        }
        rest = WriteHeader(rest, PackFormat.HashKeyTableTag, hashKey.Length);
        rest = rest[Encoding.ASCII.GetBytes(hashKey, rest)..];
        foreach (ref readonly var record in _records.AsSpan(0, Count))
        {
            rest = WriteHeader(rest, PackFormat.RecordTag, record.Bytes);
            rest[0] = PackFormat.PartitionKeyIndexTag;
            rest = rest[(1 + PackFormat.WriteVarint(rest[1..], (uint)record.KeyIndex))..];
            rest[0] = PackFormat.HashKeyIndexTag;
            rest[1] = 0;
            rest = WriteField(rest[2..], PackFormat.DataTag, record.Data.Span);
        }
        _checksums.Add(_buffer, _used - length + PackFormat.MagicBytes, (int)_messageBytes);
        _unsealed.Add(new Target(_buffer, _used - Md5.DigestBytes));
        return blob;
    }

    private Memory<byte> Take(int length)
    {
        if (_buffer.Length - _used < length)
        {
            // The buffer before belongs to the entries made in it.
            _buffer = GC.AllocateUninitializedArray<byte>(Math.Max(BufferBytes, length));
            _used = 0;
        }
        _used += length;
        return _buffer.AsMemory(_used - length, length);
    }

    private void Forget()
    {
        _records.AsSpan(0, Count).Clear();
        _keys.Clear();
        Count = 0;
        _slot = -1;
    }

    private void ThrowUnlessBegun()
    {
        if (_slot < 0)
        {
            throw new InvalidOperationException("No pack was begun.");
        }
    }

    private static int RecordBytes(int keyIndex, int dataBytes) =>
        1 + PackFormat.VarintBytes((uint)keyIndex) + 2 + FieldBytes(dataBytes);

    private static int FieldBytes(int contentBytes) => 1 + PackFormat.VarintBytes((uint)contentBytes) + contentBytes;

    private static Span<byte> WriteHeader(Span<byte> destination, byte tag, int contentBytes)
    {
        destination[0] = tag;
        return destination[(1 + PackFormat.WriteVarint(destination[1..], (uint)contentBytes))..];
    }

    private static Span<byte> WriteField(Span<byte> destination, byte tag, ReadOnlySpan<byte> content)
    {
        var rest = WriteHeader(destination, tag, content.Length);
        content.CopyTo(rest);
        return rest[content.Length..];
    }

    private readonly record struct SubRecord(int KeyIndex, int Bytes, ReadOnlyMemory<byte> Data);

    private readonly record struct Target(byte[] Buffer, int At);
}
