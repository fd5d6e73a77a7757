namespace Pipeline.Engine.Simulation;

/// <summary>What is played into a simulation. Equal loads are equal bytes.</summary>
/// <param name="Events">Lines: 1 and more.</param>
/// <param name="Seed">Of the events.</param>
/// <param name="Rate">Events per second of event time.</param>
/// <param name="BadRate">The share of lines that are bad: 0 to 1.</param>
/// <param name="DuplicateRate">The share of lines that repeat an earlier event: 0 to 1.</param>
/// <param name="Disorder">How much later than its time an event's line may come.</param>
/// <param name="HotKeyShare">The share of good lines that have one and the same partition key: 0 to 1.</param>
public sealed record Load(
    int Events, int Seed, double Rate, double BadRate, double DuplicateRate, TimeSpan Disorder, double HotKeyShare);
