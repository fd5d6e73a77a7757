using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.Lambda.SQSEvents;
using Pipeline.Core;
using Pipeline.Core.Commands;
using Pipeline.Engine.Time;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Execute;
using Pipeline.Functions.Pump;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>Workers of commands in a small world of their own, on virtual time, with a bucket of conditions.</summary>
internal sealed class WorkerBench
{
    /// <summary>Pages of logs are this small here.</summary>
    public const int PageMax = 3;

    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(90);

    public WorkerBench()
    {
        Scheduler = new Scheduler(Start);
        Bucket = new WorkerBucket(Scheduler);
        Output = new FakeOutput([]);
    }

    public Scheduler Scheduler { get; }

    public WorkerBucket Bucket { get; }

    public FakeOutput Output { get; }

    public int Seed { get; init; }

    public ExecuteRules Rules { get; init; } = new(TimeSpan.FromHours(24), [IPNetwork.Parse("9.9.9.0/24")], PageMax);

    public static Command Command(string id, string name, string arguments = "{}") => new(
        id, name, Encoding.UTF8.GetBytes(arguments), CommandPriority.High, Start.AddMinutes(-1),
        new CommandCause("key", "/source", "event-1"));

    /// <summary>Delivers commands in one batch; answers the ids that failed.</summary>
    public string[] Deliver(params ReadOnlySpan<Command> commands) =>
        DeliverBodies([.. commands.ToArray().Select(command => (command.Id, CommandText.Write(command)))]);

    /// <summary>Delivers messages in one batch; answers the ids that failed.</summary>
    public string[] DeliverBodies(params (string Id, string Body)[] messages)
    {
        var failed = Begin(messages);
        Scheduler.RunUntilIdle();
        return [.. failed];
    }

    /// <summary>Begins an invocation of a new worker; the list fills with the ids that failed.</summary>
    public List<string> Begin((string Id, string Body)[] messages, TimeSpan after = default, Action? done = null)
    {
        var failed = new List<string>();
        Scheduler.Start(async () =>
        {
            await Task.Delay(after, Scheduler.Clock);
            var response = await Worker().HandleAsync(Event(messages), new FakeContext(Scheduler, Timeout));
            failed.AddRange(response.BatchItemFailures.Select(failure => failure.ItemIdentifier));
            done?.Invoke();
        });
        return failed;
    }

    /// <summary>Delivers a command until it is done, each time after the visibility timeout.</summary>
    public void DeliverUntilDone(Command command, TimeSpan after = default, int attemptsMax = 10)
    {
        (string, string)[] message = [(command.Id, CommandText.Write(command))];
        List<string> failed = [];
        failed = Begin(message, after, () =>
        {
            if (failed.Count > 0)
            {
                Assert.True(attemptsMax > 1, $"{command.Id} was never done: {string.Join('\n', Output.Lines)}");
                DeliverUntilDone(command, 6 * Timeout, attemptsMax - 1);
            }
        });
    }

    /// <summary>Lets time pass.</summary>
    public void Wait(TimeSpan time)
    {
        Scheduler.Start(async () => await Task.Delay(time, Scheduler.Clock));
        Scheduler.RunUntilIdle();
    }

    /// <summary>The objects whose keys begin so, as text.</summary>
    public SortedDictionary<string, string> Objects(string prefix = "") => new(
        Bucket.Objects.Where(stored => stored.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(stored => stored.Key, stored => Encoding.UTF8.GetString(stored.Value)),
        StringComparer.Ordinal);

    public JsonElement Json(string key)
    {
        using var document = JsonDocument.Parse(Bucket.Objects[key]);
        return document.RootElement.Clone();
    }

    public JsonElement Record(string command) => Json($"commands/{command}.json");

    public void Store(string key, string text) => Bucket.Objects[key] = Encoding.UTF8.GetBytes(text);

    /// <summary>How often a command's effect is in objects whose keys begin so.</summary>
    public int EffectsOf(string command, string prefix) =>
        Objects(prefix).Values.Sum(text => text.Split($"\"command\":\"{command}\"").Length - 1);

    /// <summary>The sentences said, without the metrics.</summary>
    public IEnumerable<string> Sentences => Output.Lines
        .Where(line => !line.StartsWith("{\"_aws\":", StringComparison.Ordinal))
        .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("message").GetString()!);

    private static SQSEvent Event((string Id, string Body)[] messages) => new()
    {
        Records =
            [.. messages.Select(message => new SQSEvent.SQSMessage { MessageId = message.Id, Body = message.Body })],
    };

    private QueuePump Worker()
    {
        var random = new Random(Seed);
        var time = Scheduler.Clock;
        var objects = new SharedObjects(Bucket, time, random);
        var handlers = new SortedDictionary<string, ICommandHandler>(StringComparer.Ordinal)
        {
            ["open-incident"] = new OpenIncident(objects, PageMax),
            ["close-incident"] = new CloseIncident(objects, PageMax),
            ["notify"] = new Notify(objects, PageMax),
            ["block-address"] = new BlockAddress(objects, Rules),
        };
        var records = new ExecutionRecords(Bucket, Lease, time, random);
        var ports = new Ports(
            new FakeStream(Scheduler, []), new FakeQueue(Scheduler, []), Bucket, Output, random);
        return new QueuePump(
            new QueuePumpOptions("ExecuteHigh", Timeout), new ExecuteCommand(handlers, records, Output), ports, time);
    }
}
