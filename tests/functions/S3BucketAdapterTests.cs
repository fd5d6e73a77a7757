using System.Net;
using System.Net.Sockets;
using Amazon.S3;
using Pipeline.Core;
using Pipeline.Functions.Adapters;
using Pipeline.Tests.Contracts;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>The bucket port on AWS: what becomes of each answer, and that a request is made once.</summary>
public sealed class S3BucketAdapterTests
{
    [Theory]
    [InlineData(HttpStatusCode.PreconditionFailed, "PreconditionFailed", WriteStatus.PreconditionFailed)]
    [InlineData(HttpStatusCode.Conflict, "ConditionalRequestConflict", WriteStatus.Conflict)]
    [InlineData(HttpStatusCode.Conflict, "OperationAborted", WriteStatus.Conflict)]
    public async Task A_lost_write_is_an_answer_and_not_a_fault(
        HttpStatusCode status, string code, WriteStatus expected)
    {
        var http = Refusing(status, code);
        Assert.Equal(new WriteResult(expected, null), await PutAsync(http, WriteCondition.CreateOnly));
        Assert.Single(http.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "NoSuchKey", false)]
    [InlineData(HttpStatusCode.NotFound, "NoSuchBucket", true)]
    [InlineData(HttpStatusCode.Conflict, "InvalidBucketState", false)]
    [InlineData(HttpStatusCode.Forbidden, "AccessDenied", true)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "SlowDown", false)]
    [InlineData(HttpStatusCode.InternalServerError, "InternalError", false)]
    public async Task Any_other_refusal_of_a_write_is_a_fault_and_the_write_is_made_once(
        HttpStatusCode status, string code, bool isLasting)
    {
        var http = Refusing(status, code);
        var fault = await Assert.ThrowsAsync<PortFaultException>(() => PutAsync(http, WriteCondition.Replace("\"1\"")));
        Assert.StartsWith($"{code}: PutObject of 'a/key' in data", fault.Message, StringComparison.Ordinal);
        Assert.Equal(isLasting, fault.IsLasting);
        Assert.Single(http.Requests);
    }

    [Theory]
    [InlineData("<Error><Code>")]
    [InlineData("Service Unavailable")]
    public async Task An_answer_that_cannot_be_read_is_a_fault(string body)
    {
        var http = new ScriptedHttp
        {
            Answers = _ => ScriptedHttp.Answer(HttpStatusCode.ServiceUnavailable, body, "application/xml"),
        };
        await Assert.ThrowsAsync<PortFaultException>(() => PutAsync(http, WriteCondition.CreateOnly));
        await Assert.ThrowsAsync<PortFaultException>(() => GetAsync(http));
        Assert.Equal(2, http.Requests.Count);
    }

    [Fact]
    public async Task A_missing_bucket_is_a_fault_and_no_missing_object()
    {
        var fault = await Assert.ThrowsAsync<PortFaultException>(
            () => GetAsync(Refusing(HttpStatusCode.NotFound, "NoSuchBucket")));
        Assert.StartsWith("NoSuchBucket: ", fault.Message, StringComparison.Ordinal);
        Assert.Null(await GetAsync(Refusing(HttpStatusCode.NotFound, "NoSuchKey")));
    }

    [Fact]
    public async Task Where_rights_are_lacking_the_fault_says_which()
    {
        var read = await Assert.ThrowsAsync<PortFaultException>(
            () => GetAsync(Refusing(HttpStatusCode.Forbidden, "AccessDenied")));
        Assert.Contains("s3:GetObject", read.Message, StringComparison.Ordinal);
        Assert.Contains("s3:ListBucket", read.Message, StringComparison.Ordinal);
        var write = await Assert.ThrowsAsync<PortFaultException>(
            () => PutAsync(Refusing(HttpStatusCode.Forbidden, "AccessDenied"), WriteCondition.Always));
        Assert.Contains("s3:PutObject", write.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_connection_or_a_timeout_is_a_fault_and_a_cancellation_is_none()
    {
        var broken = new ScriptedHttp { Answers = _ => throw new HttpRequestException("reset", Reset) };
        await Assert.ThrowsAsync<PortFaultException>(() => PutAsync(broken, WriteCondition.Always));
        Assert.Single(broken.Requests);
        await Assert.ThrowsAsync<PortFaultException>(() => GetAsync(broken));
        var slow = new ScriptedHttp { Answers = _ => throw new TaskCanceledException("The request took too long.") };
        await Assert.ThrowsAsync<PortFaultException>(() => GetAsync(slow));

        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Port(slow).GetAsync("a/key", cancellation.Token));
    }

    [Fact]
    public async Task An_object_that_breaks_off_is_a_fault()
    {
        var http = new ScriptedHttp
        {
            Answers = _ =>
            {
                var answer = ScriptedHttp.Answer(HttpStatusCode.OK, "half", "application/octet-stream");
                answer.Content = new StreamContent(new MemoryStream("half"u8.ToArray()));
                answer.Content.Headers.ContentLength = 8;
                answer.Headers.TryAddWithoutValidation("ETag", "\"d41d8cd98f00b204e9800998ecf8427e\"");
                return answer;
            },
        };
        await Assert.ThrowsAsync<PortFaultException>(() => GetAsync(http));
    }

    [Fact]
    public async Task Conditions_and_ETags_travel_verbatim()
    {
        var seen = new List<string>();
        var http = new ScriptedHttp
        {
            Answers = request =>
            {
                seen.AddRange(request.Headers
                    .Where(header => header.Key.StartsWith("If-", StringComparison.Ordinal))
                    .Select(header => $"{header.Key}: {header.Value.Single()}"));
                var answer = ScriptedHttp.Answer(HttpStatusCode.OK, "", "application/xml");
                answer.Headers.TryAddWithoutValidation("ETag", "\"0af-2\"");
                return answer;
            },
        };
        Assert.Equal("\"0af-2\"", (await PutAsync(http, WriteCondition.Always)).ETag);
        Assert.Equal("\"0af-2\"", (await PutAsync(http, WriteCondition.CreateOnly)).ETag);
        Assert.Equal("\"0af-2\"", (await PutAsync(http, WriteCondition.Replace("\"0af-1\""))).ETag);
        Assert.Equal(["If-None-Match: *", "If-Match: \"0af-1\""], seen);
        Assert.All(http.Requests, request => Assert.Equal(("PUT", "body"), request));
    }

    [Fact]
    public void A_client_that_tries_again_itself_is_not_taken()
    {
        using var client = new AmazonS3Client(
            "test", "test", new AmazonS3Config { AuthenticationRegion = "us-east-1", ServiceURL = "https://s3" });
        Assert.Contains(
            "MaxErrorRetry", Assert.Throws<ArgumentException>(() => new S3Bucket(client, "data")).Message,
            StringComparison.Ordinal);
    }

    private static SocketException Reset => new((int)SocketError.ConnectionReset);

    private static async Task<WriteResult> PutAsync(ScriptedHttp http, WriteCondition condition) =>
        await Port(http).PutAsync("a/key", "body"u8.ToArray(), condition, CancellationToken.None);

    private static async Task<StoredObject?> GetAsync(ScriptedHttp http) =>
        await Port(http).GetAsync("a/key", CancellationToken.None);

    private static S3Bucket Port(ScriptedHttp http)
    {
        var config = S3Bucket.Configure(new AmazonS3Config
        {
            AuthenticationRegion = "us-east-1",
            ServiceURL = "https://s3.us-east-1.amazonaws.com",
            HttpClientFactory = new SdkHttp(http),
        });
        return new S3Bucket(new AmazonS3Client("test", "test", config), "data");
    }

    private static ScriptedHttp Refusing(HttpStatusCode status, string code) => new()
    {
        Answers = _ => ScriptedHttp.Answer(
            status, $"<Error><Code>{code}</Code><Message>no</Message></Error>", "application/xml"),
    };
}
