using System.Security.Cryptography;
using CsCheck;
using Pipeline.Core;
using Xunit;
using static Pipeline.Tests.Packs.PackBytes;

namespace Pipeline.Tests.Packs;

public sealed class PackReaderTests
{
    private readonly PackReader _reader = new();

    public static TheoryData<string, byte[]> PlainBlobs => new()
    {
        { "nothing", [] },
        { "text", "{\"id\":\"1\"}"u8.ToArray() },
        { "the magic alone", Magic },
        { "the magic cut short", Magic[..3] },
        { "the magic and too little behind it", [.. Magic, .. new byte[16]] },
        { "the magic and the MD5 of nothing", Blob([]) },
        { "a pack behind another byte", [0, .. Blob(PartitionKey("k"), Record(KeyIndex(0), Data("d")))] },
    };

    public static TheoryData<string, byte[], string[]> GoodPacks => new()
    {
        { "one sub-record", Blob(PartitionKey("k"), Record(KeyIndex(0), Data("d"))), ["k=d"] },
        { "empty data", Blob(PartitionKey("k"), Record(KeyIndex(0), Data(""))), ["k="] },
        {
            "tables behind the records",
            Blob(Record(KeyIndex(1), HashKeyIndex(0), Data("d")), HashKey("7"), PartitionKey("a"), PartitionKey("b")),
            ["b=d"]
        },
        { "fields of a record in another order", Blob(PartitionKey("k"), Record(Data("d"), KeyIndex(0))), ["k=d"] },
        {
            "the last of a repeated field",
            Blob(
                PartitionKey("a"),
                PartitionKey("b"),
                Record(KeyIndex(7), Data("x"), KeyIndex(1), Data("y"), HashKeyIndex(9), HashKeyIndex(0)),
                HashKey("0")),
            ["b=y"]
        },
        {
            "tags",
            Blob(PartitionKey("k"), Record(KeyIndex(0), Data("d"), Field(4, Field(1, "t"u8.ToArray())))),
            ["k=d"]
        },
        {
            "an unknown number",
            Blob([9 << 3, 0x96, 0x01], PartitionKey("k"), Record([9 << 3, 0x01], KeyIndex(0), Data("d"))),
            ["k=d"]
        },
        {
            "an unknown fixed64",
            Blob([9 << 3 | 1, 1, 2, 3, 4, 5, 6, 7, 8], PartitionKey("k"), Record(KeyIndex(0), Data("d"))),
            ["k=d"]
        },
        {
            "an unknown fixed32",
            Blob(PartitionKey("k"), Record([9 << 3 | 5, 1, 2, 3, 4], KeyIndex(0), Data("d"))),
            ["k=d"]
        },
        {
            "an unknown text",
            Blob(Field(100_000, "abc"u8.ToArray()), PartitionKey("k"), Record(KeyIndex(0), Data("d"))),
            ["k=d"]
        },
        {
            "unknown groups, one in the other",
            Blob(
                [9 << 3 | 3, 10 << 3 | 3, 1 << 3, 5, 10 << 3 | 4, 9 << 3 | 4],
                PartitionKey("k"),
                Record(KeyIndex(0), Data("d"))),
            ["k=d"]
        },
        {
            "a known field of another wire type",
            Blob([1 << 3, 5], PartitionKey("k"), Record([3 << 3, 1], KeyIndex(0), Data("d"))),
            ["k=d"]
        },
        {
            "a long number",
            Blob(
                PartitionKey("k"),
                Record([1 << 3, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], Data("d"))),
            ["k=d"]
        },
        {
            "a pack inside",
            Blob(PartitionKey("k"), Record(KeyIndex(0), Field(3, [.. Magic, .. new byte[17]]))),
            ["k=" + System.Text.Encoding.UTF8.GetString([.. Magic, .. new byte[17]])]
        },
        {
            "256 characters of four bytes",
            Blob(PartitionKey(string.Concat(Enumerable.Repeat("😀", 256))), Record(KeyIndex(0), Data("d"))),
            [string.Concat(Enumerable.Repeat("😀", 256)) + "=d"]
        },
    };

    public static TheoryData<byte[], string> BrokenPacks => new()
    {
        {
            [.. Blob(PartitionKey("k"), Record(KeyIndex(0), Data("d")))[..^1], 0],
            "The pack's checksum is not the MD5 of its message."
        },
        { Blob(PartitionKey("k")), "The pack holds no sub-record." },
        { Blob(PartitionKey("k"), Record(KeyIndex(0))), "Sub-record 0 of the pack has no data." },
        { Blob(PartitionKey("k"), Record(Data("d"))), "Sub-record 0 of the pack has no partition key." },
        {
            Blob(PartitionKey("k"), Record(KeyIndex(0), Data("d")), Record(KeyIndex(1), Data("d"))),
            "Sub-record 1 of the pack names partition key 1 of 1."
        },
        {
            Blob(PartitionKey("k"), Record(KeyIndex(ulong.MaxValue), Data("d"))),
            "Sub-record 0 of the pack names partition key 18446744073709551615 of 1."
        },
        {
            Blob(PartitionKey("k"), Record(KeyIndex(0), HashKeyIndex(0), Data("d"))),
            "Sub-record 0 of the pack names explicit hash key 0 of 0."
        },
        {
            Blob(PartitionKey("k"), HashKey("0"), Record(KeyIndex(0), HashKeyIndex(1), Data("d"))),
            "Sub-record 0 of the pack names explicit hash key 1 of 1."
        },
        {
            Blob(PartitionKey(""), Record(KeyIndex(0), Data("d"))),
            "Partition key 0 of the pack is not 1 to 256 characters of valid UTF-8."
        },
        {
            Blob(PartitionKey(new string('k', 257)), Record(KeyIndex(0), Data("d"))),
            "Partition key 0 of the pack is not 1 to 256 characters of valid UTF-8."
        },
        {
            Blob(PartitionKey("k"), Field(1, [0xC3, 0x28]), Record(KeyIndex(0), Data("d"))),
            "Partition key 1 of the pack is not 1 to 256 characters of valid UTF-8."
        },
        { Blob([1 << 3 | 2, 0x7F, 0x61]), "The pack's message holds a field longer than the pack at byte 0." },
        {
            Blob([1 << 3 | 2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
            "The pack's message holds a field longer than the pack at byte 0."
        },
        {
            Blob(PartitionKey("k"), Record(KeyIndex(0), [3 << 3 | 2, 2, 0x61])),
            "Sub-record 0 of the pack is not a protobuf message."
        },
        { Blob(PartitionKey("k"), Record([1 << 3, 0x80])), "Sub-record 0 of the pack is not a protobuf message." },
        { Blob([0x00, 0x00]), "The pack's message holds no field at byte 0." },
        { Blob([0x80]), "The pack's message holds no field at byte 0." },
        { Blob([9 << 3 | 3, 1 << 3, 1]), "The pack's message holds an unknown field that does not end at byte 0." },
        { Blob([9 << 3 | 3, 8 << 3 | 4]), "The pack's message holds an unknown field that does not end at byte 0." },
        { Blob([9 << 3 | 4]), "The pack's message holds an unknown field that does not end at byte 0." },
        { Blob([9 << 3 | 6]), "The pack's message holds an unknown field that does not end at byte 0." },
        { Blob([9 << 3 | 1, 0, 0]), "The pack's message holds an unknown field that does not end at byte 0." },
        {
            Blob([.. Enumerable.Repeat((byte)(9 << 3 | 3), 101), .. Enumerable.Repeat((byte)(9 << 3 | 4), 101)]),
            "The pack's message holds an unknown field that does not end at byte 0."
        },
    };

    [Theory]
    [MemberData(nameof(PlainBlobs))]
    public void What_is_no_pack_is_plain(string what, byte[] blob)
    {
        Assert.True(_reader.Read(blob) == BlobKind.Plain, what);
        Assert.Null(_reader.Reason);
        Assert.True(_reader.Slices.IsEmpty);
    }

    [Theory]
    [MemberData(nameof(GoodPacks))]
    public void A_pack_gives_its_sub_records_in_order(string what, byte[] blob, string[] expected)
    {
        Assert.True(_reader.Read(blob) == BlobKind.Pack, what + ": " + _reader.Reason);
        Assert.Null(_reader.Reason);
        Assert.Equal(expected, Texts(_reader, blob));
    }

    [Theory]
    [MemberData(nameof(BrokenPacks))]
    public void A_broken_pack_says_why(byte[] blob, string reason)
    {
        Assert.Equal(BlobKind.Broken, _reader.Read(blob));
        Assert.Equal(reason, _reader.Reason);
        Assert.True(_reader.Slices.IsEmpty);
    }

    [Fact]
    public void A_reader_forgets_the_blob_before()
    {
        Assert.Equal(BlobKind.Broken, _reader.Read(Blob(PartitionKey("k"))));
        Assert.Equal(BlobKind.Pack, _reader.Read(Blob(PartitionKey("a"), Record(KeyIndex(0), Data("1")))));
        Assert.Null(_reader.Reason);
        Assert.Equal(BlobKind.Broken, _reader.Read(Blob(Record(KeyIndex(0), Data("2")))));
        Assert.Equal(BlobKind.Plain, _reader.Read("text"u8));
        Assert.True(_reader.Slices.IsEmpty);
    }

    [Fact]
    public void No_mutation_of_a_pack_makes_the_reader_throw_or_step_outside()
    {
        var good = Blob(
            PartitionKey("a"), PartitionKey("b"), HashKey("12"), [9 << 3 | 3, 1 << 3, 5, 9 << 3 | 4],
            Record(KeyIndex(0), HashKeyIndex(0), Data("first")), Record(KeyIndex(1), Data("second")));
        var message = good[4..^16];
        var mutation = Gen.Select(Gen.Int[0, message.Length - 1], Gen.Byte, Gen.Int[0, 2]);
        Gen.Select(mutation.List[1, 4], Gen.Bool).Sample(
            (mutations, sealedAnew) =>
            {
                var bytes = message.ToList();
                foreach (var (at, value, kind) in mutations)
                {
                    Mutate(bytes, Math.Min(at, bytes.Count - 1), value, kind);
                }
                byte[] mutated = [.. bytes];
                byte[] blob = [.. Magic, .. mutated, .. sealedAnew ? MD5.HashData(mutated) : good[^16..]];
                CheckBounds(blob);
            },
            iter: 20_000);
    }

    private static void Mutate(List<byte> bytes, int at, byte value, int kind)
    {
        switch (kind)
        {
            case 0:
                bytes[at] = value;
                break;
            case 1:
                bytes.Insert(at, value);
                break;
            default:
                bytes.RemoveAt(at);
                break;
        }
    }

    private static void CheckBounds(byte[] blob)
    {
        var reader = new PackReader();
        var kind = reader.Read(blob);
        Assert.Equal(kind == BlobKind.Broken, reader.Reason is not null);
        Assert.Equal(kind == BlobKind.Pack, !reader.Slices.IsEmpty);
        foreach (var slice in reader.Slices)
        {
            Assert.InRange(slice.PartitionKeyLength, 1, 1024);
            Assert.InRange(slice.PartitionKeyStart + slice.PartitionKeyLength, 5, blob.Length - 16);
            Assert.InRange(slice.DataStart + slice.DataLength, 5, blob.Length - 16);
            Assert.InRange(slice.HashKeyStart + slice.HashKeyLength, 0, blob.Length - 16);
        }
    }
}
