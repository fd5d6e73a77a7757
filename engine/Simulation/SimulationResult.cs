namespace Pipeline.Engine.Simulation;

/// <summary>What became of the simulation of a seed.</summary>
public sealed record SimulationResult
{
    public required SimulationPlan Plan { get; init; }

    /// <summary>The law that is broken, as a sentence; null when all hold.</summary>
    public string? Law { get; init; }

    /// <summary>What was found instead; empty when all laws hold.</summary>
    public string Found { get; init; } = "";

    /// <summary>Lines that came in.</summary>
    public required int Events { get; init; }

    /// <summary>Records, objects, messages, invocations and reports.</summary>
    public required long Effects { get; init; }

    /// <summary>The hash over all effects in their order; the same seed twice has the same.</summary>
    public required string TraceHash { get; init; }

    /// <summary>How many faults of each kind there were, by their names.</summary>
    public required IReadOnlyDictionary<string, long> Faults { get; init; }

    /// <summary>How long after the last fault and the last line the pipeline still worked.</summary>
    public TimeSpan QuietAfter { get; init; }

    /// <summary>Whether all laws hold.</summary>
    public bool Holds => Law is null;
}
