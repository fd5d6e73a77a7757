using System.Buffers;

namespace Pipeline.Core.Json;

/// <summary>Looks for an element that an array has twice, in n log n time whatever the elements are.</summary>
internal static class JsonUnique
{
    // So few elements are compared with each other at once.
    private const int FewMax = 8;

    private readonly struct Entry(ulong hash, int start) : IComparable<Entry>
    {
        internal ulong Hash { get; } = hash;

        internal int Start { get; } = start;

        public int CompareTo(Entry other) =>
            Hash != other.Hash ? Hash.CompareTo(other.Hash) : Start.CompareTo(other.Start);
    }

    /// <summary>The offset of the first element that equals an earlier one; null when there is none.</summary>
    /// <param name="at">The offset of the array.</param>
    internal static int? FindRepeat(ReadOnlySpan<byte> text, int at)
    {
        var rented = ArrayPool<Entry>.Shared.Rent(FewMax);
        var count = 0;
        var elements = new JsonElements(text, at);
        while (elements.MoveNext())
        {
            if (count == rented.Length)
            {
                var grown = ArrayPool<Entry>.Shared.Rent(count * 2);
                rented.AsSpan().CopyTo(grown);
                ArrayPool<Entry>.Shared.Return(rented);
                rented = grown;
            }
            rented[count++] = new Entry(0, elements.ValueStart);
        }
        var entries = rented.AsSpan(0, count);
        var repeat = count <= FewMax ? FindInGroup(text, entries) : FindByHash(text, entries);
        ArrayPool<Entry>.Shared.Return(rented);
        return repeat == int.MaxValue ? null : repeat;
    }

    private static int FindByHash(ReadOnlySpan<byte> text, Span<Entry> entries)
    {
        foreach (ref var entry in entries)
        {
            entry = new Entry(JsonHash.Of(text, entry.Start, out _), entry.Start);
        }
        entries.Sort();
        var repeat = int.MaxValue;
        for (var start = 0; start < entries.Length;)
        {
            var end = start + 1;
            while (end < entries.Length && entries[end].Hash == entries[start].Hash)
            {
                end++;
            }
            repeat = Math.Min(repeat, FindInGroup(text, entries[start..end]));
            start = end;
        }
        return repeat;
    }

    // In the order of the text, each with all before it: a group is small, or its second element ends the search.
    private static int FindInGroup(ReadOnlySpan<byte> text, ReadOnlySpan<Entry> group)
    {
        for (var index = 1; index < group.Length; index++)
        {
            foreach (var earlier in group[..index])
            {
                if (JsonValue.AreEqual(ValueAt(text, earlier.Start), ValueAt(text, group[index].Start)))
                {
                    return group[index].Start;
                }
            }
        }
        return int.MaxValue;
    }

    private static ReadOnlySpan<byte> ValueAt(ReadOnlySpan<byte> text, int at) =>
        text[at..JsonWalk.SkipValue(text, at)];
}
