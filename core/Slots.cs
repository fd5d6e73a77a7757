using System.Globalization;
using System.Numerics;

namespace Pipeline.Core;

/// <summary>
/// The partition-key space cut into equal slots: a key's slot is the top bits of its MD5, whatever the shards are.
/// </summary>
/// <remarks>
/// A slot travels as one: its records carry its first hash key as explicit hash key, so they all go to the shard that
/// holds that key, even when a shard's boundary cuts the slot. Safe for several threads.
/// </remarks>
public sealed class Slots
{
    private const int HashKeyBits = 128;

    private readonly int _bits;
    private readonly string?[] _names;
    private readonly string?[] _hashKeyTexts;

    /// <summary>Cuts the space.</summary>
    /// <param name="count">How many slots: a power of two, 1 to <see cref="Limits.SlotsMax"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is not a power of two or out of range.</exception>
    public Slots(int count)
    {
        if (count is < 1 or > Limits.SlotsMax || !BitOperations.IsPow2(count))
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, string.Create(
                CultureInfo.InvariantCulture,
                $"The number of slots must be a power of two from 1 to {Limits.SlotsMax}."));
        }
        Count = count;
        _bits = BitOperations.Log2((uint)count);
        _names = new string?[count];
        _hashKeyTexts = new string?[count];
    }

    /// <summary>How many slots there are.</summary>
    public int Count { get; }

    /// <summary>The slot of a partition key, 0 to <see cref="Count"/> - 1.</summary>
    /// <param name="partitionKeyUtf8">The key as UTF-8, as Kinesis hashes it.</param>
    public int SlotOf(ReadOnlySpan<byte> partitionKeyUtf8) =>
        (int)(((ulong)Md5.First32Bits(partitionKeyUtf8) << _bits) >> 32);

    /// <summary>The first hash key of a slot.</summary>
    public UInt128 FirstHashKey(int slot)
    {
        ThrowUnlessSlot(slot);
        return _bits == 0 ? UInt128.Zero : (UInt128)(uint)slot << (HashKeyBits - _bits);
    }

    /// <summary>The first hash key of a slot as the decimal text that Kinesis takes as ExplicitHashKey.</summary>
    public string HashKeyText(int slot)
    {
        ThrowUnlessSlot(slot);
        return _hashKeyTexts[slot] ??= FirstHashKey(slot).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The slot's number as text: the partition key of its packs.</summary>
    public string Name(int slot)
    {
        ThrowUnlessSlot(slot);
        return _names[slot] ??= slot.ToString(CultureInfo.InvariantCulture);
    }

    private void ThrowUnlessSlot(int slot)
    {
        if ((uint)slot >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(slot), slot, string.Create(
                CultureInfo.InvariantCulture,
                $"A slot is a number from 0 to {Count - 1}."));
        }
    }
}
