using Pipeline.Core;
using Pipeline.Core.Commands;
using Pipeline.Functions.Route;

namespace Pipeline.Tests.Functions;

/// <summary>
/// A stream pump whose filter asks for a command per event; an id's first word may name its priority.
/// </summary>
internal static class CommandBench
{
    public static IReadOnlyList<string> Queues { get; } = CommandPriorityNames.All;

    private static readonly EventPattern s_all =
        EventPattern.Compile("test", """{"id":[{"exists":true}]}"""u8.ToArray());

    private static readonly CommandRoute[] s_routes =
        [.. Enum.GetValues<CommandPriority>().Select(priority => new CommandRoute("all", s_all, priority, "test"))];

    public static PumpBench Create(Func<Event, Outcome>? decide = null) =>
        new() { Queues = Queues, Decide = decide ?? (@event => Request(@event)) };

    /// <summary>Asks for the command of an event.</summary>
    public static Outcome Request(in Event @event)
    {
        var priority = CommandPriorityNames.All.ToList().IndexOf(@event.Text(EventAttribute.Id)!.Split(' ')[0]);
        return Outcome.Request(@event, s_routes[Math.Max(priority, 0)].CommandFor(@event));
    }

    /// <summary>The id of the event behind a command.</summary>
    public static string IdOf(SendEntry entry) => IdOf(entry.Body);

    public static string IdOf(string body) => CommandText.TryRead(body, out var command, out var problem)
        ? command!.Cause.Id
        : throw new InvalidOperationException(problem);
}
