using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Packs;

/// <summary>
/// The KCL drops a whole pack, without a word, when the effective hash of one sub-record lies outside the hash range of
/// the shard that holds it. Source: amazon-kinesis-client, AggregatorUtil.
/// </summary>
public sealed class KclRuleTests
{
    private static readonly UInt128 HashKeyMax = UInt128.MaxValue;

    public static TheoryData<string, int> Layouts => new()
    {
        { "one shard", 1 },
        { "three shards", 3 },
        { "seven shards", 7 },
        { "three shards, the second split where no slot starts", -3 },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Every_sub_record_lies_in_the_range_of_the_shard_that_stored_it(string layout, int shards)
    {
        var ranges = Ranges(shards);
        foreach (var slotCount in new[] { 64, 128, 1024 })
        {
            var slots = new Slots(slotCount);
            var writer = new PackWriter(slots);
            for (var slot = 0; slot < slotCount; slot++)
            {
                var entry = WriteSlot(writer, slots, slot);
                var (first, last) = ranges.Single(range => IsIn(HashKeyOf(entry), range));
                Assert.All(
                    EffectiveHashes(entry.Data.ToArray()),
                    hash => Assert.True(IsIn(hash, (first, last)), $"{layout}, slot {slot} of {slotCount}"));
            }
        }
    }

    [Fact]
    public void Without_explicit_hash_keys_the_rule_would_be_broken()
    {
        var slots = new Slots(128);
        var ranges = Ranges(3);
        var broken = Enumerable.Range(0, 128).Count(slot =>
        {
            var range = ranges.Single(candidate => IsIn(slots.FirstHashKey(slot), candidate));
            return KeysOf(slots, slot).Any(key => !IsIn(HashOf(key), range));
        });
        Assert.True(broken > 0, "The layouts test nothing: no boundary cuts a slot's keys.");
    }

    private static List<(UInt128 First, UInt128 Last)> Ranges(int shards)
    {
        var count = (UInt128)(uint)Math.Abs(shards);
        var width = HashKeyMax / count;
        var ranges = new List<(UInt128 First, UInt128 Last)>();
        for (UInt128 i = 0; i < count; i++)
        {
            ranges.Add((i * width, i == count - 1 ? HashKeyMax : (i + 1) * width - 1));
        }
        if (shards < 0)
        {
            var (first, last) = ranges[1];
            var cut = first + (last - first) / 3 + 12345;
            ranges[1] = (first, cut - 1);
            ranges.Add((cut, last));
        }
        return ranges;
    }

    private static PutEntry WriteSlot(PackWriter writer, Slots slots, int slot)
    {
        writer.Recycle();
        writer.Begin(slot);
        foreach (var key in KeysOf(slots, slot))
        {
            Assert.True(writer.TryAdd(key, "{}"u8.ToArray()));
        }
        return writer.Finish();
    }

    /// <summary>Forty keys of a slot.</summary>
    private static List<byte[]> KeysOf(Slots slots, int slot) => KeysBySlot(slots.Count)[slot];

    private static readonly Dictionary<int, List<byte[]>[]> Known = [];

    private static List<byte[]>[] KeysBySlot(int slotCount)
    {
        lock (Known)
        {
            if (!Known.TryGetValue(slotCount, out var keys))
            {
                keys = [.. Enumerable.Range(0, slotCount).Select(_ => new List<byte[]>())];
                var slots = new Slots(slotCount);
                for (var i = 0; keys.Any(known => known.Count < 40); i++)
                {
                    var key = Encoding.UTF8.GetBytes("key-" + i.ToString(CultureInfo.InvariantCulture));
                    keys[slots.SlotOf(key)].Add(key);
                }
                Known.Add(slotCount, keys);
            }
            return keys;
        }
    }

    private static UInt128 HashKeyOf(PutEntry entry) =>
        UInt128.Parse(entry.ExplicitHashKey!, CultureInfo.InvariantCulture);

    private static UInt128 HashOf(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt128BigEndian(MD5.HashData(key));

    private static List<UInt128> EffectiveHashes(byte[] blob)
    {
        var reader = new PackReader();
        Assert.Equal(BlobKind.Pack, reader.Read(blob));
        return [.. reader.Slices.ToArray().Select(slice => slice.HashKeyLength > 0
            ? UInt128.Parse(blob.AsSpan(slice.HashKeyStart, slice.HashKeyLength), CultureInfo.InvariantCulture)
            : HashOf(blob.AsSpan(slice.PartitionKeyStart, slice.PartitionKeyLength)))];
    }

    private static bool IsIn(UInt128 hash, (UInt128 First, UInt128 Last) range) =>
        hash >= range.First && hash <= range.Last;
}
