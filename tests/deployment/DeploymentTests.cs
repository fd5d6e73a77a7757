using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.SQS;
using Amazon.SQS.Model;
using Pipeline.Core;
using Pipeline.Functions.Adapters;
using Pipeline.Tests.Contracts;
using Pipeline.Tests.Infra;
using Pipeline.Tests.Runs;
using Xunit;

namespace Pipeline.Tests.Deployment;

/// <summary>
/// <c>cdk deploy</c> to an account that moto plays, and events through what it made, function by function.
/// </summary>
[Collection(InfraMachine.Cdk)]
public sealed class DeploymentTests
{
    private const int LineCount = 2000;

    private static readonly string[] s_filters = ["Validate", "Enrich", "FilterCritical", "Route"];
    private static readonly string[] s_workers = ["ExecuteHigh", "ExecuteNormal", "ExecuteLow"];

    [Fact]
    public async Task What_the_command_line_deploys_takes_events_to_the_same_commands_as_the_engine()
    {
        await using var stack = await DeployedStack.DeployAsync();
        await CheckFunctionsAsync(stack);
        CheckMappings(stack);

        var lines = File.ReadLines(Path.Combine(InfraMachine.Root, "events", "sample.ndjson")).Take(LineCount).ToList();
        using var run = new TestRun();
        var expected = run.Play(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

        using var streams = SdkStreams.CreateClient(stack.Aws.Address);
        var port = new KinesisStreams(streams);
        var raw = NameOf(SourceOf(stack, "Validate"));
        foreach (var some in lines.Chunk(Limits.PutRecordsCountMax))
        {
            var results = await port.PutRecordsAsync(
                raw, [.. some.Select(Entry)], TestContext.Current.CancellationToken);
            Assert.All(results, result => Assert.True(result.Accepted));
        }
        foreach (var filter in s_filters)
        {
            var counts = expected.Functions[filter];
            Assert.Equal(
                (counts.Records, counts.Emitted), await TakeAsync(stack, new SdkStreams(streams, []), filter));
        }
        foreach (var worker in s_workers)
        {
            Assert.Equal(expected.Functions[worker].Records, await WorkAsync(stack, worker));
        }

        using var objects = stack.CreateObjects();
        var bucket = stack.Functions["Validate"].GetProperty("Environment").GetProperty("Variables")
            .GetProperty("BUCKET").GetString()!;
        var stored = (await objects.ListObjectsV2Async(new() { BucketName = bucket })).S3Objects;
        string[] prefixes = ["commands/", "incidents/", "notifications/", "blocklist.json"];
        Assert.True(expected.Commands.Executed > 10, "The sample asks for too little.");
        Assert.Equal(
            KeysOf(run).Where(key => prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal))),
            stored.Select(found => found.Key)
                .Where(key => prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)))
                .Order(StringComparer.Ordinal));
    }

    private static async Task CheckFunctionsAsync(DeployedStack stack)
    {
        Assert.Equal(s_filters.Concat(s_workers).Order(StringComparer.Ordinal), stack.Functions.Keys.Order());
        foreach (var (id, function) in stack.Functions)
        {
            var resource = stack.Template[id];
            Assert.Equal(
                (resource["Runtime"], resource["Handler"], resource["MemorySize"], resource["Timeout"]),
                (Text(function, "Runtime"), Text(function, "Handler"), Text(function, "MemorySize"),
                    Text(function, "Timeout")));
            var (folder, sha256) = await stack.CodeAsync(id);
            Assert.Equal(sha256, Text(function, "CodeSha256"));
            Assert.True(File.Exists(Path.Combine(folder, "bootstrap")));
        }
    }

    private static void CheckMappings(DeployedStack stack)
    {
        foreach (var resource in stack.Template.OfType("AWS::Lambda::EventSourceMapping"))
        {
            var mapping = MappingOf(stack, stack.Template.Referred(resource["FunctionName"])!.Id);
            Assert.Equal(resource["BatchSize"], Text(mapping, "BatchSize"));
            const string answers = "FunctionResponseTypes";
            Assert.Equal(resource[answers], mapping.GetProperty(answers).GetRawText());
        }
        Assert.Equal(s_filters.Length + s_workers.Length, stack.Mappings.Count);
    }

    /// <summary>Takes all that is in a filter's stream through it; answers how many events it took and emitted.</summary>
    private static async Task<(long Records, long Emitted)> TakeAsync(
        DeployedStack stack, SdkStreams streams, string filter)
    {
        var arn = SourceOf(stack, filter);
        var name = NameOf(arn);
        await using var function = await DeployedFunction.StartAsync(stack, filter);
        foreach (var shard in await streams.ShardsAsync(name))
        {
            var records = await streams.ReadAsync(name, shard.ShardId);
            if (records.Count > 0)
            {
                await function.InvokeAsync(Batch(records.Select(record => Payload(arn, shard.ShardId, record))));
            }
        }
        var lines = await function.LinesAsync();
        return (Sum(lines, "Records"), Sum(lines, "Emitted"));
    }

    /// <summary>Takes all that is in a worker's queue through it; answers how many messages.</summary>
    private static async Task<long> WorkAsync(DeployedStack stack, string worker)
    {
        var arn = SourceOf(stack, worker);
        using var queues = new AmazonSQSClient("test", "test", SqsQueues.Configure(new AmazonSQSConfig
        {
            ServiceURL = stack.Aws.Address.ToString(),
            AuthenticationRegion = Moto.Region,
        }));
        var url = (await queues.GetQueueUrlAsync(arn[(arn.LastIndexOf(':') + 1)..])).QueueUrl;
        await using var function = await DeployedFunction.StartAsync(stack, worker);
        // One without work is asked once all the same: it must answer before it can end in peace.
        for (var isEmpty = false; !isEmpty;)
        {
            var received = await queues.ReceiveMessageAsync(new ReceiveMessageRequest
            {
                QueueUrl = url,
                MaxNumberOfMessages = Limits.SendBatchCountMax,
                MessageSystemAttributeNames = ["All"],
            });
            var messages = received.Messages ?? [];
            isEmpty = messages.Count == 0;
            await function.InvokeAsync(Batch(messages.Select(message => Payload(arn, message))));
            foreach (var message in messages)
            {
                await queues.DeleteMessageAsync(url, message.ReceiptHandle);
            }
        }
        return Sum(await function.LinesAsync(), "Records");
    }

    private static PutEntry Entry(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        return new PutEntry(bytes, PartitionKeyRule.KeyOf(bytes), null);
    }

    private static string Batch(IEnumerable<JsonObject> records) =>
        new JsonObject { ["Records"] = new JsonArray([.. records]) }.ToJsonString();

    // RS0030: the functions have the machine's clock, and so has what stands in for Kinesis.
#pragma warning disable RS0030
    private static JsonObject Payload(string arn, string shard, StreamedRecord record) => new()
    {
        ["kinesis"] = new JsonObject
        {
            ["kinesisSchemaVersion"] = "1.0",
            ["partitionKey"] = record.PartitionKey,
            ["sequenceNumber"] = record.SequenceNumber,
            ["data"] = record.Data,
            ["approximateArrivalTimestamp"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0,
        },
        ["eventSource"] = "aws:kinesis",
        ["eventVersion"] = "1.0",
        ["eventID"] = $"{shard}:{record.SequenceNumber}",
        ["eventName"] = "aws:kinesis:record",
        ["invokeIdentityArn"] = "arn:aws:iam::123456789012:role/role",
        ["awsRegion"] = Moto.Region,
        ["eventSourceARN"] = arn,
    };
#pragma warning restore RS0030

    private static JsonObject Payload(string arn, Message message) => new()
    {
        ["messageId"] = message.MessageId,
        ["receiptHandle"] = message.ReceiptHandle,
        ["body"] = message.Body,
        ["attributes"] = new JsonObject(
            message.Attributes.Select(attribute => KeyValuePair.Create(attribute.Key, (JsonNode?)attribute.Value))),
        ["messageAttributes"] = new JsonObject(),
        ["md5OfBody"] = message.MD5OfBody,
        ["eventSource"] = "aws:sqs",
        ["eventSourceARN"] = arn,
        ["awsRegion"] = Moto.Region,
    };

    private static IEnumerable<string> KeysOf(TestRun run) =>
        Directory.EnumerateFiles(run.OutputDirectory, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(run.OutputDirectory, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    private static string SourceOf(DeployedStack stack, string function) =>
        Text(MappingOf(stack, function), "EventSourceArn");

    private static JsonElement MappingOf(DeployedStack stack, string function) => stack.Mappings.Single(
        mapping => Text(mapping, "FunctionArn") == Text(stack.Functions[function], "FunctionArn"));

    private static string NameOf(string streamArn) => streamArn[(streamArn.LastIndexOf('/') + 1)..];

    private static long Sum(IEnumerable<JsonElement> lines, string metric) => lines.Sum(
        line => line.TryGetProperty(metric, out var value) ? value.GetInt64() : 0);

    private static string Text(JsonElement element, string member) =>
        Convert.ToString(element.GetProperty(member), CultureInfo.InvariantCulture)!;
}
