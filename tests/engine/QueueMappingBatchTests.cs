using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Streams;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>What the mapping of a queue puts into a batch, when, and as which JSON.</summary>
public sealed class QueueMappingBatchTests
{
    [Theory]
    [InlineData(1, 0, new[] { 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(3, 0, new[] { 3, 3, 1 })]
    [InlineData(10, 0, new[] { 7 })]
    [InlineData(10_000, 1, new[] { 7 })]
    [Trait("Rule", "queue-mapping.batch-size")]
    public void A_batch_holds_at_most_the_batch_size(int size, int window, int[] expected)
    {
        using var bed = Bed($"\"BatchSize\": {size}, \"MaximumBatchingWindowInSeconds\": {window}");
        bed.SendMany(7);
        bed.Run();
        Assert.Equal(expected, bed.Invocations.Select(invocation => invocation.Bodies.Length));
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"{i}"), bed.Invocations.SelectMany(i => i.Bodies));
    }

    [Fact]
    [Trait("Rule", "queue-mapping.batch-size")]
    public void Ten_messages_are_a_batch_when_the_template_says_nothing()
    {
        using var bed = Bed("");
        bed.SendMany(25);
        bed.Run();
        Assert.Equal([10, 10, 5], bed.Invocations.Select(invocation => invocation.Bodies.Length));
    }

    [Fact]
    public void A_message_is_delivered_at_once_and_the_messages_of_a_request_together()
    {
        using var bed = Bed("");
        bed.At(3, () => bed.Send("a", "b"));
        bed.At(3.5, () => bed.Send("c"));
        bed.Run();
        Assert.Equal(["a b", "c"], bed.Batches);
        Assert.Equal([3, 3.5], bed.Times);
    }

    [Fact]
    [Trait("Rule", "queue-mapping.window")]
    public void A_batch_waits_for_its_window_and_takes_what_comes_meanwhile()
    {
        using var bed = Bed("\"MaximumBatchingWindowInSeconds\": 10");
        foreach (var second in new[] { 1, 4, 8, 10 })
        {
            bed.At(second, () => bed.Send($"{second}"));
        }
        bed.At(12, () => bed.Send("12"));
        bed.Run();
        Assert.Equal(["1 4 8 10", "12"], bed.Batches);
        Assert.Equal([11, 22], bed.Times);
    }

    [Fact]
    [Trait("Rule", "queue-mapping.window")]
    public void A_full_batch_ends_its_window_early()
    {
        using var bed = Bed("\"BatchSize\": 3, \"MaximumBatchingWindowInSeconds\": 300");
        bed.At(0, () => bed.Send("0"));
        bed.At(4.5, () => bed.Send("1", "2"));
        bed.Run();
        Assert.Equal(["0 1 2"], bed.Batches);
        Assert.Equal([4.5], bed.Times);
    }

    [Fact]
    [Trait("Rule", "queue-mapping.window")]
    public void A_delayed_message_joins_a_batch_whose_window_is_open()
    {
        using var bed = Bed("\"MaximumBatchingWindowInSeconds\": 5");
        bed.Queue.SendMessageBatch([new SendEntry("1", "now"), new SendEntry("2", "later", TimeSpan.FromSeconds(4))]);
        bed.Run();
        Assert.Equal(["now later"], bed.Batches);
        Assert.Equal([5], bed.Times);
    }

    [Theory]
    [InlineData('x', 5)]
    [InlineData('"', 2)]
    [Trait("Rule", "queue-mapping.payload-limit")]
    public void A_payload_stays_within_six_megabytes_and_what_did_not_fit_comes_next(char character, int perBatch)
    {
        using var bed = Bed("\"BatchSize\": 10");
        for (var i = 0; i < 7; i++)
        {
            bed.Send(new string(character, Limits.MessageBytesMax));
        }
        bed.Run();
        Assert.Equal(perBatch, bed.Invocations[0].Bodies.Length);
        Assert.Equal(7, bed.Invocations.SelectMany(invocation => invocation.Ids).Distinct().Count());
        Assert.All(bed.Invocations, i => Assert.True(Encoding.UTF8.GetByteCount(i.Payload) <= Limits.PayloadBytesMax));
    }

    [Fact]
    [Trait("Rule", "queue-mapping.payload-limit")]
    public void Many_small_messages_fill_a_payload_and_no_more()
    {
        using var bed = Bed("\"BatchSize\": 10000, \"MaximumBatchingWindowInSeconds\": 1");
        bed.Send(Enumerable.Range(0, 10_000).Select(i => $"{i}:{new string('x', 400)}"));
        bed.Run();
        Assert.Equal(2, bed.Invocations.Count);
        Assert.Equal(10_000, bed.Invocations.Sum(invocation => invocation.Bodies.Length));
        var bytes = Encoding.UTF8.GetByteCount(bed.Invocations[0].Payload);
        Assert.InRange(bytes, Limits.PayloadBytesMax * 0.85, Limits.PayloadBytesMax);
    }

    [Fact]
    [Trait("Rule", "queue-mapping.event")]
    public void The_event_is_field_for_field_what_Lambda_sends()
    {
        using var bed = Bed("");
        const string Body = "{\"text\":\"a\\\"b\",\n\t\"π\":\"😀\"}";
        bed.At(1.25, () => bed.Queue.SendMessageBatch([new SendEntry("1", Body, TimeSpan.FromSeconds(2))]));
        bed.Run();
        var payload = Assert.Single(bed.Invocations).Payload;
        using var document = JsonDocument.Parse(payload);
        Assert.Equal(["Records"], Names(document.RootElement));
        var record = document.RootElement.GetProperty("Records")[0];
        Assert.Equal(
            [
                "messageId", "receiptHandle", "body", "attributes", "messageAttributes", "md5OfBody", "eventSource",
                "eventSourceARN", "awsRegion",
            ],
            Names(record));
        string Text(string name) => record.GetProperty(name).GetString()!;
        Assert.True(Guid.TryParseExact(Text("messageId"), "D", out _));
        Assert.True(Text("receiptHandle").Length > 40);
        Assert.Equal(Body, Text("body"));
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(Encoding.UTF8.GetBytes(Body))),
            Text("md5OfBody"));
        Assert.Equal(
            ("aws:sqs", "arn:aws:sqs:us-east-1:123456789012:Jobs", "us-east-1"),
            (Text("eventSource"), Text("eventSourceARN"), Text("awsRegion")));
        Assert.Equal("{}", record.GetProperty("messageAttributes").GetRawText());
        var attributes = record.GetProperty("attributes");
        Assert.Equal(
            ["ApproximateReceiveCount", "SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"],
            Names(attributes));
        Assert.All(attributes.EnumerateObject(), a => Assert.Equal(JsonValueKind.String, a.Value.ValueKind));
        Assert.Equal("1", attributes.GetProperty("ApproximateReceiveCount").GetString());
        Assert.Equal("1772366401250", attributes.GetProperty("SentTimestamp").GetString());
        Assert.Equal("1772366403250", attributes.GetProperty("ApproximateFirstReceiveTimestamp").GetString());
    }

    [Fact]
    [Trait("Rule", "queue-mapping.event")]
    public void A_dead_letter_s_event_names_the_queue_that_gave_it_up()
    {
        using var bed = new QueueBed(
            invocation => Task.FromResult(
                invocation.Payload.Contains("DeadLetterQueueSourceArn", StringComparison.Ordinal) ? "" : "broken"),
            new QueueBedOptions { ReceiveCountMax = 1, DeadLettersAreRead = true });
        bed.Send("x");
        bed.Run();
        Assert.Equal([0, 60], bed.Times);
        using var document = JsonDocument.Parse(bed.Invocations[1].Payload);
        var record = document.RootElement.GetProperty("Records")[0];
        Assert.Equal("arn:aws:sqs:us-east-1:123456789012:Dead", record.GetProperty("eventSourceARN").GetString());
        Assert.Equal(
            "arn:aws:sqs:us-east-1:123456789012:Jobs",
            record.GetProperty("attributes").GetProperty("DeadLetterQueueSourceArn").GetString());
        Assert.Empty(bed.Dead.Look());
    }

    [Fact]
    public void A_function_sends_through_its_port_and_an_unknown_queue_is_a_fault()
    {
        var faults = new List<string>();
        using var bed = new QueueBed(async invocation =>
        {
            if (invocation.Bodies is ["start"])
            {
                var queues = invocation.Ports.Queues;
                var entries = new[] { new SendEntry("a", "sent"), new SendEntry("b", "late", TimeSpan.FromSeconds(7)) };
                await queues.SendMessageBatchAsync(
                    "https://sqs.us-east-1.amazonaws.com/123456789012/Jobs", entries, default);
                faults.Add((await Assert.ThrowsAsync<ServiceException>(
                    async () => await queues.SendMessageBatchAsync("Jobs", entries, default))).Message);
            }
            return "";
        });
        bed.Send("start");
        bed.Run();
        Assert.Equal(["start", "sent", "late"], bed.Batches);
        Assert.Equal([0, 0, 7], bed.Times);
        Assert.Equal(["QueueDoesNotExist: there is no queue 'Jobs'."], faults);
    }

    [Fact]
    public void A_function_may_have_times_of_its_own()
    {
        var times = new Dictionary<string, FunctionTime>
        {
            ["Work"] = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)),
        };
        using var bed = new QueueBed(new QueueBedOptions
        {
            Mapping = "\"BatchSize\": 2, \"ScalingConfig\": { \"MaximumConcurrency\": 2 }",
            Settings = new QueueBedOptions().Settings with { FunctionTimes = times },
        });
        bed.SendMany(6);
        bed.Run();
        Assert.Equal([0, 0, 8], bed.Times);
        Assert.Equal(16, bed.Now.TotalSeconds);
    }

    private static QueueBed Bed(string mapping) => new(new QueueBedOptions { Mapping = mapping });

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(member => member.Name);
}
