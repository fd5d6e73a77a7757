using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Pipeline.Engine.Simulation;

namespace Pipeline.Cli.Simulate;

/// <summary>A seed under which a law is broken, made as small as it gets.</summary>
/// <param name="Replay">The command line that plays it again.</param>
public sealed record SimulationFailure(
    [property: JsonPropertyName("seed")] int Seed,
    [property: JsonPropertyName("law")] string Law,
    [property: JsonPropertyName("found")] string Found,
    [property: JsonPropertyName("events")] int Events,
    [property: JsonPropertyName("faults")] IReadOnlyList<string> Faults,
    [property: JsonPropertyName("replay")] string Replay)
{
    public static SimulationFailure Of(SimulationResult result) => new(
        result.Plan.Seed, result.Law!, result.Found, result.Events, [.. result.Plan.Rates.Keys.Select(k => k.Name())],
        ReplayOf(result.Plan));

    private static string ReplayOf(SimulationPlan plan)
    {
        var line = new StringBuilder("pipeline simulate --runs 1");
        line.Append(CultureInfo.InvariantCulture, $" --seed {plan.Seed}");
        if (plan.Limits.Events is { } events)
        {
            line.Append(CultureInfo.InvariantCulture, $" --events {events}");
        }
        if (plan.Limits.Shards is { } shards)
        {
            line.Append(CultureInfo.InvariantCulture, $" --shards {shards}");
        }
        if (plan.Limits.Without.Count > 0)
        {
            line.Append(" --without ").AppendJoin(' ', plan.Limits.Without.Select(kind => kind.Name()));
        }
        return line.ToString();
    }
}

/// <summary>The seeds that were played, added up.</summary>
public sealed class SimulationSummary(int firstSeed)
{
    private readonly SortedDictionary<string, long> _faults = new(StringComparer.Ordinal);
    private readonly List<SimulationFailure> _failures = [];
    private string _hash = "";

    [JsonPropertyName("runs")]
    public int Runs { get; private set; }

    [JsonPropertyName("seeds")]
    public int[] Seeds => [firstSeed, firstSeed + Runs - 1];

    [JsonPropertyName("failures")]
    public IReadOnlyList<SimulationFailure> Failures => _failures;

    [JsonPropertyName("events")]
    public long Events { get; private set; }

    [JsonPropertyName("effects")]
    public long Effects { get; private set; }

    [JsonPropertyName("faults")]
    public IReadOnlyDictionary<string, long> Faults => _faults;

    /// <summary>The longest time that a run still worked after its last fault and line, in virtual seconds.</summary>
    [JsonPropertyName("quietAfterSeconds")]
    public double QuietAfterSeconds { get; private set; }

    /// <summary>Of one run, the hash over its effects; of several, the hash over their hashes.</summary>
    [JsonPropertyName("traceHash")]
    public string TraceHash => _hash;

    /// <summary>Adds a run.</summary>
    public void Add(SimulationResult result)
    {
        _hash = Runs++ == 0
            ? result.TraceHash
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(_hash + result.TraceHash)));
        Events += result.Events;
        Effects += result.Effects;
        QuietAfterSeconds = Math.Max(QuietAfterSeconds, Math.Round(result.QuietAfter.TotalSeconds, 3));
        foreach (var (kind, count) in result.Faults)
        {
            _faults[kind] = _faults.GetValueOrDefault(kind) + count;
        }
        if (!result.Holds)
        {
            _failures.Add(SimulationFailure.Of(result));
        }
    }

    /// <summary>Writes it for a reader.</summary>
    public void WriteTo(TextWriter text)
    {
        var failures = _failures.Count;
        text.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Runs:N0} seeds from {firstSeed}: {Events:N0} events, {Effects:N0} effects, {failures:N0} failures"));
        foreach (var (kind, count) in _faults)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {kind,-20} {count,12:N0}"));
        }
        text.WriteLine($"trace {_hash}");
        foreach (var failure in _failures)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {failure.Seed}: {failure.Law}"));
            text.WriteLine($"  {failure.Found}");
            text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {failure.Events} events, faults: {string.Join(", ", failure.Faults)}"));
            text.WriteLine($"  {failure.Replay}");
        }
    }
}
