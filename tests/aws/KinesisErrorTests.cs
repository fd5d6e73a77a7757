using System.Net;
using System.Net.Sockets;
using Amazon.Kinesis;
using Amazon.Kinesis.Model;
using Amazon.Runtime;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>What becomes of refusals and broken connections: which exception, and how many requests.</summary>
public sealed class KinesisErrorTests
{
    public static TheoryData<string, Type> Codes => new()
    {
        { "AccessDeniedException", typeof(AccessDeniedException) },
        { "ExpiredIteratorException", typeof(ExpiredIteratorException) },
        { "ExpiredNextTokenException", typeof(ExpiredNextTokenException) },
        { "InternalFailureException", typeof(InternalFailureException) },
        { "InvalidArgumentException", typeof(InvalidArgumentException) },
        { "KMSAccessDeniedException", typeof(KMSAccessDeniedException) },
        { "KMSDisabledException", typeof(KMSDisabledException) },
        { "KMSInvalidStateException", typeof(KMSInvalidStateException) },
        { "KMSNotFoundException", typeof(KMSNotFoundException) },
        { "KMSOptInRequired", typeof(KMSOptInRequiredException) },
        { "KMSThrottlingException", typeof(KMSThrottlingException) },
        { "LimitExceededException", typeof(LimitExceededException) },
        { "ProvisionedThroughputExceededException", typeof(ProvisionedThroughputExceededException) },
        { "ResourceInUseException", typeof(ResourceInUseException) },
        { "ResourceNotFoundException", typeof(ResourceNotFoundException) },
        { "ValidationException", typeof(ValidationException) },
        { "InternalFailure", typeof(AmazonKinesisException) },
        { "UnknownOperationException", typeof(AmazonKinesisException) },
        { "SomethingNew", typeof(AmazonKinesisException) },
    };

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task A_documented_error_has_a_type_of_its_own_with_and_without_a_prefix(string code, Type expected)
    {
        foreach (var sent in new[] { code, $"com.amazonaws.kinesis.v20131202#{code}", $"{code}:http://x/" })
        {
            using var script = new KinesisScript(_ => KinesisScript.Error(sent));
            var error = await RefusedAsync(script);
            Assert.Equal(expected, error.GetType());
            Assert.Equal(
                (code, "no", HttpStatusCode.BadRequest, "request-1"),
                (error.ErrorCode, error.Message, error.StatusCode, error.RequestId));
        }
    }

    [Fact]
    public async Task A_code_may_come_in_a_header_and_a_message_in_either_case()
    {
        using var script = new KinesisScript(_ =>
        {
            var answer = KinesisScript.Json("""{"Message":"too old"}""", HttpStatusCode.BadRequest);
            answer.Headers.Add("x-amzn-ErrorType", "ExpiredIteratorException:http://x/");
            return answer;
        });
        var error = Assert.IsType<ExpiredIteratorException>(await RefusedAsync(script));
        Assert.Equal("too old", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Service Unavailable")]
    [InlineData("<html><body>Service Unavailable</body></html>")]
    public async Task An_error_without_a_readable_body_has_its_status(string body)
    {
        using var script = new KinesisScript(body, HttpStatusCode.ServiceUnavailable);
        var error = await RefusedAsync(script);
        Assert.Equal((null, HttpStatusCode.ServiceUnavailable), (error.ErrorCode, error.StatusCode));
        Assert.NotEmpty(error.Message);
    }

    [Theory]
    [InlineData("InternalFailure", HttpStatusCode.InternalServerError, RequestRetryMode.Standard)]
    [InlineData("InternalFailure", HttpStatusCode.InternalServerError, RequestRetryMode.Adaptive)]
    [InlineData("ServiceUnavailable", HttpStatusCode.ServiceUnavailable, RequestRetryMode.Standard)]
    [InlineData("ProvisionedThroughputExceededException", HttpStatusCode.BadRequest, RequestRetryMode.Standard)]
    [InlineData("ThrottlingException", HttpStatusCode.BadRequest, RequestRetryMode.Standard)]
    public async Task What_may_pass_is_tried_as_often_as_the_configuration_says(
        string code, HttpStatusCode status, RequestRetryMode mode)
    {
        foreach (var retries in new[] { 0, 1 })
        {
            using var script = new KinesisScript(_ => KinesisScript.Error(code, status), config =>
                (config.RetryMode, config.MaxErrorRetry) = (mode, retries));
            Assert.Equal(code, (await RefusedAsync(script)).ErrorCode);
            Assert.Equal(1 + retries, script.Messages.Count);
        }
    }

    [Fact]
    public async Task What_was_tried_again_and_went_well_is_well_and_was_sent_whole_each_time()
    {
        using var script = new KinesisScript(
            request => request == 0
                ? KinesisScript.Error("InternalFailure", HttpStatusCode.InternalServerError)
                : KinesisScript.Json("""{"Records":[{"SequenceNumber":"49"}]}"""),
            config => config.MaxErrorRetry = 1);
        var answer = await script.Client.PutRecordsAsync(new() { Records = [new() { PartitionKey = "k" }] });
        Assert.Single(answer.Records);
        const string body = """{"Records":[{"PartitionKey":"k"}]}""";
        Assert.Equal([body, body], script.Bodies);
    }

    [Theory]
    [InlineData("ResourceNotFoundException")]
    [InlineData("InvalidArgumentException")]
    [InlineData("AccessDeniedException")]
    public async Task What_will_not_pass_is_not_tried_again(string code)
    {
        using var script = new KinesisScript(_ => KinesisScript.Error(code), config => config.MaxErrorRetry = 3);
        await RefusedAsync(script);
        Assert.Single(script.Messages);
    }

    [Fact]
    public async Task Without_retries_a_broken_connection_costs_one_request()
    {
        var reset = new HttpRequestException("reset", new SocketException((int)SocketError.ConnectionReset));
        using var script = new KinesisScript(_ => throw reset);
        var error = await Assert.ThrowsAnyAsync<Exception>(() => script.Client.PutRecordsAsync(new()));
        Assert.Contains(reset.Message, error.ToString(), StringComparison.Ordinal);
        Assert.Single(script.Messages);
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_cancelled_before_and_during_the_request()
    {
        using var cancellation = new CancellationTokenSource();
        using var script = new KinesisScript(_ =>
        {
            cancellation.Cancel();
            throw new TaskCanceledException("cancelled", null, cancellation.Token);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => script.Client.PutRecordsAsync(new(), cancellation.Token));
        Assert.Single(script.Messages);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => script.Client.PutRecordsAsync(new(), cancellation.Token));
        Assert.Single(script.Messages);
    }

    [Fact]
    public void An_exception_can_be_made_as_officially()
    {
        var inner = new InvalidOperationException("why");
        Assert.Equal("gone", new ResourceNotFoundException("gone").Message);
        Assert.Same(inner, new ResourceNotFoundException("gone", inner).InnerException);
        Assert.Equal("why", new AmazonKinesisException(inner).Message);
        Assert.Equal(
            ("code", HttpStatusCode.Conflict),
            new AmazonKinesisException("m", ErrorType.Sender, "code", "id", HttpStatusCode.Conflict) is var error
                ? (error.ErrorCode, error.StatusCode) : default);
    }

    private static Task<AmazonKinesisException> RefusedAsync(KinesisScript script) =>
        Assert.ThrowsAnyAsync<AmazonKinesisException>(() => script.Client.GetRecordsAsync(new()));
}
