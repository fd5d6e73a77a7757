namespace Pipeline.Core;

/// <summary>The partition keys of a pack under way, each once, in the order first added.</summary>
internal sealed class PackKeyTable
{
    private const int SizeStart = 64;

    private ReadOnlyMemory<byte>[] _keys = new ReadOnlyMemory<byte>[SizeStart];
    private uint[] _hashes = new uint[SizeStart];

    /// <summary>Open addressing, at most half full; an entry is a key's index + 1, or 0.</summary>
    private int[] _buckets = new int[2 * SizeStart];

    public int Count { get; private set; }

    public ReadOnlySpan<ReadOnlyMemory<byte>> Keys => _keys.AsSpan(0, Count);

    /// <summary>A hash of a key's bytes, seeded per process: no data can be made to collide.</summary>
    public static uint Hash(ReadOnlySpan<byte> key)
    {
        var hash = default(HashCode);
        hash.AddBytes(key);
        return (uint)hash.ToHashCode();
    }

    public void Clear()
    {
        _keys.AsSpan(0, Count).Clear();
        _buckets.AsSpan().Clear();
        Count = 0;
    }

    /// <summary>The index of a key, or -1; <paramref name="hash"/> is what <see cref="Add"/> wants to know.</summary>
    public int IndexOf(ReadOnlySpan<byte> key, out uint hash)
    {
        hash = Hash(key);
        var mask = _buckets.Length - 1;
        for (var bucket = (int)hash & mask; _buckets[bucket] != 0; bucket = (bucket + 1) & mask)
        {
            var index = _buckets[bucket] - 1;
            if (_hashes[index] == hash && _keys[index].Span.SequenceEqual(key))
            {
                return index;
            }
        }
        return -1;
    }

    /// <summary>
    /// Adds a key that <see cref="IndexOf"/> did not find; its bytes must stay as they are until <see cref="Clear"/>.
    /// </summary>
    public void Add(ReadOnlyMemory<byte> key, uint hash)
    {
        if (Count == _keys.Length)
        {
            Grow();
        }
        _keys[Count] = key;
        _hashes[Count] = hash;
        Place(Count++);
    }

    private void Grow()
    {
        Array.Resize(ref _keys, 2 * _keys.Length);
        Array.Resize(ref _hashes, _keys.Length);
        _buckets = new int[2 * _keys.Length];
        for (var index = 0; index < Count; index++)
        {
            Place(index);
        }
    }

    private void Place(int index)
    {
        var mask = _buckets.Length - 1;
        var bucket = (int)_hashes[index] & mask;
        while (_buckets[bucket] != 0)
        {
            bucket = (bucket + 1) & mask;
        }
        _buckets[bucket] = index + 1;
    }
}
