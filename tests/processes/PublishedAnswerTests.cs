using System.Text.Json;
using Pipeline.Functions;
using Pipeline.Tests.Aws;
using Xunit;

namespace Pipeline.Tests.Processes;

/// <summary>The published binary answers Lambda's Runtime API for every function, by the clients of AWS.</summary>
[Collection(PublishedFunctions.Collection)]
public sealed class PublishedAnswerTests
{
    private const string AllDone = """{"batchItemFailures":[]}""";

    private const string AppDown =
        """
        {"specversion":"1.0","id":"e1","source":"/services/cart","type":"app.error","time":"2026-03-01T12:00:00Z",
        "severitynumber":21,"data":{"service":"cart","message":"no answer"}}
        """;

    private const string Notify =
        """
        {"id":"n1","name":"notify","args":{"channel":"ops","text":"hello"},"priority":"low",
        "requestedAt":"2026-03-01T12:00:00.000Z","cause":{"partitionkey":"k","source":"/s","id":"1"}}
        """;

    public static TheoryData<string> Functions => [.. Catalogue.Names];

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task Every_function_answers_one_invocation_after_the_other(string name)
    {
        await using var lambda = new Lambda(name);
        for (var invocation = 1; invocation <= 3; invocation++)
        {
            Assert.Equal(AllDone, await lambda.InvokeAsync(Payloads.Empty));
        }
        var lines = await lambda.Function.StopAsync();
        var metrics = lines.Where(line => line.TryGetProperty("_aws", out _)).ToList();
        Assert.Equal(3, metrics.Count);
        Assert.All(metrics, line => Assert.Equal(name, line.GetProperty("Function").GetString()));
    }

    [Fact]
    public async Task A_bad_row_is_stored_in_the_bucket()
    {
        await using var lambda = new Lambda("Validate");
        Assert.Equal(AllDone, await lambda.InvokeAsync(Payloads.Kinesis("this is no JSON", "nor is this")));
        var request = Assert.Single(lambda.Aws.Requests);
        Assert.StartsWith($"PUT /{FunctionSettings.Bucket}/rejected/Validate/2026/03/01/12/", request.Operation);
        Assert.Equal("*", request.Headers["If-None-Match"]);
        Assert.Contains("/us-east-2/s3/aws4_request", request.Headers["Authorization"]);
        Assert.Equal("token", request.Headers["X-Amz-Security-Token"]);
        var rows = request.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, rows.Length);
        using var row = JsonDocument.Parse(rows[0]);
        Assert.Equal("this is no JSON"u8, row.RootElement.GetProperty("payload").GetBytesFromBase64());
    }

    [Fact]
    public async Task A_command_is_sent_to_its_queue()
    {
        await using var lambda = new Lambda("Route");
        Assert.Equal(AllDone, await lambda.InvokeAsync(Payloads.Kinesis(AppDown.ReplaceLineEndings(""))));
        var request = Assert.Single(lambda.Aws.Requests);
        Assert.Equal("AmazonSQS.SendMessageBatch", request.Operation);
        using var body = JsonDocument.Parse(request.Body);
        Assert.EndsWith("/CommandsHigh", body.RootElement.GetProperty("QueueUrl").GetString());
        var message = body.RootElement.GetProperty("Entries")[0].GetProperty("MessageBody").GetString()!;
        using var command = JsonDocument.Parse(message);
        Assert.Equal("open-incident", command.RootElement.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_command_is_carried_out_between_its_two_records()
    {
        await using var lambda = new Lambda("ExecuteLow");
        Assert.Equal(AllDone, await lambda.InvokeAsync(Payloads.Sqs("m1", Notify.ReplaceLineEndings(""))));
        var written = lambda.Aws.Requests.Select(request => request.Operation)
            .Where(operation => operation.StartsWith("PUT", StringComparison.Ordinal)).ToList();
        var record = $"PUT /{FunctionSettings.Bucket}/commands/n1.json";
        Assert.Equal(record, written[0]);
        Assert.Equal(record, written[^1]);
        Assert.Contains(written, operation => operation.Contains("/notifications/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_payload_of_six_megabytes_is_read_whole()
    {
        await using var lambda = new Lambda("FilterCritical");
        var harmless = AppDown.ReplaceLineEndings("")
            .Replace("app.error", "http.request", StringComparison.Ordinal)
            .Replace("21", "9", StringComparison.Ordinal)
            .Replace("no answer", new string('x', 4000), StringComparison.Ordinal);
        var payload = Payloads.Kinesis(Enumerable.Repeat(harmless, 1000));
        Assert.InRange(payload.Length, 5_500_000, 6 * 1024 * 1024);
        Assert.Equal(AllDone, await lambda.InvokeAsync(payload));
        var metrics = Assert.Single(await lambda.Function.StopAsync());
        Assert.Equal(1000, metrics.GetProperty("Records").GetInt32());
    }

    [Fact]
    public async Task A_payload_that_is_none_is_an_error_of_its_invocation_only()
    {
        await using var lambda = new Lambda("Validate");
        lambda.Runtime.Invoke("bad", "[1, 2");
        var post = await lambda.Runtime.PostAsync();
        Assert.Equal(RuntimeApiServer.Root + "invocation/bad/error", post.Path);
        Assert.Equal("InvalidPayloadException", post.Headers["Lambda-Runtime-Function-Error-Type"]);
        Assert.Equal(AllDone, await lambda.InvokeAsync(Payloads.Empty));
    }

    [Fact]
    public async Task A_function_that_loses_its_Runtime_API_ends_with_one_sentence()
    {
        await using var lambda = new Lambda("Validate");
        await lambda.Runtime.AskedAsync();
        lambda.Runtime.Die();
        var (exitCode, _, error) = await lambda.Function.EndAsync();
        Assert.Equal(1, exitCode);
        Assert.StartsWith("The function cannot go on, and its process ends: ", error);
        Assert.Equal(1, error.Count(character => character == '\n'));
    }

    /// <summary>A function, the Runtime API that it asks, and the services behind its ports.</summary>
    private sealed class Lambda : IAsyncDisposable
    {
        public Lambda(string name)
        {
            var folder = PublishedFunctions.Native().Folder;
            (Runtime, Aws) = (new RuntimeApiServer(), new ScriptedAws());
            Function = FunctionRun.StartNative(
                folder, FunctionSettings.Of(name, folder, Runtime.Endpoint, Aws.Address));
        }

        public RuntimeApiServer Runtime { get; }

        public ScriptedAws Aws { get; }

        public FunctionRun Function { get; }

        public Task<string> InvokeAsync(string payload) => Runtime.AnswerAsync(payload);

        public async ValueTask DisposeAsync()
        {
            await Function.DisposeAsync();
            Runtime.Dispose();
            Aws.Dispose();
        }
    }
}
