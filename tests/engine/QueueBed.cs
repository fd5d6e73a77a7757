using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Mappings;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Template;
using Pipeline.Functions;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>One invocation of the function that works on the queue's messages.</summary>
internal sealed record QueueInvocation(TimeSpan At, string Payload, Ports Ports, TimeProvider Time)
{
    private readonly JsonElement[] _records =
        [.. JsonDocument.Parse(Payload).RootElement.GetProperty("Records").EnumerateArray()];

    public string[] Ids => [.. _records.Select(record => record.GetProperty("messageId").GetString()!)];

    public string[] Bodies => [.. _records.Select(record => record.GetProperty("body").GetString()!)];

    /// <summary>The bodies with spaces between.</summary>
    public string Text => string.Join(' ', Bodies);

    public int[] ReceiveCounts => [.. _records.Select(record => int.Parse(
        record.GetProperty("attributes").GetProperty("ApproximateReceiveCount").GetString()!,
        System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>The answer that names the messages with these bodies as failed.</summary>
    public string Failed(params IEnumerable<string> bodies) =>
        Bed.Failed(bodies.Select(body => Ids[Array.IndexOf(Bodies, body)]));
}

/// <summary>A small stack on the engine: a queue with its dead-letter queue, a function, a mapping.</summary>
internal sealed class QueueBed : IDisposable
{
    private readonly OutputFolder _folder;
    private readonly Func<QueueInvocation, Task<string>> _answer;
    private readonly DateTimeOffset _started;
    private bool _begun;

    public QueueBed(Func<QueueInvocation, Task<string>> answer, QueueBedOptions? options = null)
    {
        options ??= new QueueBedOptions();
        (_answer, _folder) = (answer, options.Folder ?? new OutputFolder());
        var stack = TemplateLoader.Load(
            Template(options), "bed.json", new TemplateOptions { Disable = options.Disable });
        Engine = new EmbeddedEngine(
            stack,
            new EngineOptions(_folder.Path, "/task", options.Seed)
            {
                Functions = _ => Compose,
                Faults = options.Faults,
                Settings = options.Settings,
            },
            Bed.Start, options.Saved);
        _started = Engine.Scheduler.Now;
    }

    /// <summary>A bed whose function answers the same at once, always.</summary>
    public QueueBed(QueueBedOptions? options = null, string answer = Bed.Success)
        : this(_ => Task.FromResult(answer), options)
    {
    }

    public EmbeddedEngine Engine { get; }

    public MessageQueue Queue => Engine.Queues.Single(queue => queue.Name == "Jobs");

    public MessageQueue Dead => Engine.Queues.Single(queue => queue.Name == "Dead");

    public QueueMapping Mapping => Engine.QueueMappings.Single(mapping => mapping.LogicalId == "WorkMapping");

    public List<QueueInvocation> Invocations { get; } = [];

    public OutputFolder Folder => _folder;

    public TimeSpan Now => Engine.Scheduler.Now - _started;

    /// <summary>The bodies of each batch.</summary>
    public string[] Batches => [.. Invocations.Select(invocation => invocation.Text)];

    /// <summary>When each batch was delivered, in seconds.</summary>
    public double[] Times => [.. Invocations.Select(invocation => invocation.At.TotalSeconds)];

    /// <summary>Sends messages, ten in a request.</summary>
    public void Send(params IEnumerable<string> bodies)
    {
        foreach (var ten in bodies.Chunk(10))
        {
            var results = Queue.SendMessageBatch([.. ten.Select((body, index) => new SendEntry($"{index}", body))]);
            Assert.All(results, result => Assert.True(result.Accepted));
        }
    }

    /// <summary>Sends messages with the numbers from 0 on.</summary>
    public void SendMany(int count) => Send(Enumerable.Range(0, count).Select(i => $"{i}"));

    /// <summary>Does something when the clock has moved so far.</summary>
    public void At(double seconds, Action act) => Engine.Scheduler.Start(async () =>
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds), Engine.Scheduler.Clock);
        act();
    });

    /// <summary>Starts everything.</summary>
    public void Begin()
    {
        _begun = true;
        Engine.Start();
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

    public void Dispose()
    {
        Engine.Dispose();
        _folder.Dispose();
    }

    private LambdaFunction Compose(IReadOnlyDictionary<string, string> environment, Ports ports, TimeProvider time) =>
        new("Work", async (payload, _) =>
        {
            using var reader = new StreamReader(payload);
            var invocation = new QueueInvocation(Now, await reader.ReadToEndAsync(), ports, time);
            Invocations.Add(invocation);
            return new MemoryStream(Encoding.UTF8.GetBytes(await _answer(invocation)));
        });

    private static byte[] Template(QueueBedOptions options)
    {
        var template = JsonNode.Parse(Json)!.AsObject();
        var resources = template["Resources"]!.AsObject();
        resources["Work"]!["Properties"]!["Timeout"] = options.TimeoutSeconds;
        if (options.ReservedConcurrency is { } reserved)
        {
            resources["Work"]!["Properties"]!["ReservedConcurrentExecutions"] = reserved;
        }
        Set(resources["Jobs"]!["Properties"]!, options.Queue);
        Set(resources["WorkMapping"]!["Properties"]!, options.Mapping);
        if (options.ReceiveCountMax is { } count)
        {
            resources["Jobs"]!["Properties"]!["RedrivePolicy"] = JsonNode.Parse(
                $$"""{ "deadLetterTargetArn": { "Fn::GetAtt": [ "Dead", "Arn" ] }, "maxReceiveCount": {{count}} }""");
        }
        if (!options.DeadLettersAreRead)
        {
            resources.Remove("DeadMapping");
        }
        return Encoding.UTF8.GetBytes(template.ToJsonString());
    }

    private static void Set(JsonNode properties, string members)
    {
        foreach (var (name, value) in JsonNode.Parse($"{{{members}}}")!.AsObject())
        {
            properties[name] = value!.DeepClone();
        }
    }

    private const string Json = """
        { "Resources": {
          "Raw": { "Type": "AWS::Kinesis::Stream", "Properties": { "ShardCount": 1 } },
          "Data": { "Type": "AWS::S3::Bucket" },
          "Validate": { "Type": "AWS::Lambda::Function", "Properties": { "Handler": "Validate" } },
          "RawMapping": { "Type": "AWS::Lambda::EventSourceMapping", "Properties": {
            "EventSourceArn": { "Fn::GetAtt": [ "Raw", "Arn" ] }, "FunctionName": { "Ref": "Validate" },
            "StartingPosition": "TRIM_HORIZON" } },
          "Dead": { "Type": "AWS::SQS::Queue" },
          "Jobs": { "Type": "AWS::SQS::Queue", "Properties": { "VisibilityTimeout": 60 } },
          "Work": { "Type": "AWS::Lambda::Function", "Properties": { "Handler": "Work" } },
          "WorkMapping": { "Type": "AWS::Lambda::EventSourceMapping", "Properties": {
            "EventSourceArn": { "Fn::GetAtt": [ "Jobs", "Arn" ] }, "FunctionName": { "Ref": "Work" },
            "FunctionResponseTypes": [ "ReportBatchItemFailures" ] } },
          "DeadMapping": { "Type": "AWS::Lambda::EventSourceMapping", "Properties": {
            "EventSourceArn": { "Fn::GetAtt": [ "Dead", "Arn" ] }, "FunctionName": { "Ref": "Work" } } }
        } }
        """;
}

/// <summary>What a test changes in its bed.</summary>
internal sealed record QueueBedOptions
{
    /// <summary>Members of the queue's properties, as JSON.</summary>
    public string Queue { get; init; } = "";

    /// <summary>Members of the mapping's properties, as JSON.</summary>
    public string Mapping { get; init; } = "";

    /// <summary>How often a message is received before it goes to the dead-letter queue; null for ever.</summary>
    public int? ReceiveCountMax { get; init; }

    /// <summary>Whether the dead-letter queue has a mapping to the function too.</summary>
    public bool DeadLettersAreRead { get; init; }

    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>Concurrency that the function reserves; null when only the account bounds it.</summary>
    public int? ReservedConcurrency { get; init; }

    public int Seed { get; init; } = 1;

    public string[] Disable { get; init; } = [];

    public Faults Faults { get; init; } = Faults.None;

    /// <summary>An invocation takes no time and a resource is there at once unless a test says otherwise.</summary>
    public EngineSettings Settings { get; init; } = new()
    {
        CreationTimes = new Dictionary<string, TimeSpan>(),
        InvocationBase = TimeSpan.Zero,
        InvocationPerRecord = TimeSpan.Zero,
    };

    /// <summary>A directory in which an earlier bed ran, and where it stopped.</summary>
    public OutputFolder? Folder { get; init; }

    /// <inheritdoc cref="Folder"/>
    public EngineState? Saved { get; init; }
}
