using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Core;
using Pipeline.Core.Commands;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Template;
using Xunit;

namespace Pipeline.Tests.Replays;

/// <summary>
/// The payloads of the functions that carry commands out: what Route asks for, and more of each kind.
/// </summary>
internal sealed class CommandPayloads : IDisposable
{
    private static readonly CommandCause s_cause = new("search", "/services/search", "c8f31f26f3b5136d");

    private readonly SortedDictionary<string, byte[]> _payloads;
    private readonly Replay _route;

    private CommandPayloads(SortedDictionary<string, byte[]> payloads, byte[] routed)
    {
        using var batch = new RecordBatch();
        batch.Read(routed);
        _payloads = payloads;
        _route = new Replay("Route", batch.RecordAt(batch.RecordCount - 1).ArrivedAt);
        _route.Function.Invoke(routed, batch.RecordCount);
    }

    /// <summary>Adds them.</summary>
    /// <param name="routed">The payload of Route whose commands are carried out.</param>
    public static void Add(SortedDictionary<string, byte[]> payloads, byte[] routed)
    {
        using var commands = new CommandPayloads(payloads, routed);
        commands.AddHigh();
        commands.AddBatches("Normal", CommandPriority.Normal);
        commands.AddBatches("Low", CommandPriority.Low);
        commands.AddExpired();
    }

    public void Dispose() => _route.Dispose();

    /// <summary>A high command comes alone, so each has a payload of its own.</summary>
    private void AddHigh()
    {
        var messages = Receive("CommandsHigh", Bodies(CommandPriority.High));
        Write("ExecuteHigh", "normal", Of(messages, "open-incident"));
        Write("ExecuteHigh", "block-address", Of(messages, "block-address"));
        Write("ExecuteHigh", "close-incident", Of(messages, "close-incident"));
        Write("ExecuteHigh", "notify", Of(messages, "notify"));
        Write("ExecuteHigh", "bad-data", Of(messages, "please"));
        Write("ExecuteHigh", "unknown-command", Of(messages, "restart-service"));
        Write("ExecuteHigh", "invalid-arguments", Of(messages, "not an address"));
        Write("ExecuteHigh", "redelivery", Of(ReceiveAgain("CommandsHigh"), "open-incident"));
    }

    private void AddBatches(string name, CommandPriority priority)
    {
        var messages = Receive("Commands" + name, Bodies(priority));
        string[] normal = ["open-incident", "close-incident", "notify", "block-address"];
        Write("Execute" + name, "normal", [.. normal.SelectMany(command => Of(messages, command))]);
        string[] bad = ["notify", "please", "restart-service", "not an address"];
        Write("Execute" + name, "bad-data", [.. bad.SelectMany(command => Of(messages, command))]);
        var again = ReceiveAgain("Commands" + name);
        Write("Execute" + name, "redelivery", [.. normal.SelectMany(command => Of(again, command))]);
    }

    /// <summary>A command that lies in its queue until its deadline has passed.</summary>
    private void AddExpired()
    {
        var queue = _route.Queue("CommandsNormal");
        var notify = Encoding.UTF8.GetString(
            queue.Look().First(m => Encoding.UTF8.GetString(m.Body.Span).Contains("deadline")).Body.Span);
        queue.SendMessageBatch([new SendEntry("late", notify)]);
        _route.Function.Scheduler.Jump(TimeSpan.FromHours(2));
        Write("ExecuteNormal", "expired", [.. queue.Receive(Limits.SendBatchCountMax).Where(m => m.ReceiveCount == 1)]);
    }

    private void Write(string function, string name, List<ReceivedMessage> messages)
    {
        var queue = Replay.Stack.QueueMappings.Single(mapping => mapping.Function.Function == function).Queue;
        _payloads.Add($"{function}/{name}.json", PayloadJson.Of(queue, messages));
    }

    /// <summary>The bodies of a command of each name, and of what is none, all for one priority.</summary>
    private static IEnumerable<string> Bodies(CommandPriority priority) =>
    [
        Body("open-incident", priority, new()
        {
            ["service"] = "search",
            ["title"] = "shard products-7 timed out after 2000 ms",
            ["at"] = "2026-01-05T08:04:04.646Z",
        }),
        Body("close-incident", priority, new() { ["service"] = "search", ["at"] = "2026-01-05T08:07:57.576Z" }),
        Body("notify", priority, new() { ["channel"] = "errors", ["text"] = "replica lag of 41 s exceeds 30 s" }),
        Body("block-address", priority, new() { ["address"] = "86.96.88.2", ["reason"] = "honeypot" }),
        Body("restart-service", priority, new() { ["service"] = "search" }),
        Body("block-address", priority, new() { ["address"] = "not an address" }),
        "restart search, please",
    ];

    private static string Body(string name, CommandPriority priority, JsonObject args) => CommandText.Write(new Command(
        Account.Uuid($"{priority} {name} {args.ToJsonString()}").ToString("N"),
        name,
        Encoding.UTF8.GetBytes(args.ToJsonString()),
        priority,
        Story.TimeOf(Story.Lines[^1]),
        s_cause));

    /// <summary>The first message whose body holds a text.</summary>
    private static List<ReceivedMessage> Of(List<ReceivedMessage> messages, string text) =>
        [messages.First(m => Encoding.UTF8.GetString(m.Message.Body.Span).Contains(text, StringComparison.Ordinal))];

    /// <summary>Sends more commands to what Route sent, and receives all of them a little later.</summary>
    private List<ReceivedMessage> Receive(string queue, IEnumerable<string> more)
    {
        var entries = more.Select((body, i) => new SendEntry($"m{i}", body));
        Assert.All(_route.Queue(queue).SendMessageBatch([.. entries]), result => Assert.True(result.Accepted));
        _route.Function.Scheduler.Jump(TimeSpan.FromMilliseconds(120));
        return [.. _route.Queue(queue).Receive(Limits.SendBatchCountMax)];
    }

    /// <summary>Receives the messages again, as a queue delivers them when nobody deleted them in time.</summary>
    private List<ReceivedMessage> ReceiveAgain(string queue)
    {
        _route.Function.Scheduler.Jump(_route.Queue(queue).Model.VisibilityTimeout);
        return [.. _route.Queue(queue).Receive(Limits.SendBatchCountMax)];
    }
}
