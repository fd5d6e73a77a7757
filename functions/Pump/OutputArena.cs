using System.Buffers;
using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>
/// Where a run's outputs are written: blocks that are kept from run to run, so that memory handed out never moves.
/// </summary>
internal sealed class OutputArena : IBufferWriter<byte>
{
    private const int BlockBytes = 256 * 1024;

    private readonly List<byte[]> _blocks = [];
    private int _block;
    private int _used;
    private int _start;

    /// <summary>Bytes written since the last <see cref="Clear"/>.</summary>
    public int Length { get; private set; }

    public void Clear() => (_block, _used, _start, Length) = (0, 0, 0, 0);

    /// <summary>Begins a piece; what is written until <see cref="End"/> stands together.</summary>
    public void Begin() => _start = _used;

    /// <summary>The piece; valid until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> End() =>
        _blocks.Count == 0 ? default : _blocks[_block].AsMemory(_start, _used - _start);

    public void Advance(int count)
    {
        _used += count;
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _blocks[_block].AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Makes room, moving the piece under way to the next block when this one is too short.</summary>
    private void Reserve(int size)
    {
        if (_blocks.Count == 0)
        {
            _blocks.Add(new byte[Math.Max(BlockBytes, size)]);
        }
        if (_blocks[_block].Length - _used >= size)
        {
            return;
        }
        var piece = _blocks[_block].AsSpan(_start, _used - _start);
        var needed = piece.Length + size;
        if (_block + 1 == _blocks.Count || _blocks[_block + 1].Length < needed)
        {
            var length = Math.Max(BlockBytes, Math.Min(2 * needed, needed + Limits.EventBytesMax));
            _blocks.Insert(_block + 1, new byte[length]);
        }
        _block++;
        piece.CopyTo(_blocks[_block]);
        (_start, _used) = (0, piece.Length);
    }
}
