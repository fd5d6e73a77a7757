using System.Text;
using System.Text.Json;
using CsCheck;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Batches;

public sealed class RecordBatchWriterTests
{
    private const string Role = "arn:aws:iam::123456789012:role/lambda-role";

    private static readonly Gen<(string Key, byte[] Data, long Milliseconds)> Records =
        Gen.Select(Gen.String[0, 30], Gen.Byte.Array[0, 300], Gen.Long[0, 9_999_999_999_999]);

    private static readonly DateTimeOffset Arrival = DateTimeOffset.FromUnixTimeMilliseconds(1_545_084_650_987);

    [Fact]
    [Trait("Rule", "mapping.event")]
    public void A_payload_is_what_Lambda_writes()
    {
        var writer = new RecordBatchWriter();
        Begin(writer);
        Assert.True(writer.TryAdd(SequenceNumber.Parse("4959"), "user-1"u8, "first"u8, Arrival));
        var early = DateTimeOffset.FromUnixTimeMilliseconds(5);
        Assert.True(writer.TryAdd(SequenceNumber.Parse("4960"), "user-2"u8, [], early));
        Assert.Equal(2, writer.Count);
        Assert.Equal(
            Payloads.Of(new Entry("4959", "user-1", "first"u8.ToArray()), new Entry("4960", "user-2", [], "0.005")),
            writer.Finish().ToArray());
    }

    [Fact]
    public void No_records_make_an_empty_payload()
    {
        var writer = new RecordBatchWriter(14);
        Begin(writer);
        Assert.False(writer.TryAdd(SequenceNumber.Parse("1"), "k"u8, [], Arrival));
        Assert.Equal("""{"Records":[]}"""u8, writer.Finish().Span);
    }

    [Fact]
    public void What_is_written_is_read_back_and_is_as_long_as_was_said() =>
        Records.List[1, 30].Sample(items =>
        {
            var writer = new RecordBatchWriter();
            Begin(writer);
            for (var i = 0; i < items.Count; i++)
            {
                Assert.True(Add(writer, i, items[i]));
            }
            var length = writer.Length;
            var payload = writer.Finish();
            Assert.Equal(length, payload.Length);
            using var document = JsonDocument.Parse(payload);
            using var batch = new RecordBatch();
            batch.Read(payload.Span);
            Assert.Equal(items.Count, batch.RecordCount);
            for (var i = 0; i < items.Count; i++)
            {
                var record = batch.RecordAt(i);
                Assert.Equal(Encoding.UTF8.GetBytes(items[i].Key), record.PartitionKey.ToArray());
                Assert.Equal(items[i].Data, record.Blob.ToArray());
                Assert.Equal(items[i].Milliseconds, record.ArrivedAt.ToUnixTimeMilliseconds());
            }
        });

    [Fact]
    [Trait("Rule", "mapping.payload-limit")]
    public void A_payload_is_filled_to_its_last_byte_and_not_beyond() =>
        Records.List[1, 10].Sample(items =>
        {
            var free = new RecordBatchWriter();
            Begin(free);
            Assert.All(items, item => Assert.True(Add(free, 7, item)));
            foreach (var missing in new[] { 0, 1 })
            {
                var bound = new RecordBatchWriter(free.Length - missing);
                Begin(bound);
                Assert.All(items[..^1], item => Assert.True(Add(bound, 7, item)));
                Assert.Equal(missing == 0, Add(bound, 7, items[^1]));
                Assert.Equal(items.Count - missing, bound.Count);
                using var document = JsonDocument.Parse(bound.Finish());
            }
        });

    [Fact]
    public void Names_are_escaped()
    {
        var writer = new RecordBatchWriter();
        writer.Begin("shard\"1", "arn\\stream", "région", Role);
        Assert.True(writer.TryAdd(SequenceNumber.Parse("1"), "k"u8, [], Arrival));
        using var batch = new RecordBatch();
        batch.Read(writer.Finish().Span);
        Assert.Equal("shard\"1", batch.ShardId);
        Assert.Equal("arn\\stream", batch.StreamArn);
    }

    [Fact]
    public void A_writer_used_out_of_order_says_so()
    {
        var writer = new RecordBatchWriter();
        Assert.Throws<InvalidOperationException>(() => writer.Finish());
        Assert.Throws<InvalidOperationException>(() => writer.TryAdd(SequenceNumber.Parse("1"), "k"u8, [], Arrival));
        Begin(writer);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            writer.TryAdd(SequenceNumber.Parse("1"), "k"u8, [], DateTimeOffset.UnixEpoch.AddMilliseconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordBatchWriter(13));
    }

    private static void Begin(RecordBatchWriter writer) =>
        writer.Begin(Payloads.Shard, Payloads.Arn, "us-east-2", Role);

    private static bool Add(
        RecordBatchWriter writer, int sequence, (string Key, byte[] Data, long Milliseconds) item) => writer.TryAdd(
        SequenceNumber.Parse($"{1000 + sequence}"),
        Encoding.UTF8.GetBytes(item.Key),
        item.Data,
        DateTimeOffset.FromUnixTimeMilliseconds(item.Milliseconds));
}
