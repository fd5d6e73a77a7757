namespace Pipeline.Infra.Constructs;

/// <summary>What a function gets of a processor, of time and of the account's concurrency.</summary>
/// <param name="MemoryMebibytes">Memory; the share of a processor grows with it.</param>
/// <param name="TimeoutSeconds">Timeout, which the function is told too.</param>
/// <param name="Reserved">Concurrency that is kept for it and bounds it; null for none.</param>
public sealed record FunctionSize(int MemoryMebibytes, int TimeoutSeconds, int? Reserved);
