using System.Text;
using System.Text.Json;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;
using Pipeline.Core;
using Pipeline.Engine.Template;
using Pipeline.Functions;
using Pipeline.Functions.Pump;
using Pipeline.Tests.Functions;
using Xunit;

namespace Pipeline.Tests.Replays;

/// <summary>What holds for the payloads of every function, also of those to come.</summary>
public sealed class PayloadLawTests
{
    private static readonly string[] s_always = ["normal", "bad-data", "redelivery", "empty"];

    private static readonly SourceGeneratorLambdaJsonSerializer<QueueJson> s_official = new();

    public static TheoryData<string> Functions => [.. Catalogue.Names];

    public static TheoryData<string> OfStreams => PayloadFiles.Theory(name => StreamMapping(name) is not null);

    public static TheoryData<string> OfQueues => PayloadFiles.Theory(name => QueueMapping(name) is not null);

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_function_has_its_payloads(string function)
    {
        var required = s_always.ToList();
        if (Replay.InputOf(function) is { } stream)
        {
            required.Add("pack");
            // What others of ours write comes in packs, and alone where a slot has one event.
            if (Replay.Stack.Functions.Any(f => f.Environment.GetValueOrDefault("OUTPUT_STREAM") == stream.Name))
            {
                required.Add("plain");
            }
        }
        Assert.All(required, name => Assert.Contains($"{function}/{name}.json", PayloadFiles.Names));
    }

    [Fact]
    public void Every_folder_belongs_to_a_function() =>
        Assert.Equal(Catalogue.Names, PayloadFiles.Names.Select(name => name.Split('/')[0]).Distinct());

    [Theory]
    [MemberData(nameof(OfStreams))]
    public void A_payload_of_a_stream_agrees_with_the_official_event(string payload) =>
        RecordBatchAgreementTests.AssertAgree(Encoding.UTF8.GetString(PayloadFiles.Read(payload)));

    [Theory]
    [MemberData(nameof(OfQueues))]
    public void A_payload_of_a_queue_agrees_with_the_official_event(string payload)
    {
        var bytes = PayloadFiles.Read(payload);
        using var stream = new MemoryStream(bytes);
        var read = s_official.Deserialize<SQSEvent>(stream).Records;
        using var document = JsonDocument.Parse(bytes);
        var written = document.RootElement.GetProperty("Records").EnumerateArray().ToList();
        Assert.Equal(written.Count, read.Count);
        Assert.All(written.Zip(read), pair =>
        {
            var (json, message) = pair;
            var fields = new Dictionary<string, string>
            {
                ["messageId"] = message.MessageId,
                ["receiptHandle"] = message.ReceiptHandle,
                ["body"] = message.Body,
                ["md5OfBody"] = message.Md5OfBody,
                ["eventSource"] = message.EventSource,
                ["eventSourceARN"] = message.EventSourceArn,
                ["awsRegion"] = message.AwsRegion,
            };
            Assert.Equal(fields.Keys.Concat(["attributes", "messageAttributes"]).Order(StringComparer.Ordinal),
                json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
            Assert.All(fields, field => Assert.Equal(json.GetProperty(field.Key).GetString(), field.Value));
            Assert.Equal(
                json.GetProperty("attributes").EnumerateObject().ToDictionary(a => a.Name, a => a.Value.GetString()),
                message.Attributes!);
            Assert.Empty(message.MessageAttributes);
        });
    }

    [Theory]
    [MemberData(nameof(OfStreams))]
    public void Records_are_of_the_function_s_stream_fit_its_batch_and_lie_in_their_shard(string payload)
    {
        var mapping = StreamMapping(payload)!;
        using var batch = new RecordBatch();
        batch.Read(PayloadFiles.Read(payload));
        Assert.InRange(batch.RecordCount, 0, mapping.BatchSize);
        Assert.Equal(batch.RecordCount == 0 ? "" : mapping.Stream.Arn, batch.StreamArn);
        Assert.Equal(2, mapping.Stream.ShardCount);
        for (var i = 0; i < batch.EventCount; i++)
        {
            var @event = batch.EventAt(i);
            Assert.Equal("shardId-000000000000", @event.Position.Shard);
            Assert.True(Story.IsInFirstShard(Encoding.UTF8.GetString(@event.PartitionKey.Span)));
        }
        for (var i = 1; i < batch.RecordCount; i++)
        {
            Assert.True(batch.RecordAt(i).Sequence.CompareTo(batch.RecordAt(i - 1).Sequence) > 0);
            Assert.True(batch.RecordAt(i).ArrivedAt >= batch.RecordAt(i - 1).ArrivedAt);
        }
    }

    [Theory]
    [MemberData(nameof(OfQueues))]
    public void Messages_are_of_the_function_s_queue_and_fit_its_batch(string payload)
    {
        var mapping = QueueMapping(payload)!;
        using var document = JsonDocument.Parse(PayloadFiles.Read(payload));
        var messages = document.RootElement.GetProperty("Records").EnumerateArray().ToList();
        Assert.InRange(messages.Count, 0, mapping.BatchSize);
        Assert.All(messages, message =>
            Assert.Equal(mapping.Queue.Arn, message.GetProperty("eventSourceARN").GetString()));
        var ids = messages.Select(message => message.GetProperty("messageId").GetString());
        Assert.Equal(messages.Count, ids.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_redelivery_is_the_normal_payload_again(string function)
    {
        var first = PayloadFiles.Read($"{function}/normal.json");
        var again = PayloadFiles.Read($"{function}/redelivery.json");
        if (Replay.InputOf(function) is not null)
        {
            // Records of a stream know nothing of how often they were read.
            Assert.Equal(first, again);
        }
        if (Replay.TakesMessages(function))
        {
            AssertReceivedAgain(first, again);
        }
    }

    private static void AssertReceivedAgain(byte[] first, byte[] again)
    {
        using var before = JsonDocument.Parse(first);
        using var after = JsonDocument.Parse(again);
        Assert.All(
            before.RootElement.GetProperty("Records").EnumerateArray()
                .Zip(after.RootElement.GetProperty("Records").EnumerateArray()),
            pair =>
            {
                var (old, copy) = pair;
                Assert.Equal(old.GetProperty("messageId").GetString(), copy.GetProperty("messageId").GetString());
                Assert.Equal(old.GetProperty("body").GetString(), copy.GetProperty("body").GetString());
                Assert.NotEqual(
                    old.GetProperty("receiptHandle").GetString(), copy.GetProperty("receiptHandle").GetString());
                Assert.Equal("1", old.GetProperty("attributes").GetProperty("ApproximateReceiveCount").GetString());
                Assert.Equal("2", copy.GetProperty("attributes").GetProperty("ApproximateReceiveCount").GetString());
            });
    }

    [Fact]
    public void The_bad_data_of_validate_has_each_reason_that_it_gives()
    {
        var json = Invocations.Json("Validate", "Validate/bad-data.json");
        RejectReason[] others = [RejectReason.Undeliverable, RejectReason.Defect];
        Assert.Equal(
            Enum.GetValues<RejectReason>().Except(others).Select(reason => reason.Name()).Order(StringComparer.Ordinal),
            json["metrics"]!["rejected"]!.AsObject().Select(reason => reason.Key));
    }

    private static KinesisMappingModel? StreamMapping(string payload) => Replay.Stack.KinesisMappings
        .SingleOrDefault(mapping => mapping.Function.Function == payload.Split('/')[0]);

    private static QueueMappingModel? QueueMapping(string payload) => Replay.Stack.QueueMappings
        .SingleOrDefault(mapping => mapping.Function.Function == payload.Split('/')[0]);
}
