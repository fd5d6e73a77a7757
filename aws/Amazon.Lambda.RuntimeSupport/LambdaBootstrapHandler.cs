namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Handles one invocation; an exception is an invocation error.</summary>
/// <param name="invocation">The payload, and what the service says about it.</param>
/// <returns>The response; null for an empty one.</returns>
public delegate Task<InvocationResponse> LambdaBootstrapHandler(InvocationRequest invocation);
