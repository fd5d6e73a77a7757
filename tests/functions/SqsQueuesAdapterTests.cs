using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.SQS;
using Pipeline.Core;
using Pipeline.Functions.Adapters;
using Pipeline.Tests.Contracts;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>The queue port on AWS: what becomes of each answer, and that a request is made once.</summary>
public sealed class SqsQueuesAdapterTests
{
    private const string Queue = "https://sqs.us-east-1.amazonaws.com/123456789012/Jobs";

    [Theory]
    [InlineData("InvalidMessageContents", true, true)]
    [InlineData("InvalidParameterValue", true, true)]
    [InlineData("AWS.SimpleQueueService.InvalidMessageContents", true, true)]
    [InlineData("InvalidParameterValue", false, false)]
    [InlineData("InternalError", false, false)]
    [InlineData("ThrottlingException", true, false)]
    [InlineData("RequestThrottled", true, false)]
    [InlineData("AccessDenied", true, false)]
    [InlineData("KMS.DisabledException", true, false)]
    [InlineData("KmsAccessDenied", true, false)]
    [InlineData("AnythingNew", true, false)]
    public async Task An_entry_is_its_sender_s_fault_only_when_the_message_itself_is_wrong(
        string code, bool senderFault, bool expected)
    {
        var http = Failing(code, senderFault);
        var results = await SendAsync(http, new SendEntry("good", "x"), new SendEntry("bad", "y"));
        Assert.True(results.Single(result => result.Id == "good").Accepted);
        var failed = results.Single(result => result.Id == "bad");
        Assert.Equal((code, expected), (failed.ErrorCode, failed.SenderFault));
        Assert.Single(http.Requests);
    }

    [Fact]
    public async Task An_entry_that_the_answer_does_not_name_may_be_sent_again()
    {
        var http = new ScriptedHttp { Answers = _ => Json(HttpStatusCode.OK, """{"Successful":[],"Failed":[]}""") };
        var result = Assert.Single(await SendAsync(http, new SendEntry("a", "x")));
        Assert.Equal(("a", false, false), (result.Id, result.Accepted, result.SenderFault));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "RequestThrottled")]
    [InlineData(HttpStatusCode.BadRequest, "KmsDisabled")]
    [InlineData(HttpStatusCode.BadRequest, "AccessDeniedException")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable")]
    [InlineData(HttpStatusCode.InternalServerError, "InternalFailure")]
    public async Task A_request_that_fails_as_a_whole_is_a_fault_and_is_made_once(HttpStatusCode status, string code)
    {
        var http = new ScriptedHttp
        {
            Answers = _ => Json(status, $$"""{"__type":"com.amazonaws.sqs#{{code}}","message":"no"}"""),
        };
        var fault = await Assert.ThrowsAsync<PortFaultException>(() => SendAsync(http, new SendEntry("a", "x")));
        Assert.StartsWith(code, fault.Message, StringComparison.Ordinal);
        Assert.Contains(Queue, fault.Message, StringComparison.Ordinal);
        Assert.Single(http.Requests);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_is_a_fault()
    {
        var http = new ScriptedHttp { Answers = _ => Json(HttpStatusCode.OK, """{"Successful":[""") };
        var fault = await Assert.ThrowsAsync<PortFaultException>(() => SendAsync(http, new SendEntry("a", "x")));
        Assert.StartsWith($"SendMessageBatch to {Queue}: ", fault.Message, StringComparison.Ordinal);
        Assert.Single(http.Requests);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_made_is_a_fault_and_the_request_is_made_once()
    {
        var refused = new SocketException((int)SocketError.ConnectionRefused);
        var http = new ScriptedHttp { Answers = _ => throw new HttpRequestException("refused", refused) };
        await Assert.ThrowsAsync<PortFaultException>(() => SendAsync(http, new SendEntry("a", "x")));
        Assert.Single(http.Requests);
    }

    [Fact]
    public async Task A_connection_that_died_while_it_was_idle_is_replaced()
    {
        var (requests, taking) = (0, Taking());
        var http = new ScriptedHttp
        {
            Answers = request => requests++ == 0
                ? throw new HttpRequestException("reset", new SocketException((int)SocketError.ConnectionReset))
                : taking.Answers(request),
        };
        Assert.True(Assert.Single(await SendAsync(http, new SendEntry("a", "x"))).Accepted);
        Assert.Equal(2, requests);
    }

    [Fact]
    public async Task A_timeout_is_a_fault_and_a_cancellation_is_none()
    {
        var http = new ScriptedHttp { Answers = _ => throw new TaskCanceledException("The request took too long.") };
        await Assert.ThrowsAsync<PortFaultException>(() => SendAsync(http, new SendEntry("a", "x")));

        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Port(http).SendMessageBatchAsync(
            Queue, [new SendEntry("a", "x")], cancellation.Token));
    }

    [Fact]
    public Task Half_a_surrogate_pair_is_refused_before_it_becomes_another_character() => Assert.AllAsync(
        ["\ud800", "x\udc00y", "\udc00\ud800"],
        async body =>
        {
            var http = Taking();
            var results = await SendAsync(http, new SendEntry("half", body), new SendEntry("whole", "\U0001F600"));
            var refused = Assert.Single(results, result => !result.Accepted);
            Assert.Equal(
                ("half", "InvalidMessageContents", true), (refused.Id, refused.ErrorCode, refused.SenderFault));
            Assert.DoesNotContain("\"half\"", Assert.Single(http.Requests).Body, StringComparison.Ordinal);
        });

    [Fact]
    public async Task When_every_entry_is_refused_no_request_is_made()
    {
        var http = Taking();
        var result = Assert.Single(await SendAsync(http, new SendEntry("a", "x", TimeSpan.FromSeconds(1.5))));
        Assert.Equal(("InvalidParameterValue", true), (result.ErrorCode, result.SenderFault));
        Assert.Empty(http.Requests);
    }

    [Fact]
    public async Task A_delay_is_sent_in_seconds_and_none_is_left_to_the_queue()
    {
        var http = Taking();
        await SendAsync(http, new SendEntry("a", "x", TimeSpan.FromSeconds(900)), new SendEntry("b", "y"));
        var entries = JsonNode.Parse(http.Requests[0].Body)!["Entries"]!.AsArray();
        Assert.Equal(900, (int)entries[0]!["DelaySeconds"]!);
        Assert.Null(entries[1]!["DelaySeconds"]);
    }

    [Fact]
    public void A_client_that_sends_again_itself_is_not_taken()
    {
        using var client = new AmazonSQSClient(
            "test", "test", new AmazonSQSConfig { AuthenticationRegion = "us-east-1", ServiceURL = Queue });
        Assert.Contains(
            "MaxErrorRetry", Assert.Throws<ArgumentException>(() => new SqsQueues(client)).Message,
            StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<SendResult>> SendAsync(ScriptedHttp http, params SendEntry[] entries) =>
        await Port(http).SendMessageBatchAsync(Queue, entries, CancellationToken.None);

    private static SqsQueues Port(ScriptedHttp http) => new(new AmazonSQSClient(
        "test", "test", SqsQueues.Configure(new AmazonSQSConfig
        {
            AuthenticationRegion = "us-east-1",
            ServiceURL = "https://sqs.us-east-1.amazonaws.com",
            HttpClientFactory = new SdkHttp(http),
        })));

    private static ScriptedHttp Taking() => new()
    {
        Answers = request => Json(HttpStatusCode.OK, new JsonObject
        {
            ["Successful"] = new JsonArray([.. Entries(request).Select(entry => Taken(entry))]),
        }.ToJsonString()),
    };

    private static ScriptedHttp Failing(string code, bool senderFault) => new()
    {
        Answers = request => Json(HttpStatusCode.OK, new JsonObject
        {
            ["Successful"] = new JsonArray(Taken(Entries(request)[0])),
            ["Failed"] = new JsonArray(new JsonObject
            {
                ["Id"] = "bad",
                ["Code"] = code,
                ["SenderFault"] = senderFault,
                ["Message"] = "no",
            }),
        }.ToJsonString()),
    };

    private static JsonNode[] Entries(HttpRequestMessage request)
    {
        using var reader = new StreamReader(request.Content!.ReadAsStream());
        return [.. JsonNode.Parse(reader.ReadToEnd())!["Entries"]!.AsArray().Select(entry => entry!)];
    }

    private static JsonObject Taken(JsonNode entry) => new()
    {
        ["Id"] = (string)entry["Id"]!,
        ["MessageId"] = "message",
#pragma warning disable CA5351 // SQS defines the digest, and the client checks it.
        ["MD5OfMessageBody"] = Convert.ToHexStringLower(
            MD5.HashData(Encoding.UTF8.GetBytes((string)entry["MessageBody"]!))),
#pragma warning restore CA5351
    };

    private static HttpResponseMessage Json(HttpStatusCode status, string body) =>
        ScriptedHttp.Answer(status, body, "application/x-amz-json-1.0");
}
