using System.Text;
using Pipeline.Core;
using Pipeline.Tests.Packs;
using Xunit;

namespace Pipeline.Tests.Batches;

public sealed class RecordBatchTests : IDisposable
{
    private readonly RecordBatch _batch = new();

    public static TheoryData<string, string> Refused => new()
    {
        { "", "The payload ends where there should be an object, at byte 0 of the payload." },
        { "[]", "There should be an object, at byte 0 of the payload." },
        { "null", "There should be an object, at byte 0 of the payload." },
        { "{}", "The payload has no Records, so it is no Kinesis event, at byte 2 of the payload." },
        { """{"Records":null}""", "There should be the array of Records, at byte 11 of the payload." },
        { """{"Records":[]}x""", "There should be nothing more, at byte 14 of the payload." },
        { """{"Records":[],}""", "There should be a name, at byte 14 of the payload." },
        { """{"Records":[1]}""", "There should be a record, at byte 12 of the payload." },
        {
            """{"Records":[{}]}""",
            "Record 0 has no kinesis, so the payload is no Kinesis event, at byte 14 of the payload."
        },
        {
            """{"Records":[{"body":"an SQS message"}]}""",
            "Record 0 has no kinesis, so the payload is no Kinesis event, at byte 37 of the payload."
        },
        {
            """{"Records":[{"kinesis":null}]}""",
            "There should be the kinesis object of a record, at byte 23 of the payload."
        },
        {
            """{"Records":[{"kinesis":{}}]}""",
            "Record 0 has no sequenceNumber, so the payload is no Kinesis event, at byte 25 of the payload."
        },
        {
            """{"Records":[{"kinesis":{"sequenceNumber":"1"}}]}""",
            "Record 0 has no data, so the payload is no Kinesis event, at byte 45 of the payload."
        },
        {
            """{"Records":[{"kinesis":{"sequenceNumber":"1","data":""}}]}""",
            "Record 0 has no approximateArrivalTimestamp, so the payload is no Kinesis event, "
                + "at byte 55 of the payload."
        },
        {
            """{"Records":[{"kinesis":{"sequenceNumber":"1","data":"","approximateArrivalTimestamp":1}}]}""",
            "Record 0 has no eventID, so the payload is no Kinesis event, at byte 88 of the payload."
        },
        {
            """{"Records":[{"eventID":"1234"}]}""",
            "An eventID is not a shard's id, a colon and a sequence number, at byte 29 of the payload."
        },
        {
            """{"Records":[{"kinesis":{"sequenceNumber":"01"}}]}""",
            "The sequence number of a record is not one, at byte 45 of the payload."
        },
        {
            """{"Records":[{"kinesis":{"sequenceNumber":1}}]}""",
            "There should be the sequence number of a record, at byte 41 of the payload."
        },
        {
            """{"Records":[{"kinesis":{"data":"a"}}]}""",
            "The data of a record is not base64, at byte 34 of the payload."
        },
        {
            """{"Records":[{"kinesis":{"partitionKey":"\ud800"}}]}""",
            "A string is not valid Unicode, at byte 47 of the payload."
        },
        {
            """{"Records":[{"kinesis":{"approximateArrivalTimestamp":"1"}}]}""",
            "There should be the arrival time of a record, at byte 54 of the payload."
        },
        {
            """{"Records":[{"kinesis":{"approximateArrivalTimestamp":01.5}}]}""",
            "The payload is not JSON, at byte 54 of the payload."
        },
        {
            """{"Records":[{"kinesis":{"approximateArrivalTimestamp":1e30}}]}""",
            "The arrival time of a record is out of range, at byte 58 of the payload."
        },
        { """{"Records":[{"x":tru}]}""", "The payload is not JSON, at byte 17 of the payload." },
        { """{"Records":[{"x":"a""", "A string does not end, at byte 18 of the payload." },
    };

    [Fact]
    public void A_record_has_all_that_the_payload_says()
    {
        _batch.Read(Payloads.Of(
            new Entry("4959", "user-1", "first"u8.ToArray(), "1545084650.987"),
            new Entry("4960", "user-2", []), new Entry("4961", "", "third"u8.ToArray())));
        Assert.Equal("shardId-000000000006", _batch.ShardId);
        Assert.Equal(Payloads.Arn, _batch.StreamArn);
        Assert.Equal(3, _batch.RecordCount);
        Assert.Equal(3, _batch.EventCount);
        var record = _batch.RecordAt(0);
        Assert.Equal(SequenceNumber.Parse("4959"), record.Sequence);
        Assert.Equal("user-1"u8, record.PartitionKey.Span);
        Assert.Equal(new DateTimeOffset(2018, 12, 17, 22, 10, 50, 987, TimeSpan.Zero), record.ArrivedAt);
        Assert.Equal("first"u8, record.Blob.Span);
        Assert.Null(record.BrokenPack);
        Assert.True(_batch.RecordAt(1).Blob.IsEmpty);
        var @event = _batch.EventAt(2);
        Assert.Equal(new Position("shardId-000000000006", SequenceNumber.Parse("4961"), 0), @event.Position);
        Assert.Equal("third"u8, @event.Data.Span);
        Assert.True(@event.PartitionKey.IsEmpty);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1545084650", 1_545_084_650_000)]
    [InlineData("1545084650.1", 1_545_084_650_100)]
    [InlineData("1545084650.12", 1_545_084_650_120)]
    [InlineData("1545084650.001", 1_545_084_650_001)]
    [InlineData("1545084650.0005", 1_545_084_650_001)]
    [InlineData("1545084650.98699999", 1_545_084_650_987)]
    [InlineData("1.545084650987E9", 1_545_084_650_987)]
    [InlineData("1545084650987e-3", 1_545_084_650_987)]
    [InlineData("-1.5", -1_500)]
    [InlineData("99999999999.999", 99_999_999_999_999)]
    [InlineData("253402300799", 253_402_300_799_000)]
    public void An_arrival_time_is_exact_to_the_millisecond(string text, long milliseconds)
    {
        _batch.Read(Payloads.Of(new Entry("1", "k", [], text)));
        Assert.Equal(milliseconds, _batch.RecordAt(0).ArrivedAt.ToUnixTimeMilliseconds());
        Assert.Equal(milliseconds, _batch.EventAt(0).ArrivedAt.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void A_pack_is_unpacked_between_plain_records()
    {
        var pack = PackBytes.Blob(
            PackBytes.PartitionKey("a"), PackBytes.PartitionKey("b"),
            PackBytes.Record(PackBytes.KeyIndex(1), PackBytes.Data("one")),
            PackBytes.Record(PackBytes.KeyIndex(0), PackBytes.Data("two")));
        _batch.Read(Payloads.Of(
            new Entry("10", "p", "plain"u8.ToArray()),
            new Entry("11", "3", pack),
            new Entry("12", "q", "last"u8.ToArray())));
        Assert.Equal(["p 10:0 plain", "b 11:0 one", "a 11:1 two", "q 12:0 last"], Events());
        Assert.Equal([(0, 1), (1, 2), (3, 1)], Records().Select(record => (record.FirstEvent, record.EventCount)));
        Assert.Equal(pack, _batch.RecordAt(1).Blob.ToArray());
        Assert.Equal("3"u8, _batch.RecordAt(1).PartitionKey.Span);
    }

    [Fact]
    public void A_broken_pack_is_one_event_of_the_whole_blob()
    {
        var pack = PackOfOne;
        byte[] broken = [.. pack[..^1], (byte)~pack[^1]];
        _batch.Read(Payloads.Of(new Entry("10", "x", pack), new Entry("11", "y", broken), new Entry("12", "z", pack)));
        Assert.Equal(3, _batch.EventCount);
        Assert.Null(_batch.RecordAt(0).BrokenPack);
        Assert.Equal("The pack's checksum is not the MD5 of its message.", _batch.RecordAt(1).BrokenPack);
        Assert.Equal(broken, _batch.EventAt(1).Data.ToArray());
        Assert.Equal("y"u8, _batch.EventAt(1).PartitionKey.Span);
        Assert.Null(_batch.RecordAt(2).BrokenPack);
        Assert.Equal("one"u8, _batch.EventAt(2).Data.Span);
    }

    [Fact]
    public void Entries_of_one_sequence_number_are_one_record_and_not_unpacked_again()
    {
        var inner = PackOfOne;
        var innerText = Encoding.UTF8.GetString(inner);
        _batch.Read(Payloads.Of(
            new Entry("10", "a", inner),
            new Entry("10", "b", "two"u8.ToArray()),
            new Entry("10", "c", "three"u8.ToArray()),
            new Entry("11", "d", inner),
            new Entry("12", "e", "four"u8.ToArray()),
            new Entry("12", "f", "five"u8.ToArray())));
        Assert.Equal(
            [$"a 10:0 {innerText}", "b 10:1 two", "c 10:2 three", "a 11:0 one", "e 12:0 four", "f 12:1 five"],
            Events());
        Assert.Equal([(0, 3), (3, 1), (4, 2)], Records().Select(record => (record.FirstEvent, record.EventCount)));
        Assert.Equal("e"u8, _batch.RecordAt(2).PartitionKey.Span);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_no_Kinesis_event_is_refused_with_its_place(string payload, string message)
    {
        _batch.Read(Payloads.Of(new Entry("10", "p", [])));
        var refused = Assert.Throws<InvalidPayloadException>(() => _batch.Read(Encoding.UTF8.GetBytes(payload)));
        Assert.Equal(message, refused.Message);
        Assert.Equal(0, _batch.RecordCount);
        Assert.Equal(0, _batch.EventCount);
    }

    [Fact]
    public void Records_of_two_shards_are_refused()
    {
        var text = Encoding.UTF8.GetString(Payloads.Of(new Entry("10", "p", []), new Entry("11", "p", [])));
        var mixed = text.Replace("006:11", "007:11", StringComparison.Ordinal);
        var refused = Assert.Throws<InvalidPayloadException>(() => _batch.Read(Encoding.UTF8.GetBytes(mixed)));
        Assert.StartsWith("The records are not all of one shard, at byte ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_not_UTF_8_is_refused()
    {
        var payload = Payloads.Of(new Entry("10", "pp", []));
        payload[payload.AsSpan().IndexOf("pp"u8)] = 0xC3;
        var refused = Assert.Throws<InvalidPayloadException>(() => _batch.Read(payload));
        const string Sentence = "The partition key of a record is not valid UTF-8, at byte ";
        Assert.StartsWith(Sentence, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_records_are_an_empty_batch()
    {
        _batch.Read("""{"Records":[]}"""u8);
        Assert.Equal((0, 0, ""), (_batch.RecordCount, _batch.EventCount, _batch.ShardId));
        Assert.Throws<ArgumentOutOfRangeException>(() => _batch.RecordAt(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _batch.EventAt(0));
    }

    [Fact]
    public void The_last_of_a_repeated_name_wins()
    {
        const string First = """
            {"sequenceNumber":"9","data":"eA==","approximateArrivalTimestamp":1,"partitionKey":"k"}
            """;
        const string Second = """
            {"sequenceNumber":"1","sequenceNumber":"2","data":"eA==","data":"eQ==",
            "approximateArrivalTimestamp":1,"approximateArrivalTimestamp":2.5}
            """;
        var record = $$"""{"eventID":"a:1","kinesis":{{First}},"kinesis":{{Second}}}""";
        _batch.Read(Encoding.UTF8.GetBytes($$"""{"Records":[{{record}},{{record}}],"Records":[{{record}}]}"""));
        Assert.Equal([" 2:0 y"], Events());
        Assert.Equal(2_500, _batch.RecordAt(0).ArrivedAt.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void A_batch_can_be_read_into_again_and_costs_no_memory_then()
    {
        var small = Payloads.Of(new Entry("10", "p", "x"u8.ToArray()));
        var large = Payloads.Of([.. Enumerable.Range(0, 500).Select(i => new Entry($"{100 + i}", "p", new byte[700]))]);
        _batch.Read(large);
        _batch.Read(small);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _batch.Read(large);
        Assert.Equal(500, _batch.EventCount);
        _batch.Read(small);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
        Assert.Equal(["p 10:0 x"], Events());
        _batch.Dispose();
        Assert.Equal(0, _batch.RecordCount);
        _batch.Read(small);
        Assert.Equal(["p 10:0 x"], Events());
    }

    private static byte[] PackOfOne =>
        PackBytes.Blob(PackBytes.PartitionKey("a"), PackBytes.Record(PackBytes.KeyIndex(0), PackBytes.Data("one")));

    public void Dispose() => _batch.Dispose();

    private IEnumerable<BatchRecord> Records() => Enumerable.Range(0, _batch.RecordCount).Select(_batch.RecordAt);

    private string[] Events() => [.. Enumerable.Range(0, _batch.EventCount).Select(_batch.EventAt).Select(item =>
        $"{Encoding.UTF8.GetString(item.PartitionKey.Span)} {item.Position.Sequence}:{item.Position.Index} "
        + Encoding.UTF8.GetString(item.Data.Span))];
}
