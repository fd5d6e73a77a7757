namespace Pipeline.Core;

/// <summary>Remembers the slots of the keys seen last, so that keys that come again are not hashed with MD5 again.</summary>
/// <remarks>Direct-mapped, fixed in size, keys copied in. Not safe for several threads at once.</remarks>
/// <param name="slots">The slots to look keys up in.</param>
public sealed class SlotCache(Slots slots)
{
    /// <summary>Longest key that is remembered, in bytes; longer ones are hashed each time.</summary>
    public const int KeyBytesMax = 60;

    private const int EntryCount = 1024;

    private readonly byte[] _keys = new byte[EntryCount * KeyBytesMax];
    private readonly Entry[] _entries = new Entry[EntryCount];

    /// <inheritdoc cref="Slots.SlotOf"/>
    public int SlotOf(ReadOnlySpan<byte> partitionKeyUtf8)
    {
        if (partitionKeyUtf8.Length is 0 or > KeyBytesMax)
        {
            return slots.SlotOf(partitionKeyUtf8);
        }
        var index = (int)(PackKeyTable.Hash(partitionKeyUtf8) % EntryCount);
        ref var entry = ref _entries[index];
        var kept = _keys.AsSpan(index * KeyBytesMax, KeyBytesMax);
        if (!kept[..entry.Length].SequenceEqual(partitionKeyUtf8))
        {
            partitionKeyUtf8.CopyTo(kept);
            entry = new Entry(partitionKeyUtf8.Length, slots.SlotOf(partitionKeyUtf8));
        }
        return entry.Slot;
    }

    private readonly record struct Entry(int Length, int Slot);
}
