using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Amazon.Kinesis;
using Pipeline.Core;
using Pipeline.Functions.Adapters;
using Pipeline.Tests.Aws;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>The stream port on AWS: what becomes of each answer, and that a request is made once.</summary>
public sealed class KinesisStreamsAdapterTests
{
    private static readonly PutEntry s_entry = new("data"u8.ToArray(), "key", null);

    [Fact]
    public async Task Entries_are_sent_as_they_are_and_answered_in_their_order()
    {
        using var script = new KinesisScript("""
            {"FailedRecordCount":2,"Records":[{"SequenceNumber":"49","ShardId":"shard"},
             {"ErrorCode":"ProvisionedThroughputExceededException","ErrorMessage":"Rate exceeded."},
             {"ErrorCode":"InternalFailure","ErrorMessage":"Internal Service Failure"}]}
            """);
        var buffer = "..data.."u8.ToArray();
        var results = await PutAsync(
            script, new PutEntry(buffer.AsMemory(2, 4), "key", "12"), s_entry, new PutEntry(default, "é", "0"));
        Assert.Equal(
            [
                new PutResult("shard", "49", null, null),
                new PutResult(null, null, "ProvisionedThroughputExceededException", "Rate exceeded."),
                new PutResult(null, null, "InternalFailure", "Internal Service Failure"),
            ],
            results);
        const string expected = """
            {"StreamName":"stream","Records":[{"Data":"ZGF0YQ==","PartitionKey":"key","ExplicitHashKey":"12"},
             {"Data":"ZGF0YQ==","PartitionKey":"key"},{"Data":"","PartitionKey":"é","ExplicitHashKey":"0"}]}
            """;
        var sent = Assert.Single(script.Bodies);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(sent)), sent);
    }

    [Fact]
    public async Task An_entry_without_a_place_was_not_taken()
    {
        using var script = new KinesisScript("""{"FailedRecordCount":0,"Records":[{"ShardId":"shard"}]}""");
        var result = Assert.Single(await PutAsync(script, s_entry));
        Assert.Equal((false, "InternalFailure"), (result.Accepted, result.ErrorCode));
    }

    [Theory]
    [InlineData("""{"Records":[{"SequenceNumber":"49","ShardId":"shard"}]}""")]
    [InlineData("{}")]
    [InlineData("<html/>")]
    public async Task An_answer_that_does_not_fit_the_request_is_a_fault(string answer)
    {
        using var script = new KinesisScript(answer);
        var fault = await Assert.ThrowsAsync<PortFaultException>(() => PutAsync(script, s_entry, s_entry));
        Assert.StartsWith("PutRecords to stream: ", fault.Message, StringComparison.Ordinal);
        Assert.Single(script.Messages);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "ResourceNotFoundException")]
    [InlineData(HttpStatusCode.BadRequest, "ProvisionedThroughputExceededException")]
    [InlineData(HttpStatusCode.BadRequest, "KMSThrottlingException")]
    [InlineData(HttpStatusCode.BadRequest, "AccessDeniedException")]
    [InlineData(HttpStatusCode.InternalServerError, "InternalFailure")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable")]
    public async Task A_request_that_fails_as_a_whole_is_a_fault_and_is_made_once(HttpStatusCode status, string code)
    {
        using var script = new KinesisScript(_ => KinesisScript.Error(code, status), Configure);
        var fault = await Assert.ThrowsAsync<PortFaultException>(() => PutAsync(script, s_entry));
        Assert.StartsWith($"{code}: PutRecords to stream: no ({status})", fault.Message, StringComparison.Ordinal);
        Assert.Equal(
            code == "AccessDeniedException",
            fault.Message.Contains("kinesis:PutRecords", StringComparison.Ordinal));
        Assert.Single(script.Messages);
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused)]
    [InlineData(SocketError.ConnectionReset)]
    public async Task A_connection_that_breaks_is_a_fault_and_the_request_is_made_once(SocketError how)
    {
        using var script = new KinesisScript(
            _ => throw new HttpRequestException("broken", new SocketException((int)how)), Configure);
        await Assert.ThrowsAsync<PortFaultException>(() => PutAsync(script, s_entry));
        Assert.Single(script.Messages);
    }

    [Fact]
    public async Task A_timeout_is_a_fault_and_a_cancellation_is_none()
    {
        using var script = new KinesisScript(_ => throw new TaskCanceledException("The request took too long."));
        await Assert.ThrowsAsync<PortFaultException>(() => PutAsync(script, s_entry));

        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await new KinesisStreams(script.Client).PutRecordsAsync("stream", [s_entry], cancellation.Token));
    }

    [Fact]
    public async Task The_entries_bytes_may_be_used_again_when_the_call_has_begun()
    {
        using var script = new KinesisScript("""{"Records":[{"SequenceNumber":"49","ShardId":"shard"}]}""");
        var buffer = "data"u8.ToArray();
        var call = PutAsync(script, new PutEntry(buffer, "key", null));
        Array.Clear(buffer);
        await call;
        Assert.Contains("ZGF0YQ==", script.Bodies[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public void A_client_that_sends_again_itself_is_not_taken(int errorRetries, int connectionRetries)
    {
        using var script = new KinesisScript("{}", configure: config =>
            (config.MaxErrorRetry, config.MaxStaleConnectionRetries) = (errorRetries, connectionRetries));
        Assert.Contains(
            "MaxErrorRetry", Assert.Throws<ArgumentException>(() => new KinesisStreams(script.Client)).Message,
            StringComparison.Ordinal);
    }

    private static void Configure(AmazonKinesisConfig config) => KinesisStreams.Configure(config);

    private static async Task<IReadOnlyList<PutResult>> PutAsync(KinesisScript script, params PutEntry[] entries) =>
        await new KinesisStreams(script.Client).PutRecordsAsync("stream", entries, CancellationToken.None);
}
