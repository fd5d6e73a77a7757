using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>A message about to be sent.</summary>
/// <param name="Queue">The URL of the queue it goes to.</param>
/// <param name="Entry">What is sent; its id is its own among all messages of one call.</param>
/// <param name="Number">Tells its owner which one it is.</param>
public readonly record struct OutgoingMessage(string Queue, SendEntry Entry, int Number);

/// <summary>A message that its queue will never take.</summary>
/// <param name="Problem">What the queue, or its limit, has against it.</param>
public readonly record struct RefusedMessage(OutgoingMessage Message, string Problem);
