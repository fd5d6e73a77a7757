using System.Text;
using Amazon.Lambda.KinesisEvents;
using Pipeline.Core;
using Pipeline.Functions;
using Pipeline.Functions.Pump;
using Pipeline.Tests.Aws;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>Functions at their door: bytes in, bytes out.</summary>
public class RecordBatchSerializerTests
{
    [Fact]
    public void A_report_is_written_as_the_platform_reads_it()
    {
        Assert.Equal("""{"batchItemFailures":[]}""", Serialize(new StreamsEventResponse { BatchItemFailures = [] }));
        Assert.Equal(
            """{"batchItemFailures":[{"itemIdentifier":"495"}]}""",
            Serialize(new StreamsEventResponse { BatchItemFailures = [new() { ItemIdentifier = "495" }] }));
    }

    [Fact]
    public void A_payload_larger_than_the_buffer_is_read_whole_and_the_next_one_replaces_it()
    {
        using var serializer = new RecordBatchSerializer();
        var large = new byte[1_000_000];
        new Random(3).NextBytes(large);

        var batch = Read(serializer, PumpBench.Payload(new Delivered(1, "a", large), new Delivered(2, "b", [1])));
        Assert.Equal(large, batch.EventAt(0).Data);
        Assert.Equal(2, batch.RecordCount);

        Assert.Same(batch, Read(serializer, PumpBench.Payload(new Delivered(7, "c", [2]))));
        Assert.Equal("7",
            Assert.Single(Enumerable.Range(0, batch.RecordCount).Select(i => batch.RecordAt(i).Sequence.ToString())));
    }

    [Fact]
    public void A_payload_that_comes_in_pieces_is_read_whole()
    {
        using var serializer = new RecordBatchSerializer();
        using var pieces = new Trickle(PumpBench.Payload(PumpBench.Plain(1), PumpBench.Plain(2)));

        Assert.Equal(2, serializer.Deserialize<RecordBatch>(pieces).EventCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"Records\":[{}]}")]
    [InlineData("{\"Records\":[{\"body\":\"a message of a queue\"}]}")]
    public void A_payload_that_is_no_kinesis_event_is_an_error_of_the_invocation(string payload)
    {
        using var serializer = new RecordBatchSerializer();

        Assert.Throws<InvalidPayloadException>(() => Read(serializer, Encoding.UTF8.GetBytes(payload)));
    }

    [Fact]
    public void Other_types_than_a_batch_and_a_report_are_refused()
    {
        using var serializer = new RecordBatchSerializer();
        using var stream = new MemoryStream();

        Assert.Throws<NotSupportedException>(() => serializer.Deserialize<string>(stream));
        Assert.Throws<NotSupportedException>(() => serializer.Serialize("report", stream));
    }

    [Fact]
    public void Bytes_in_are_bytes_out_through_validate_and_enrich()
    {
        var bench = new PumpBench();
        var good = Deploy;
        var bad = good.Replace("deploy.finished", "nobody.knows", StringComparison.Ordinal);

        var answer = Invoke(bench, "Validate", PumpBench.Payload(PumpBench.Raw(1, good), PumpBench.Raw(2, bad)));

        Assert.Equal("""{"batchItemFailures":[]}""", answer);
        var (key, validated) = Assert.Single(bench.Stream.Events);
        Assert.Equal(("key", good[..^1] + ",\"rawposition\":\"3:1:0\"}"), (key, Encoding.UTF8.GetString(validated)));
        Assert.StartsWith("rejected/Validate/", Assert.Single(bench.Bucket.Objects.Keys), StringComparison.Ordinal);
        var row = Assert.Single(bench.BadRows);
        Assert.Equal(("unknown-type", "3:2:0"), (row.Reason, row.Json.GetProperty("rawposition").GetString()));
        Assert.Equal(Product.Version, row.Json.GetProperty("version").GetString());

        bench.Stream.Accepted.Clear();
        Assert.Equal("""{"batchItemFailures":[]}""",
            Invoke(bench, "Enrich", PumpBench.Payload(new Delivered(9, key, validated))));
        Assert.Equal(
            Encoding.UTF8.GetString(validated)[..^1] + ",\"eventdate\":\"2026-03-01\"}",
            Encoding.UTF8.GetString(Assert.Single(bench.Stream.Events).Data));
    }

    [Fact]
    public void A_record_that_must_come_again_is_named_in_the_answer()
    {
        var bench = new PumpBench();
        bench.Stream.Throttles = (_, _) => true;

        Assert.Equal(
            """{"batchItemFailures":[{"itemIdentifier":"4"}]}""",
            Invoke(bench, "Validate", PumpBench.Payload(PumpBench.Raw(3, "?"), PumpBench.Raw(4, Deploy))));
    }

    private static string Deploy => EventJson.Of("1", """{"service":"a","version":"1"}""", "deploy.finished");

    private static string Invoke(PumpBench bench, string name, byte[] payload)
    {
        var environment = new Dictionary<string, string>
        {
            ["OUTPUT_STREAM"] = "output",
            ["FUNCTION_TIMEOUT_SECONDS"] = "60",
            ["LAMBDA_TASK_ROOT"] = Repository.PathOf("functions"),
        };
        var function = Catalogue.Find(name)(environment, bench.Ports, bench.Scheduler.Clock);
        Assert.Equal(name, function.Name);
        var context = new FakeContext(bench.Scheduler, TimeSpan.FromSeconds(60));
        using var request = new MemoryStream(payload);
        string? answer = null;
        bench.Scheduler.Start(async () =>
        {
            using var reader = new StreamReader(await function.Handler(request, context));
            answer = await reader.ReadToEndAsync();
        });
        bench.Scheduler.RunUntilIdle();
        Assert.NotNull(answer);
        return answer;
    }

    private static RecordBatch Read(RecordBatchSerializer serializer, byte[] payload)
    {
        using var stream = new MemoryStream(payload);
        return serializer.Deserialize<RecordBatch>(stream);
    }

    private static string Serialize(StreamsEventResponse report)
    {
        using var serializer = new RecordBatchSerializer();
        using var stream = new MemoryStream();
        serializer.Serialize(report, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Gives seven bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(7, count));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(7, buffer.Length)]);
    }
}
