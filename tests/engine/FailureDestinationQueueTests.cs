using System.Text.Json;
using Pipeline.Engine;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>What a mapping gives up to a queue: where in the stream it is, and not what it held.</summary>
public sealed class FailureDestinationQueueTests
{
    [Fact]
    [Trait("Rule", "mapping.destination-document")]
    [Trait("Rule", "mapping.destination-sqs")]
    public void A_queue_gets_the_metadata_and_no_payload()
    {
        using var bed = Broken(new BedOptions { FailureQueue = true, Mapping = "\"MaximumRetryAttempts\": 1" });
        bed.Put("a");
        bed.Put("b");
        bed.Run();
        Assert.Empty(bed.Objects("aws/lambda/"));
        var last = bed.Invocations[^1];
        var requestId = last.Context.AwsRequestId;
        Assert.Equal(
            $$$"""
            {"requestContext":{"requestId":"{{{requestId}}}","functionArn":"arn:aws:lambda:us-east-1:123456789012:function:Validate","condition":"RetryAttemptsExhausted","approximateInvokeCount":2},"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},"version":"1.0","timestamp":"2026-03-01T12:00:01.000Z","KinesisBatchInfo":{"shardId":"shardId-000000000000","startSequenceNumber":"{{{last.Sequences[0]}}}","endSequenceNumber":"{{{last.Sequences[1]}}}","approximateArrivalOfFirstRecord":"2026-03-01T12:00:00.000Z","approximateArrivalOfLastRecord":"2026-03-01T12:00:00.000Z","batchSize":2,"streamArn":"arn:aws:kinesis:us-east-1:123456789012:stream/Raw"}}
            """,
            Assert.Single(Messages(bed)));
    }

    [Fact]
    [Trait("Rule", "mapping.destination-sqs")]
    public void One_message_is_sent_for_each_batch_that_is_given_up()
    {
        using var bed = Broken(new BedOptions
        {
            FailureQueue = true,
            Mapping = "\"MaximumRetryAttempts\": 0, \"BatchSize\": 3",
        });
        for (var i = 0; i < 7; i++)
        {
            bed.Put($"{i}");
        }
        bed.Run();
        Assert.Equal([3, 3, 1], Messages(bed).Select(text => JsonDocument.Parse(text).RootElement
            .GetProperty("KinesisBatchInfo").GetProperty("batchSize").GetInt32()));
    }

    [Fact]
    public void A_message_that_the_service_fails_to_take_is_sent_again_and_the_shard_waits_for_it()
    {
        using var bed = Broken(new BedOptions
        {
            FailureQueue = true,
            Mapping = "\"MaximumRetryAttempts\": 0, \"BatchSize\": 1",
            Faults = new RefusesSends(3),
        });
        bed.Put("a");
        bed.Put("b");
        bed.Run();
        Assert.Equal(2, Messages(bed).Count);
        Assert.Equal([0, 7], bed.Invocations.Select(invocation => Math.Floor(invocation.At.TotalSeconds)));
    }

    private static Bed Broken(BedOptions options) =>
        new(_ => throw new InvalidOperationException("broken"), options);

    private static List<string> Messages(Bed bed) =>
        [.. bed.Engine.Queues.Single().Look().Select(message => QueueBench.Body(message))];

    private sealed class RefusesSends(int times) : Faults
    {
        private int _left = times;

        public override bool OnSend(string queue) => _left-- > 0;
    }
}
