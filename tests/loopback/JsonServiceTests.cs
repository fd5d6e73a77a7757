using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.SQS;
using Amazon.SQS.Model;
using Pipeline.Core;
using Pipeline.Tests.Contracts;
using Xunit;

namespace Pipeline.Tests.Loopback;

/// <summary>How the loopback servers of Kinesis and SQS refuse, and what their answers hold.</summary>
public sealed class JsonServiceTests : IDisposable
{
    private const string Signature = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request";

    private static readonly HttpClient s_http = new();

    private readonly LoopbackBench _bench = new();

    public void Dispose() => _bench.Dispose();

    public static TheoryData<string, string, string> BrokenRequests => new()
    {
        { "CreateStream", "{}", "UnknownOperationException" },
        { "PutRecords", "", "SerializationException" },
        { "PutRecords", "[]", "SerializationException" },
        { "PutRecords", """{"StreamName":"s"}""", "ValidationException" },
        { "PutRecords", """{"StreamName":"s","Records":{}}""", "SerializationException" },
        { "PutRecords", """{"StreamName":"s","Records":[1]}""", "SerializationException" },
        {
            "PutRecords", """{"StreamName":"s","Records":[{"Data":"!","PartitionKey":"k"}]}""",
            "SerializationException"
        },
        { "PutRecords", """{"StreamName":"s","Records":[{"Data":"eA=="}]}""", "ValidationException" },
        {
            "PutRecords", """{"StreamName":"s","Records":[{"Data":"eA==","PartitionKey":"\ud800"}]}""",
            "SerializationException"
        },
        { "PutRecords", """{"Records":[]}""", "InvalidArgumentException" },
        {
            "PutRecords", """{"StreamName":"s","Records":[{"Data":"eA==","PartitionKey":"k"}]}""",
            "ResourceNotFoundException"
        },
        { "ListShards", """{"StreamName":"s","MaxResults":"1"}""", "SerializationException" },
        { "ListShards", """{"StreamName":"s","NextToken":"x"}""", "InvalidArgumentException" },
        { "ListShards", """{"StreamName":"s","ShardFilter":{"Type":"AtLatest"}}""", "InvalidArgumentException" },
        {
            "GetShardIterator", """{"StreamName":"s","ShardId":"x","ShardIteratorType":"5"}""",
            "InvalidArgumentException"
        },
        {
            "GetShardIterator",
            """{"StreamName":"s","ShardId":"x","ShardIteratorType":"AT_TIMESTAMP","Timestamp":1e30}""",
            "SerializationException"
        },
        { "GetRecords", """{"ShardIterator":"x","Limit":1.5}""", "SerializationException" },
        {
            "DescribeStreamSummary", """{"StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/s"}""",
            "ResourceNotFoundException"
        },
    };

    [Theory]
    [MemberData(nameof(BrokenRequests))]
    public async Task A_broken_request_is_refused_with_the_API_s_code_and_a_request_id(
        string operation, string body, string code)
    {
        using var response = await PostAsync(Signature, "Kinesis_20131202." + operation, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/x-amz-json-1.1", response.Content.Headers.ContentType!.MediaType);
        Assert.NotEmpty(response.Headers.GetValues("x-amzn-RequestId").Single());
        Assert.Equal(code, await TypeAsync(response));
    }

    [Theory]
    [InlineData("", "MissingAuthenticationTokenException")]
    [InlineData("Basic test", "MissingAuthenticationTokenException")]
    [InlineData(
        "AWS4-HMAC-SHA256 Credential=stranger/20260101/us-east-1/kinesis/aws4_request", "UnrecognizedClientException")]
    [InlineData("AWS4-HMAC-SHA256 Signature=0", "UnrecognizedClientException")]
    public async Task Who_is_not_known_is_refused(string authorization, string code)
    {
        using var response = await PostAsync(authorization, "Kinesis_20131202.ListShards", """{"StreamName":"s"}""");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(code, await TypeAsync(response));
    }

    [Fact]
    public async Task A_failure_is_a_500()
    {
        _bench.Broken = new PortFaultException("Broken.");
        using var response = await PostAsync(Signature, "Kinesis_20131202.ListShards", """{"StreamName":"s"}""");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("InternalFailure", await TypeAsync(response));
    }

    [Fact]
    public async Task Who_is_gone_before_the_answer_finds_the_connection_closed()
    {
        _bench.Broken = new OperationCanceledException();
        await Assert.ThrowsAsync<HttpRequestException>(
            () => PostAsync(Signature, "Kinesis_20131202.ListShards", """{"StreamName":"s"}"""));
    }

    [Fact]
    public async Task Shards_are_listed_page_by_page()
    {
        var streams = new LoopbackStreams(_bench);
        var stream = await streams.CreateAsync(3);
        var client = new JsonClient(_bench.Address, "Kinesis_20131202", "application/x-amz-json-1.1");
        var first = await client.CallAsync(
            "ListShards", new JsonObject { ["StreamName"] = stream, ["MaxResults"] = 2 });
        var second = await client.CallAsync(
            "ListShards", new JsonObject { ["NextToken"] = (string)first["NextToken"]!, ["MaxResults"] = 2 });
        Assert.Equal((2, 1), (first["Shards"]!.AsArray().Count, second["Shards"]!.AsArray().Count));
        Assert.False(second.ContainsKey("NextToken"));
    }

    [Fact]
    public async Task A_stream_is_described_by_name_or_ARN()
    {
        var stream = await new LoopbackStreams(_bench).CreateAsync(2);
        var client = new JsonClient(_bench.Address, "Kinesis_20131202", "application/x-amz-json-1.1");
        var arn = $"arn:aws:kinesis:us-east-1:123456789012:stream/{stream}";
        foreach (var (member, value) in new[] { ("StreamName", stream), ("StreamARN", arn) })
        {
            var request = new JsonObject { [member] = value };
            var answer = (await client.CallAsync("DescribeStreamSummary", request))["StreamDescriptionSummary"]!;
            Assert.Equal(
                (stream, arn, "ACTIVE", 24, 2),
                ((string)answer["StreamName"]!, (string)answer["StreamARN"]!, (string)answer["StreamStatus"]!,
                    (int)answer["RetentionPeriodHours"]!, (int)answer["OpenShardCount"]!));
        }
    }

    [Fact]
    public async Task A_sent_message_is_answered_with_the_digest_that_the_SDK_checks()
    {
        var queue = await new EngineQueues(_bench.World, _bench.Scheduler).CreateAsync(new QueueSettings());
        using var sqs = _bench.Sqs();
        var answer = await sqs.SendMessageBatchAsync(queue, [new SendMessageBatchRequestEntry("a", "hällo")]);
        Assert.Equal(
            Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes("hällo"))),
            Assert.Single(answer.Successful).MD5OfMessageBody);
    }

    [Fact]
    public async Task What_is_not_kept_of_a_message_refuses_it()
    {
        var queue = await new EngineQueues(_bench.World, _bench.Scheduler).CreateAsync(new QueueSettings());
        using var sqs = _bench.Sqs();
        await Assert.ThrowsAsync<UnsupportedOperationException>(() => sqs.SendMessageBatchAsync(
            queue, [new SendMessageBatchRequestEntry("a", "x") { MessageGroupId = "g" }]));
    }

    [Fact]
    public async Task Errors_of_queues_are_typed_exceptions_to_the_SDK()
    {
        using var sqs = _bench.Sqs();
        var missing = await Assert.ThrowsAsync<QueueDoesNotExistException>(() => sqs.SendMessageBatchAsync(
            "https://sqs.us-east-1.amazonaws.com/123456789012/x", [new SendMessageBatchRequestEntry("a", "x")]));
        Assert.Equal("AWS.SimpleQueueService.NonExistentQueue", missing.ErrorCode);
        _bench.Broken = new PortFaultException("Broken.");
        var broken = await Assert.ThrowsAnyAsync<AmazonSQSException>(() => sqs.SendMessageBatchAsync(
            "https://sqs.us-east-1.amazonaws.com/123456789012/x", [new SendMessageBatchRequestEntry("a", "x")]));
        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
    }

    private async Task<HttpResponseMessage> PostAsync(string authorization, string target, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _bench.Address);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1");
        request.Headers.Add("X-Amz-Target", target);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await s_http.SendAsync(request);
    }

    private static async Task<string?> TypeAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("__type").GetString();
}
