using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Pipeline.Core;
using Xunit;
using static Pipeline.Tests.Packs.PackBytes;

namespace Pipeline.Tests.Packs;

public sealed class PackWriterTests
{
    private static readonly Slots Slots = new(128);

    /// <summary>Events of which some start as packs do.</summary>
    private static readonly Gen<(string Key, byte[] Data)> Events = Gen.Select(
        Gen.String[Gen.Char.AlphaNumeric, 1, 20],
        Gen.Byte.Array[0, 200],
        Gen.Bool,
        (key, data, magic) => (key, magic ? [.. Magic, .. data] : data));

    private readonly PackWriter _writer = new(Slots);
    private readonly PackReader _reader = new();

    [Fact]
    public void Two_events_make_a_pack_with_the_slots_hash_key_on_each()
    {
        _writer.Begin(3);
        Assert.True(_writer.TryAdd("a"u8.ToArray(), "x"u8.ToArray()));
        Assert.True(_writer.TryAdd("b"u8.ToArray(), "yz"u8.ToArray()));
        Assert.True(_writer.TryAdd("a"u8.ToArray(), ""u8.ToArray()));
        Assert.Equal(3, _writer.Count);
        var entry = _writer.Finish();
        Assert.Equal("3", entry.PartitionKey);
        Assert.Equal(Slots.HashKeyText(3), entry.ExplicitHashKey);
        Assert.Equal(
            Blob(
                PartitionKey("a"),
                PartitionKey("b"),
                HashKey(Slots.HashKeyText(3)),
                Record(KeyIndex(0), HashKeyIndex(0), Data("x")),
                Record(KeyIndex(1), HashKeyIndex(0), Data("yz")),
                Record(KeyIndex(0), HashKeyIndex(0), Data(""))),
            entry.Data.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"id\":\"1\"}")]
    public void A_single_event_travels_as_it_is_with_the_slots_hash_key(string data)
    {
        _writer.Begin(127);
        Assert.True(_writer.TryAdd("ключ"u8.ToArray(), Encoding.UTF8.GetBytes(data)));
        var entry = _writer.Finish();
        Assert.Equal("ключ", entry.PartitionKey);
        Assert.Equal(Slots.HashKeyText(127), entry.ExplicitHashKey);
        Assert.Equal(data, Encoding.UTF8.GetString(entry.Data.Span));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(100)]
    public void A_single_event_that_starts_as_a_pack_becomes_a_pack_of_one(int more)
    {
        byte[] data = [.. Magic, .. new byte[more]];
        Assert.True(PackFormat.StartsAsPack(data));
        _writer.Begin(0);
        Assert.True(_writer.TryAdd("k"u8.ToArray(), data));
        var entry = _writer.Finish();
        Assert.Equal("0", entry.PartitionKey);
        Assert.Equal(BlobKind.Pack, _reader.Read(entry.Data.Span));
        var slice = Assert.Single(_reader.Slices.ToArray());
        Assert.Equal(data, entry.Data.Slice(slice.DataStart, slice.DataLength).ToArray());
    }

    [Fact]
    public void The_size_is_known_to_the_byte() =>
        Gen.Select(Gen.Int[0, 300], Gen.Int[0, 40]).List[2, 60].Sample(events =>
        {
            var exact = Write(new PackWriter(Slots), events)!.Value.Data.Length;
            Assert.Equal(exact, Write(new PackWriter(Slots, exact), events)!.Value.Data.Length);
            Assert.Null(Write(new PackWriter(Slots, Math.Max(exact - 1, PackFormat.PackBytesMin)), events));
        });

    [Fact]
    public void The_first_event_always_fits_and_a_full_pack_takes_no_more()
    {
        _writer.Begin(1);
        Assert.True(_writer.TryAdd("k"u8.ToArray(), new byte[Limits.EventBytesMax]));
        Assert.False(_writer.TryAdd("k"u8.ToArray(), ""u8.ToArray()));
        Assert.Equal(1, _writer.Count);
        Assert.Equal(Limits.EventBytesMax, _writer.Finish().Data.Length);
    }

    [Fact]
    public void Checksums_written_together_are_those_written_singly()
    {
        var sizes = Gen.Int[0, 700].List[1, 40];
        sizes.Sample(counts =>
        {
            var together = new PackWriter(Slots);
            var entries = counts.ConvertAll(count => WriteTwo(together, count, finish: false));
            together.Seal();
            foreach (var entry in entries)
            {
                Assert.Equal(MD5.HashData(entry.Data.Span[4..^16]), entry.Data.Span[^16..]);
            }
            var singly = new PackWriter(Slots);
            Assert.All(entries.Zip(counts), pair =>
                Assert.Equal(WriteTwo(singly, pair.Second, finish: true).Data.ToArray(), pair.First.Data.ToArray()));
        });
    }

    [Fact]
    public void Entries_keep_their_bytes_until_the_writer_is_recycled()
    {
        var entries = Enumerable.Range(0, 400).Select(i => WriteTwo(_writer, 20 * i, finish: true)).ToList();
        Assert.All(entries, entry => Assert.Equal(BlobKind.Pack, _reader.Read(entry.Data.Span)));
        Assert.Equal(40 * 399, _reader.Slices.ToArray().Sum(slice => slice.DataLength));
        _writer.Recycle();
        Assert.Equal(BlobKind.Pack, _reader.Read(WriteTwo(_writer, 9, finish: true).Data.Span));
    }

    [Fact]
    public void The_given_memory_may_change_after_the_pack_is_finished()
    {
        var key = "key"u8.ToArray();
        var data = "data"u8.ToArray();
        _writer.Begin(0);
        _writer.TryAdd(key, data);
        var entry = _writer.Finish();
        data.AsSpan().Clear();
        key.AsSpan().Clear();
        Assert.Equal("data"u8, entry.Data.Span);
        Assert.Equal("key", entry.PartitionKey);
    }

    [Theory]
    [InlineData("")]
    [InlineData("C328")]
    public void A_key_that_is_none_is_refused(string hex)
    {
        _writer.Begin(0);
        Assert.Throws<ArgumentException>(() => _writer.TryAdd(Convert.FromHexString(hex), ""u8.ToArray()));
        Assert.Equal(0, _writer.Count);
    }

    [Fact]
    public void A_writer_used_out_of_order_says_so()
    {
        Assert.Throws<InvalidOperationException>(() => _writer.TryAdd("k"u8.ToArray(), ""u8.ToArray()));
        Assert.Throws<InvalidOperationException>(() => _writer.Finish());
        Assert.Throws<ArgumentOutOfRangeException>(() => _writer.Begin(128));
        _writer.Begin(0);
        Assert.Throws<InvalidOperationException>(() => _writer.Finish());
    }

    [Fact]
    public void Any_events_come_back_as_they_went() =>
        Events.List[1, 80].Sample(events =>
        {
            var writer = new PackWriter(Slots, 2_000);
            var back = PackAll(writer, events).SelectMany(ReadBack).ToList();
            Assert.Equal(
                events.Select(item => item.Key + "=" + Convert.ToHexString(item.Data)),
                back);
        });

    private static List<PutEntry> PackAll(PackWriter writer, List<(string Key, byte[] Data)> events)
    {
        var entries = new List<PutEntry>();
        writer.Begin(5);
        foreach (var (key, data) in events)
        {
            if (!writer.TryAdd(Encoding.UTF8.GetBytes(key), data))
            {
                entries.Add(writer.FinishUnsealed());
                writer.Begin(5);
                Assert.True(writer.TryAdd(Encoding.UTF8.GetBytes(key), data));
            }
        }
        entries.Add(writer.FinishUnsealed());
        writer.Seal();
        return entries;
    }

    private static IEnumerable<string> ReadBack(PutEntry entry)
    {
        var reader = new PackReader();
        var blob = entry.Data.ToArray();
        var kind = reader.Read(blob);
        Assert.NotEqual(BlobKind.Broken, kind);
        return kind == BlobKind.Plain
            ? [entry.PartitionKey + "=" + Convert.ToHexString(blob)]
            : reader.Slices.ToArray().Select(slice =>
                Encoding.UTF8.GetString(blob, slice.PartitionKeyStart, slice.PartitionKeyLength)
                + "=" + Convert.ToHexString(blob, slice.DataStart, slice.DataLength));
    }

    private static PutEntry? Write(PackWriter writer, List<(int DataBytes, int Key)> events)
    {
        writer.Begin(77);
        foreach (var (dataBytes, key) in events)
        {
            if (!writer.TryAdd(Encoding.UTF8.GetBytes(new string('k', 1 + key * 6)), new byte[dataBytes]))
            {
                return null;
            }
        }
        return writer.Finish();
    }

    private static PutEntry WriteTwo(PackWriter writer, int dataBytes, bool finish)
    {
        var data = new byte[dataBytes];
        data.AsSpan().Fill((byte)dataBytes);
        writer.Begin(dataBytes % 128);
        writer.TryAdd("one"u8.ToArray(), data);
        writer.TryAdd("two"u8.ToArray(), data);
        return finish ? writer.Finish() : writer.FinishUnsealed();
    }
}
