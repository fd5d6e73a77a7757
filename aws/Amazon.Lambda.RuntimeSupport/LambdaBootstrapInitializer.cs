namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Runs once, before the first invocation is asked for; an exception is an initialization error.</summary>
/// <returns>False: end without asking for any invocation.</returns>
public delegate Task<bool> LambdaBootstrapInitializer();
