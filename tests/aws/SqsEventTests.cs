using System.Text;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;
using Pipeline.Functions.Pump;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>Payloads of an SQS mapping are read, and its answers written, as the documentation has them.</summary>
public sealed class SqsEventTests
{
    private const string Documented = """
        {"Records":[{"messageId":"059f36b4-87a3-44ab-83d2-661975830a7d","receiptHandle":"AQEBwJnKyrHigUMZj6rYigCg",
          "body":"Test message. \u00e9","attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1545082649183",
          "SenderId":"AIDAIENQZJOLO23YVJ4VO","ApproximateFirstReceiveTimestamp":"1545082649185"},
          "messageAttributes":{"myAttribute":{"stringValue":"myValue","stringListValues":[],"binaryListValues":[],
          "dataType":"String"},"blob":{"binaryValue":"SGVsbG8=","dataType":"Binary"}},
          "md5OfBody":"e4e68fb7bd0e697a0ae8f1bb342846b3","md5OfMessageAttributes":"00484c68c1b2c3c5c0d0a5b4a0e0e7a4",
          "eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:us-east-2:123456789012:my-queue",
          "awsRegion":"us-east-2"}]}
        """;

    private static readonly SourceGeneratorLambdaJsonSerializer<QueueJson> Serializer = new();

    [Fact]
    public void The_documented_event_is_read_field_by_field()
    {
        var message = Assert.Single(Read(Documented).Records);
        Assert.Equal("059f36b4-87a3-44ab-83d2-661975830a7d", message.MessageId);
        Assert.Equal("AQEBwJnKyrHigUMZj6rYigCg", message.ReceiptHandle);
        Assert.Equal("Test message. é", message.Body);
        Assert.Equal("1", message.Attributes["ApproximateReceiveCount"]);
        Assert.Equal("1545082649183", message.Attributes["SentTimestamp"]);
        Assert.Equal("AIDAIENQZJOLO23YVJ4VO", message.Attributes["SenderId"]);
        Assert.Equal("1545082649185", message.Attributes["ApproximateFirstReceiveTimestamp"]);
        var attribute = message.MessageAttributes["myAttribute"];
        Assert.Equal(("myValue", "String"), (attribute.StringValue, attribute.DataType));
        Assert.Empty(attribute.StringListValues);
        Assert.Empty(attribute.BinaryListValues);
        var blob = message.MessageAttributes["blob"].BinaryValue;
        Assert.Equal("Hello", Encoding.UTF8.GetString(blob.ToArray()));
        Assert.Equal("e4e68fb7bd0e697a0ae8f1bb342846b3", message.Md5OfBody);
        Assert.Equal("00484c68c1b2c3c5c0d0a5b4a0e0e7a4", message.Md5OfMessageAttributes);
        Assert.Equal("aws:sqs", message.EventSource);
        Assert.Equal("arn:aws:sqs:us-east-2:123456789012:my-queue", message.EventSourceArn);
        Assert.Equal("us-east-2", message.AwsRegion);
    }

    [Fact]
    public void What_the_payload_does_not_hold_is_null()
    {
        Assert.Null(Read("{}").Records);
        var message = Assert.Single(Read("""{"Records":[{"messageId":"1","later":{"member":[1]}}]}""").Records);
        Assert.Equal("1", message.MessageId);
        Assert.Null(message.Body);
        Assert.Null(message.MessageAttributes);
    }

    [Fact]
    public void Failures_are_written_under_the_names_that_the_mapping_looks_for()
    {
        Assert.Equal("""{"batchItemFailures":[]}""", Write(new SQSBatchResponse()));
        Assert.Equal(
            """{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"}]}""",
            Write(new SQSBatchResponse([new() { ItemIdentifier = "a" }, new() { ItemIdentifier = "b" }])));
    }

    private static SQSEvent Read(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return Serializer.Deserialize<SQSEvent>(stream);
    }

    private static string Write(SQSBatchResponse response)
    {
        using var stream = new MemoryStream();
        Serializer.Serialize(response, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
