using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>Takes one message of a queue. Delivery is at least once: it says how it survives a second one.</summary>
public interface IMessageHandler
{
    /// <summary>Carries out what the message asks for.</summary>
    /// <exception cref="PortFaultException">The world broke; the message comes again.</exception>
    ValueTask<MessageOutcome> HandleAsync(string body, Delivery delivery, CancellationToken cancellation);
}

/// <summary>What became of a message.</summary>
/// <param name="DropReason">Why it ended without an effect; null when it had one, or failed.</param>
/// <param name="Problem">Why it failed, in a sentence without event data; null when it is done.</param>
public readonly record struct MessageOutcome(DropReason? DropReason, string? Problem)
{
    /// <summary>What it asked for is done.</summary>
    public static MessageOutcome Done => default;

    /// <summary>It ended on purpose, without an effect.</summary>
    public static MessageOutcome Drop(DropReason reason) => new(reason, null);

    /// <summary>It must come again, until the queue's redrive policy makes it a dead letter.</summary>
    public static MessageOutcome Fail(string problem) => new(null, problem);
}
