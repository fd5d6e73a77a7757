using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pipeline.Core.Json;

/// <summary>The member names of the objects that are open, so that a name given twice is found.</summary>
/// <remarks>
/// A small object compares a new name with its earlier ones, and only when a 64-bit filter says it may be there; a
/// large
/// one is sorted when it closes, by a key and then by the names themselves, so that names made to collide cost no more
/// than n log n. Names compare after unescaping.
/// </remarks>
internal ref struct MemberNames
{
    /// <summary>Names of open objects that need no rented memory.</summary>
    internal const int EntriesOnStack = 96;

    private const int SmallObjectMax = 32;

    private readonly ReadOnlySpan<byte> _text;
    private readonly Span<Frame> _frames;
    private readonly Span<int> _duplicates;
    private Span<Entry> _entries;
    private Entry[]? _rented;
    private int _count;

    internal MemberNames(
        ReadOnlySpan<byte> text, Span<Frame> frames, Span<Entry> entries, Span<int> duplicates)
    {
        _text = text;
        _frames = frames;
        _entries = entries;
        _duplicates = duplicates;
    }

    internal int DuplicateCount { get; private set; }

    internal struct Frame
    {
        internal ulong Filter;
        internal int First;
    }

    internal readonly struct Entry(ulong key, int start, int length, bool escaped) : IComparable<Entry>
    {
        // Escaped names carry the complement of their length.
        private readonly int _length = escaped ? ~length : length;

        internal ulong Key { get; } = key;

        internal int Start { get; } = start;

        internal int Length => _length < 0 ? ~_length : _length;

        internal bool Escaped => _length < 0;

        public int CompareTo(Entry other) =>
            Key != other.Key ? Key.CompareTo(other.Key) : Start.CompareTo(other.Start);
    }

    internal readonly void Open(int depth)
    {
        _frames[depth].Filter = 0;
        _frames[depth].First = _count;
    }

    internal void Add(int start, int length, bool escaped, int depth)
    {
        var key = escaped ? KeyOfEscaped(_text.Slice(start, length)) : Key(_text.Slice(start, length));
        var entry = new Entry(key, start, length, escaped);
        ref var frame = ref _frames[depth];
        var bit = 1UL << (int)(key >> 58);
        if ((frame.Filter & bit) != 0 && _count - frame.First < SmallObjectMax && IsKnown(entry, frame.First))
        {
            AddDuplicate(start);
        }
        frame.Filter |= bit;
        if (_count == _entries.Length)
        {
            Grow();
        }
        _entries[_count++] = entry;
    }

    internal void Close(int depth)
    {
        var first = _frames[depth].First;
        if (_count - first > SmallObjectMax)
        {
            FindDuplicates(_entries[first.._count]);
        }
        _count = first;
    }

    internal void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<Entry>.Shared.Return(_rented);
            _rented = null;
        }
    }

    private readonly bool IsKnown(in Entry entry, int first)
    {
        foreach (ref readonly var earlier in _entries[first.._count])
        {
            if (earlier.Key == entry.Key && Compare(earlier, entry) == 0)
            {
                return true;
            }
        }
        return false;
    }

    private void FindDuplicates(Span<Entry> names)
    {
        names.Sort();
        for (var start = 0; start < names.Length;)
        {
            var end = start + 1;
            while (end < names.Length && names[end].Key == names[start].Key)
            {
                end++;
            }
            if (end - start > 1)
            {
                FindDuplicatesOfOneKey(names[start..end]);
            }
            start = end;
        }
    }

    private void FindDuplicatesOfOneKey(Span<Entry> names)
    {
        SortByName(names);
        for (var index = 1; index < names.Length; index++)
        {
            if (Compare(names[index - 1], names[index]) == 0)
            {
                AddDuplicate(names[index].Start);
            }
        }
    }

    // A heap sort: a comparison needs the text, which a comparer object could not hold. Equal names end in text order.
    private readonly void SortByName(Span<Entry> names)
    {
        for (var root = (names.Length / 2) - 1; root >= 0; root--)
        {
            Sift(names, root);
        }
        for (var last = names.Length - 1; last > 0; last--)
        {
            (names[0], names[last]) = (names[last], names[0]);
            Sift(names[..last], 0);
        }
    }

    private readonly void Sift(Span<Entry> heap, int root)
    {
        while ((2 * root) + 1 is var child && child < heap.Length)
        {
            if (child + 1 < heap.Length && IsBefore(heap[child], heap[child + 1]))
            {
                child++;
            }
            if (!IsBefore(heap[root], heap[child]))
            {
                return;
            }
            (heap[root], heap[child]) = (heap[child], heap[root]);
            root = child;
        }
    }

    private readonly bool IsBefore(in Entry left, in Entry right)
    {
        var order = Compare(left, right);
        return order != 0 ? order < 0 : left.Start < right.Start;
    }

    private readonly int Compare(in Entry left, in Entry right)
    {
        var leftText = _text.Slice(left.Start, left.Length);
        var rightText = _text.Slice(right.Start, right.Length);
        if (!left.Escaped && !right.Escaped)
        {
            return leftText.SequenceCompareTo(rightText);
        }
        using var leftDecoded = JsonText.Decode(leftText, stackalloc byte[JsonText.StackBytes]);
        using var rightDecoded = JsonText.Decode(rightText, stackalloc byte[JsonText.StackBytes]);
        return leftDecoded.Span.SequenceCompareTo(rightDecoded.Span);
    }

    private void AddDuplicate(int start)
    {
        if (DuplicateCount < _duplicates.Length && !_duplicates[..DuplicateCount].Contains(start))
        {
            _duplicates[DuplicateCount++] = start;
        }
    }

    private void Grow()
    {
        var grown = ArrayPool<Entry>.Shared.Rent(_entries.Length * 2);
        _entries.CopyTo(grown);
        Dispose();
        _rented = grown;
        _entries = grown;
    }

    // Length, first and last bytes, mixed: cheap, and right for names people choose; others only sort a little longer.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Key(ReadOnlySpan<byte> name)
    {
        ulong head;
        ulong tail = 0;
        if (name.Length >= sizeof(ulong))
        {
            head = BinaryPrimitives.ReadUInt64LittleEndian(name);
            tail = BinaryPrimitives.ReadUInt64LittleEndian(name[^sizeof(ulong)..]);
        }
        else if (name.Length >= sizeof(uint))
        {
            head = BinaryPrimitives.ReadUInt32LittleEndian(name);
            tail = BinaryPrimitives.ReadUInt32LittleEndian(name[^sizeof(uint)..]);
        }
        else
        {
            head = name.IsEmpty ? 0UL : name[0] | ((ulong)name[name.Length / 2] << 8) | ((ulong)name[^1] << 16);
        }
        var mixed = (head * 0x9E3779B97F4A7C15) ^ BitOperations.RotateLeft(tail * 0xC2B2AE3D27D4EB4F, 31);
        return (mixed ^ (mixed >> 29) ^ (ulong)name.Length) * 0x9E3779B97F4A7C15;
    }

    private static ulong KeyOfEscaped(ReadOnlySpan<byte> name)
    {
        using var decoded = JsonText.Decode(name, stackalloc byte[JsonText.StackBytes]);
        return Key(decoded.Span);
    }
}
