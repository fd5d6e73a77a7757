using Pipeline.Engine.Template;

namespace Pipeline.Engine.Functions;

/// <summary>One instance of a function: it handles one invocation after the other.</summary>
internal interface IFunctionInstance : IDisposable
{
    /// <summary>Whether it can take another invocation, as far as is known without waiting for it.</summary>
    bool IsAlive { get; }

    /// <summary>
    /// Why it cannot take an invocation; null when it can. The clock stands while it is still starting.
    /// </summary>
    StartFailure? StartFailure();

    /// <summary>Handles one invocation; the answer is its response, or the error it ended in.</summary>
    /// <param name="gate">Whatever it does in the world goes through it.</param>
    Task<InvocationResult> HandleAsync(ReadOnlyMemory<byte> payload, EngineContext context, InvocationGate gate);
}

/// <summary>Starts instances of functions.</summary>
internal interface IInstances
{
    /// <summary>Starts an instance of a function.</summary>
    /// <param name="counters">Adds up what it writes.</param>
    /// <param name="random">Its own.</param>
    IFunctionInstance Create(FunctionModel model, FunctionCounters counters, Random random);
}

/// <summary>Why an instance did not start: the type of the error and a sentence.</summary>
/// <param name="Document">The error's document as the runtime reported it; null when it reported none.</param>
internal sealed record StartFailure(string Type, string Message, ReadOnlyMemory<byte>? Document = null)
{
    /// <summary>As the error of the invocation that wanted the instance.</summary>
    public InvocationResult ToResult(string requestId) => Document is { } document
        ? new InvocationResult(document, Type, requestId)
        : InvocationResult.Error(Type, Message, requestId);
}
