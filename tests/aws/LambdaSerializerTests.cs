using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Lambda.KinesisEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using CsCheck;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>Payloads are read and responses written as the official serializer does.</summary>
public sealed class LambdaSerializerTests
{
    private const string Documented = """
        {"Records":[{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"1",
          "sequenceNumber":"49590338271490256608559692538361571095921575989136588898",
          "data":"SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==","approximateArrivalTimestamp":1545084650.987},
          "eventSource":"aws:kinesis","eventVersion":"1.0",
          "eventID":"shardId-000000000006:49590338271490256608559692538361571095921575989136588898",
          "eventName":"aws:kinesis:record","invokeIdentityArn":"arn:aws:iam::123456789012:role/lambda-role",
          "awsRegion":"us-east-2","eventSourceARN":"arn:aws:kinesis:us-east-2:123456789012:stream/lambda-stream"}]}
        """;

    private static readonly SourceGeneratorLambdaJsonSerializer<LambdaTypes> Serializer = new();

    [Fact]
    public void The_documented_kinesis_event_is_read_field_by_field()
    {
        var entry = Assert.Single(Read<KinesisEvent>(Documented).Records);
        Assert.Equal("aws:kinesis", entry.EventSource);
        Assert.Equal("1.0", entry.EventVersion);
        Assert.Equal("shardId-000000000006:49590338271490256608559692538361571095921575989136588898", entry.EventId);
        Assert.Equal("aws:kinesis:record", entry.EventName);
        Assert.Equal("arn:aws:iam::123456789012:role/lambda-role", entry.InvokeIdentityArn);
        Assert.Equal("us-east-2", entry.AwsRegion);
        Assert.Equal("arn:aws:kinesis:us-east-2:123456789012:stream/lambda-stream", entry.EventSourceARN);
        Assert.Equal("1.0", entry.Kinesis.KinesisSchemaVersion);
        Assert.Equal("1", entry.Kinesis.PartitionKey);
        Assert.Equal("49590338271490256608559692538361571095921575989136588898", entry.Kinesis.SequenceNumber);
        Assert.Equal("Hello, this is a test.", Encoding.UTF8.GetString(entry.Kinesis.Data.ToArray()));
        Assert.Equal(1_545_084_650_987, Milliseconds(entry.Kinesis.ApproximateArrivalTimestamp));
        Assert.Null(entry.Kinesis.EncryptionType);
    }

    [Theory]
    [InlineData("1545084650.987", 1_545_084_650_987)]
    [InlineData("1545084650", 1_545_084_650_000)]
    [InlineData("1.545084650987E9", 1_545_084_650_987)]
    [InlineData("1545084650987", 1_545_084_650_987)]
    [InlineData("157753180800", 157_753_180_800_000)]
    [InlineData("157753180801", 157_753_180_801)]
    [InlineData("0", 0)]
    [InlineData("-1.5", -1500)]
    [InlineData("\"2018-12-17T22:10:50.987Z\"", 1_545_084_650_987)]
    public void An_arrival_time_is_seconds_or_milliseconds_or_text(string json, long milliseconds)
    {
        var time = Read<KinesisEvent>(Arriving(json)).Records[0].Kinesis.ApproximateArrivalTimestamp;
        Assert.Equal(milliseconds, Milliseconds(time));
        Assert.Equal(DateTimeKind.Utc, time!.Value.Kind);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("null, \"unknown\": {\"a\": [1]}")]
    public void An_arrival_time_may_be_missing(string json) =>
        Assert.Null(Read<KinesisEvent>(Arriving(json)).Records[0].Kinesis.ApproximateArrivalTimestamp);

    [Theory]
    [InlineData("true")]
    [InlineData("\"yesterday\"")]
    [InlineData("1e300")]
    [InlineData("9223372036854775807")]
    public void A_time_that_is_none_is_refused(string json) =>
        Assert.Throws<JsonSerializerException>(() => Read<KinesisEvent>(Arriving(json)));

    [Theory]
    [InlineData("{\"Records\":[{\"kinesis\":{\"data\":\"*\"}}]}")]
    [InlineData("{\"Records\":[{\"kinesis\":{\"data\":1}}]}")]
    [InlineData("{\"Records\":{}}")]
    [InlineData("{\"Records\":[{\"kinesis\":{\"encryptionType\":\"KMS\"}}]}")]
    [InlineData("{\"Records\":[")]
    [InlineData("")]
    public void A_payload_that_is_no_kinesis_event_is_refused(string json)
    {
        var error = Assert.Throws<JsonSerializerException>(() => Read<KinesisEvent>(json));
        Assert.Contains(nameof(KinesisEvent), error.Message);
    }

    [Fact]
    public void Names_are_read_in_any_case()
    {
        var read = Read<KinesisEvent>("""{"RECORDS":[{"Kinesis":{"PARTITIONKEY":"k"}}]}""");
        Assert.Equal("k", read.Records[0].Kinesis.PartitionKey);
    }

    [Fact]
    public void Any_records_are_read_as_they_were_sent() =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.String, Gen.Long[0, 4_000_000_000_000]).List[0, 20].Sample(sent =>
        {
            var read = Read<KinesisEvent>(Payload(sent)).Records;
            Assert.Equal(
                sent.Select(record => (Convert.ToHexString(record.Item1), record.Item2, record.Item3)),
                read.Select(entry => (Convert.ToHexString(entry.Kinesis.Data.ToArray()), entry.Kinesis.PartitionKey,
                    Milliseconds(entry.Kinesis.ApproximateArrivalTimestamp))));
        });

    [Fact]
    public void A_payload_is_read_from_any_stream_and_the_stream_stays_open()
    {
        using var inner = new MemoryStream(Encoding.UTF8.GetBytes(Documented));
        using var buffered = new BufferedStream(inner);
        Assert.Single(Serializer.Deserialize<KinesisEvent>(buffered).Records);
        Assert.True(inner.CanRead);
    }

    [Fact]
    public void A_response_names_the_failed_records()
    {
        var response = new StreamsEventResponse { BatchItemFailures = [new() { ItemIdentifier = "4959" }] };
        Assert.Equal("""{"batchItemFailures":[{"itemIdentifier":"4959"}]}""", Write(response));
    }

    [Fact]
    public void A_response_without_failures_is_empty()
    {
        Assert.Equal("""{"batchItemFailures":[]}""", Write(new StreamsEventResponse { BatchItemFailures = [] }));
        Assert.Equal("{}", Write(new StreamsEventResponse()));
    }

    [Fact]
    public void A_response_is_written_without_needless_escapes() =>
        Assert.Equal(
            """{"batchItemFailures":[{"itemIdentifier":"<é&'>"}]}""",
            Write(new StreamsEventResponse { BatchItemFailures = [new() { ItemIdentifier = "<é&'>" }] }));

    [Fact]
    public void Names_of_aws_go_before_the_policy_given()
    {
        Assert.Equal("x-amz-request-id", new AwsNamingPolicy(JsonNamingPolicy.CamelCase).ConvertName("XAmzRequestId"));
        Assert.Equal("x-amz-id-2", new AwsNamingPolicy().ConvertName("XAmzId2"));
        Assert.Equal("eventId", new AwsNamingPolicy(JsonNamingPolicy.CamelCase).ConvertName("EventId"));
        Assert.Equal("EventId", new AwsNamingPolicy().ConvertName("EventId"));
    }

    [Fact]
    public void Options_of_the_caller_come_after_the_defaults()
    {
        var indented = new SourceGeneratorLambdaJsonSerializer<LambdaTypes>((JsonSerializerOptions options) =>
            options.PropertyNamingPolicy = new AwsNamingPolicy(JsonNamingPolicy.CamelCase));
        using var stream = new MemoryStream();
        indented.Serialize(new KinesisEvent { Records = [] }, stream);
        Assert.Equal("""{"records":[]}""", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Theory]
    [InlineData("[1,0,255]", "0100FF")]
    [InlineData("\"AQD/\"", "0100FF")]
    [InlineData("[]", "")]
    public void Bytes_are_numbers_or_base64(string json, string hex) =>
        Assert.Equal(hex, Convert.ToHexString(Read<byte[]>(json)));

    [Theory]
    [InlineData("[1,256]")]
    [InlineData("[1,null]")]
    [InlineData("{}")]
    public void Bytes_that_are_none_are_refused(string json) =>
        Assert.Throws<JsonSerializerException>(() => Read<byte[]>(json));

    [Fact]
    public void Bytes_are_written_as_numbers_and_blobs_as_base64()
    {
        Assert.Equal("[1,0,255]", Write<byte[]>([1, 0, 255]));
        Assert.Equal("\"AQD/\"", Write(new MemoryStream([1, 0, 255])));
    }

    [Fact]
    public void A_type_the_context_does_not_name_is_refused()
    {
        var error = Assert.Throws<JsonSerializerException>(() => Read<Version>("{}"));
        Assert.Contains("JsonSerializable", error.Message);
    }

    private static T Read<T>(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return Serializer.Deserialize<T>(stream);
    }

    private static string Write<T>(T value)
    {
        using var stream = new MemoryStream();
        Serializer.Serialize(value, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Arriving(string json) =>
        $$$"""{"Records":[{"kinesis":{"approximateArrivalTimestamp":{{{json}}}}}]}""";

    // Rounded: seconds as a double are off by parts of a microsecond.
    private static long Milliseconds(DateTime? time) =>
        (long)Math.Round((time!.Value - DateTime.UnixEpoch).TotalMilliseconds);

    private static string Payload(List<(byte[] Data, string Key, long Arrival)> records) =>
        $$"""{"Records":[{{string.Join(',', records.Select(Entry))}}]}""";

    private static string Entry((byte[] Data, string Key, long Arrival) record) => $$$"""
        {"kinesis":{"data":"{{{Convert.ToBase64String(record.Data)}}}",
          "partitionKey":{{{JsonSerializer.Serialize(record.Key)}}},
          "approximateArrivalTimestamp":{{{record.Arrival / 1000}}}.{{{record.Arrival % 1000:000}}}}}
        """;
}

[JsonSerializable(typeof(KinesisEvent))]
[JsonSerializable(typeof(StreamsEventResponse))]
[JsonSerializable(typeof(MemoryStream))]
[JsonSerializable(typeof(byte[]))]
public sealed partial class LambdaTypes : JsonSerializerContext;
