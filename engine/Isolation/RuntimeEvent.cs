using Pipeline.Engine.Functions;

namespace Pipeline.Engine.Isolation;

/// <summary>What an instance hears of its process, in the order in which it happened.</summary>
internal abstract record RuntimeEvent
{
    /// <summary>It asks for an invocation.</summary>
    public sealed record Polls : RuntimeEvent;

    /// <summary>It asked, and hung up before there was one.</summary>
    public sealed record HangsUp : RuntimeEvent;

    /// <summary>It cannot start, and says why.</summary>
    public sealed record FailsToStart(RuntimeError Error) : RuntimeEvent;

    /// <summary>It makes a call in the name of its invocation.</summary>
    public sealed record Calls(PendingCall Call) : RuntimeEvent;

    /// <summary>It ends its invocation: with a response, or an error.</summary>
    public sealed record Ends(InvocationResult Result) : RuntimeEvent;

    /// <summary>It is gone.</summary>
    public sealed record Exits : RuntimeEvent;
}
