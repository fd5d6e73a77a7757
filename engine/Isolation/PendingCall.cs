using Pipeline.Core;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Loopback;

namespace Pipeline.Engine.Isolation;

/// <summary>A call of a service that waits for its turn on the engine's thread.</summary>
internal abstract class PendingCall
{
    /// <summary>Does it, through the gate of the invocation in whose name it is made.</summary>
    /// <returns>Whether the answer makes the function wait by itself before it goes on.</returns>
    public abstract Task<bool> RunAsync(InvocationGate gate);

    /// <summary>Refuses it.</summary>
    public abstract void Refuse(PortFaultException refusal);
}

/// <inheritdoc/>
internal sealed class PendingCall<T>(ServiceCall<T> call) : PendingCall
{
    // Who waits for the answer goes on elsewhere, never on the engine's thread.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer, or the refusal.</summary>
    public Task<T> Answer => _answer.Task;

    public override async Task<bool> RunAsync(InvocationGate gate)
    {
        T answer;
        try
        {
            answer = call.IsOfBucket
                ? await gate.CallBucketAsync(call.Run, call.Conflict)
                : await gate.CallAsync(call.Run);
        }
        catch (PortFaultException refusal)
        {
            _answer.TrySetException(refusal);
            return true;
        }
        _answer.TrySetResult(answer);
        return call.AsksToWait(answer);
    }

    public override void Refuse(PortFaultException refusal) => _answer.TrySetException(refusal);
}
