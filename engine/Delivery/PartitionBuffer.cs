using System.Buffers;

namespace Pipeline.Engine.Delivery;

/// <summary>What waits to be written to one partition, in blocks, so that a large buffer is never copied.</summary>
internal sealed class PartitionBuffer(DateTimeOffset openedAt)
{
    private const int BlockBytesMin = 4 * 1024;
    private const int BlockBytesMax = 1024 * 1024;

    private readonly List<ArraySegment<byte>> _full = [];
    private byte[] _block = [];
    private int _used;

    /// <summary>When its first record came.</summary>
    public DateTimeOffset OpenedAt => openedAt;

    public long Length { get; private set; }

    /// <summary>The bytes, in order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Parts =>
        [.. _full.Select(block => (ReadOnlyMemory<byte>)block), _block.AsMemory(0, _used)];

    /// <summary>Adds a record, and a line feed when records are to be delimited.</summary>
    public void Add(ReadOnlySpan<byte> record, bool delimit)
    {
        Write(record);
        if (delimit)
        {
            Write("\n"u8);
        }
    }

    /// <summary>Gives the blocks back, from whatever thread; the buffer is done.</summary>
    public void Release()
    {
        foreach (var block in _full)
        {
            ArrayPool<byte>.Shared.Return(block.Array!);
        }
        ArrayPool<byte>.Shared.Return(_block);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        while (bytes.Length > 0)
        {
            if (_used == _block.Length)
            {
                NextBlock();
            }
            var part = bytes[..Math.Min(bytes.Length, _block.Length - _used)];
            part.CopyTo(_block.AsSpan(_used));
            _used += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    private void NextBlock()
    {
        if (_used > 0)
        {
            _full.Add(new ArraySegment<byte>(_block, 0, _used));
        }
        _block = ArrayPool<byte>.Shared.Rent(Math.Clamp(2 * _block.Length, BlockBytesMin, BlockBytesMax));
        _used = 0;
    }
}
