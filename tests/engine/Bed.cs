using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Lambda.Core;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Isolation;
using Pipeline.Engine.Template;
using Pipeline.Functions;

namespace Pipeline.Tests.Engine;

/// <summary>One invocation of a bed's function: what it was given, when, and by which instance.</summary>
internal sealed record Invocation(
    TimeSpan At, int Instance, string Payload, ILambdaContext Context, Ports Ports,
    IReadOnlyDictionary<string, string> Environment, TimeProvider Time)
{
    private readonly JsonElement[] _records =
        [.. JsonDocument.Parse(Payload).RootElement.GetProperty("Records").EnumerateArray()];

    public string[] Sequences =>
        [.. _records.Select(record => record.GetProperty("kinesis").GetProperty("sequenceNumber").GetString()!)];

    /// <summary>The records' data as text.</summary>
    public string[] Data => [.. _records.Select(
        record => Encoding.UTF8.GetString(record.GetProperty("kinesis").GetProperty("data").GetBytesFromBase64()))];

    public string Shard => _records[0].GetProperty("eventID").GetString()!.Split(':')[0];
}

/// <summary>A small stack on the engine: one stream, one function of the test's own, one mapping.</summary>
internal sealed class Bed : IDisposable
{
    public const string Success = """{"batchItemFailures":[]}""";

    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly OutputFolder _folder = new();
    private readonly Func<Invocation, Task<string>> _answer;
    private readonly Func<int, bool> _failsToStart;
    private int _instances;
    private bool _begun;

    public Bed(Func<Invocation, Task<string>> answer, BedOptions? options = null)
    {
        options ??= new BedOptions();
        (_answer, _failsToStart) = (answer, options.FailsToStart);
        var stack = TemplateLoader.Load(Template(options), "bed.json", TemplateOptions.None);
        Engine = new EmbeddedEngine(
            stack,
            new EngineOptions(_folder.Path, "/task", 1)
            {
                Functions = _ => Compose,
                Faults = options.Faults,
                Settings = options.Settings,
                Isolation = options.Isolation,
            },
            options.Clock);
    }

    /// <summary>A bed whose function answers the same at once, always.</summary>
    public Bed(BedOptions? options = null, string answer = Success)
        : this(_ => Task.FromResult(answer), options)
    {
    }

    public EmbeddedEngine Engine { get; }

    public List<Invocation> Invocations { get; } = [];

    public TimeSpan Now => Engine.Scheduler.Now - Start;

    /// <summary>The answer that names records as failed.</summary>
    public static string Failed(params IEnumerable<string> sequences) =>
        $$"""{"batchItemFailures":[{{string.Join(',', sequences.Select(s => $$"""{"itemIdentifier":"{{s}}"}"""))}}]}""";

    /// <summary>Does something when the clock has moved so far.</summary>
    public void At(double seconds, Action act) => Engine.Scheduler.Start(async () =>
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds), Engine.Scheduler.Clock);
        act();
    });

    /// <summary>Puts a record; the hash key picks the shard when there are several.</summary>
    public PutResult Put(string data, string key = "key", string? hashKey = null) =>
        Put(Encoding.UTF8.GetBytes(data), key, hashKey);

    /// <inheritdoc cref="Put(string, string, string?)"/>
    public PutResult Put(ReadOnlyMemory<byte> data, string key = "key", string? hashKey = null) =>
        Engine.Raw.PutRecords([new PutEntry(data, key, hashKey)])[0];

    /// <summary>Starts everything, so that it is there before anything else happens.</summary>
    public void Begin()
    {
        _begun = true;
        Engine.Start();
        Engine.Scheduler.RunUntilIdle();
    }

    /// <summary>Runs until nothing is left to do.</summary>
    public void Run()
    {
        if (!_begun)
        {
            Begin();
        }
        Engine.Scheduler.RunUntilIdle();
    }

    /// <summary>The bucket's objects below a prefix, by key.</summary>
    public SortedDictionary<string, string> Objects(string prefix) => _folder.Files(prefix);

    public void Dispose()
    {
        Engine.Dispose();
        _folder.Dispose();
    }

    private LambdaFunction Compose(IReadOnlyDictionary<string, string> environment, Ports ports, TimeProvider time)
    {
        var instance = _instances++;
        if (_failsToStart(instance))
        {
            throw new InvalidOperationException($"instance {instance} does not start");
        }
        return new LambdaFunction("Validate", async (payload, context) =>
        {
            using var reader = new StreamReader(payload);
            var text = await reader.ReadToEndAsync();
            var invocation = new Invocation(Now, instance, text, context, ports, environment, time);
            Invocations.Add(invocation);
            return new MemoryStream(Encoding.UTF8.GetBytes(await _answer(invocation)));
        });
    }

    private static byte[] Template(BedOptions options)
    {
        var template = JsonNode.Parse(Json)!.AsObject();
        var resources = template["Resources"]!.AsObject();
        resources["Raw"]!["Properties"]!["ShardCount"] = options.Shards;
        resources["Validate"]!["Properties"]!["Timeout"] = options.TimeoutSeconds;
        if (options.ReservedConcurrency is { } reserved)
        {
            resources["Validate"]!["Properties"]!["ReservedConcurrentExecutions"] = reserved;
        }
        foreach (var (name, value) in options.Variables)
        {
            resources["Validate"]!["Properties"]!["Environment"]!["Variables"]![name] = JsonNode.Parse(value);
        }
        var mapping = resources["Mapping"]!["Properties"]!.AsObject();
        foreach (var (name, value) in JsonNode.Parse($"{{{options.Mapping}}}")!.AsObject())
        {
            mapping[name] = value!.DeepClone();
        }
        if (options.Consumer)
        {
            resources["Reader"] = JsonNode.Parse(ConsumerJson);
            mapping["EventSourceArn"] = JsonNode.Parse("""{ "Fn::GetAtt": [ "Reader", "ConsumerARN" ] }""");
        }
        if (options.FailureQueue)
        {
            resources["Failures"] = JsonNode.Parse("""{ "Type": "AWS::SQS::Queue" }""");
            mapping["DestinationConfig"] = JsonNode.Parse(
                """{ "OnFailure": { "Destination": { "Fn::GetAtt": [ "Failures", "Arn" ] } } }""");
        }
        if (!options.Archive)
        {
            resources.Remove("Archive");
        }
        return Encoding.UTF8.GetBytes(template.ToJsonString());
    }

    private const string ConsumerJson = """
        { "Type": "AWS::Kinesis::StreamConsumer", "Properties": {
            "ConsumerName": "reader", "StreamARN": { "Fn::GetAtt": [ "Raw", "Arn" ] } } }
        """;

    private const string Json = """
        { "Resources": {
          "Raw": { "Type": "AWS::Kinesis::Stream", "Properties": { "RetentionPeriodHours": 24 } },
          "Data": { "Type": "AWS::S3::Bucket" },
          "Validate": { "Type": "AWS::Lambda::Function", "Properties": {
            "Runtime": "provided.al2023", "Handler": "Validate", "Code": { "S3Bucket": "code", "S3Key": "code.zip" },
            "Environment": { "Variables": { "COLOUR": "green", "OUTPUT_STREAM": { "Ref": "Raw" } } } } },
          "Mapping": { "Type": "AWS::Lambda::EventSourceMapping", "Properties": {
            "BatchSize": 100, "EventSourceArn": { "Fn::GetAtt": [ "Raw", "Arn" ] },
            "FunctionName": { "Ref": "Validate" },
            "FunctionResponseTypes": [ "ReportBatchItemFailures" ], "StartingPosition": "TRIM_HORIZON",
            "DestinationConfig": { "OnFailure": { "Destination": { "Fn::GetAtt": [ "Data", "Arn" ] } } } } },
          "Archive": { "Type": "AWS::KinesisFirehose::DeliveryStream", "Properties": {
            "DeliveryStreamType": "KinesisStreamAsSource",
            "KinesisStreamSourceConfiguration": { "KinesisStreamARN": { "Fn::GetAtt": [ "Raw", "Arn" ] } },
            "ExtendedS3DestinationConfiguration": {
              "BucketARN": { "Fn::GetAtt": [ "Data", "Arn" ] },
              "BufferingHints": { "IntervalInSeconds": 60, "SizeInMBs": 64 },
              "DynamicPartitioningConfiguration": { "Enabled": true },
              "ErrorOutputPrefix": "archive-errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/",
              "Prefix": "archive/date=!{partitionKeyFromQuery:eventdate}/",
              "ProcessingConfiguration": { "Enabled": true, "Processors": [
                { "Type": "MetadataExtraction", "Parameters": [
                  { "ParameterName": "MetadataExtractionQuery", "ParameterValue": "{eventdate:.eventdate}" },
                  { "ParameterName": "JsonParsingEngine", "ParameterValue": "JQ-1.6" } ] },
                { "Type": "AppendDelimiterToRecord" } ] } } } }
        } }
        """;
}

/// <summary>What a test changes in its bed.</summary>
internal sealed record BedOptions
{
    /// <summary>Members of the mapping's properties, as JSON.</summary>
    public string Mapping { get; init; } = "";

    public int Shards { get; init; } = 1;

    public int TimeoutSeconds { get; init; } = 60;

    /// <summary>Whether the mapping reads through a consumer of its own.</summary>
    public bool Consumer { get; init; }

    /// <summary>Whether a delivery stream reads the stream too.</summary>
    public bool Archive { get; init; }

    /// <summary>Concurrency that the function reserves; null when only the account bounds it.</summary>
    public int? ReservedConcurrency { get; init; }

    /// <summary>Whether the mapping gives records up to a queue, not to the bucket.</summary>
    public bool FailureQueue { get; init; }

    /// <summary>More environment variables of the function, as JSON.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs the function as a process; null for the test's own function.</summary>
    public IsolationOptions? Isolation { get; init; }

    /// <summary>Which instances of the function fail to start; the first one must not.</summary>
    public Func<int, bool> FailsToStart { get; init; } = _ => false;

    public Faults Faults { get; init; } = Faults.None;

    /// <summary>When the clock begins.</summary>
    public DateTimeOffset Clock { get; init; } = Bed.Start;

    /// <summary>Resources are there at once unless a test says otherwise.</summary>
    public EngineSettings Settings { get; init; } = new() { CreationTimes = new Dictionary<string, TimeSpan>() };
}
