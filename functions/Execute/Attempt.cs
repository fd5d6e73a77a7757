using Pipeline.Functions.Pump;

namespace Pipeline.Functions.Execute;

/// <summary>One attempt to carry out a command.</summary>
/// <param name="Command">The command's id: the key of its effect.</param>
/// <param name="StartedAt">When the first attempt began, whoever made it.</param>
/// <param name="IsRedo">An earlier attempt may have had the effect already.</param>
/// <param name="Delivery">The message's time.</param>
public sealed record Attempt(string Command, DateTimeOffset StartedAt, bool IsRedo, Delivery Delivery);

/// <summary>A command's effect, ready to be had: at most once, however often it is called.</summary>
/// <exception cref="Core.PortFaultException">The world broke; whether it had its effect is unknown.</exception>
public delegate ValueTask<Effect> Work(Attempt attempt, CancellationToken cancellation);
