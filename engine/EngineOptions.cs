using Pipeline.Engine.Isolation;
using Pipeline.Engine.Streams;
using Pipeline.Functions;

namespace Pipeline.Engine;

/// <summary>What a run of the engine is given.</summary>
/// <param name="OutputDirectory">The data bucket and the engine's own state.</param>
/// <param name="TaskRoot">The folder that holds a function's files: <c>config/</c> and <c>geo/</c>.</param>
/// <param name="Seed">The seed of everything random.</param>
public sealed record EngineOptions(string OutputDirectory, string TaskRoot, int Seed)
{
    public EngineSettings Settings { get; init; } = new();

    public Faults Faults { get; init; } = Faults.None;

    /// <summary>What is done with the shards of streams, and when.</summary>
    public IReadOnlyList<ReshardStep> Reshard { get; init; } = [];

    /// <summary>Runs functions as processes of their own; null for this process.</summary>
    public IsolationOptions? Isolation { get; init; }

    /// <summary>
    /// Finds a function by name; the pipeline's own unless a test brings others. Not asked for processes.
    /// </summary>
    public Func<string, Compose> Functions { get; init; } = Catalogue.Find;
}
