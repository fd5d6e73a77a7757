namespace Pipeline.Engine.Isolation;

/// <summary>What the Runtime API answers to <c>next</c>.</summary>
internal sealed record NextInvocation(
    string RequestId, ReadOnlyMemory<byte> Payload, DateTimeOffset Deadline, string FunctionArn);
