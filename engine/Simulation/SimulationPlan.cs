using Pipeline.Engine.Feeding;
using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Simulation;

/// <summary>The clock jumps ahead.</summary>
/// <param name="After">When, from the start.</param>
/// <param name="By">How far.</param>
public sealed record ClockJump(TimeSpan After, TimeSpan By);

/// <summary>Everything that a seed decides about a simulation but the template's values.</summary>
public sealed record SimulationPlan
{
    /// <summary>A request takes effect at most so late.</summary>
    public static readonly TimeSpan LatenessMax = TimeSpan.FromMinutes(5);

    private const int EventsMax = 120;
    private const double RateExponentMin = -0.5;
    private const double RateExponents = 3.5;
    private const int JumpsMax = 4;
    private const int ReshardStepsMax = 6;
    private const int ReshardedShards = 6;

    private static readonly string[] s_streams = ["Raw", "Validated", "Enriched", "Critical"];

    public required int Seed { get; init; }

    public required SimulationLimits Limits { get; init; }

    public required Load Load { get; init; }

    public required Pace Pace { get; init; }

    public required EngineSettings Settings { get; init; }

    /// <summary>The seed of the engine's own randomness.</summary>
    public required int EngineSeed { get; init; }

    /// <summary>The kinds of faults that are on, each with its probability where it is asked for.</summary>
    public required IReadOnlyDictionary<FaultKind, double> Rates { get; init; }

    /// <summary>In the order of their moments; none unless <see cref="FaultKind.ClockJump"/> is on.</summary>
    public required IReadOnlyList<ClockJump> Jumps { get; init; }

    /// <summary>What happens to shards, if it can; none unless <see cref="FaultKind.Reshard"/> is on.</summary>
    public required IReadOnlyList<ReshardStep> Reshard { get; init; }

    /// <summary>How long after the start the last fault may be; after it the pipeline must come to rest.</summary>
    public required TimeSpan FaultsUntil { get; init; }

    /// <summary>Draws a plan; each part has a generator of its own, so that a limit on one changes no other.</summary>
    public static SimulationPlan Draw(int seed, SimulationLimits limits)
    {
        var general = DrawnBy(seed, "plan");
        var until = TimeSpan.FromSeconds(Between(general, 30, 3600));
        var rates = DrawRates(seed, limits);
        return new SimulationPlan
        {
            Seed = seed,
            Limits = limits,
            EngineSeed = general.Next(),
            Pace = general.Next(3) == 0 ? Pace.Full : Pace.Event,
            Settings = new EngineSettings
            {
                PushedPacksAreUnpacked = general.Next(2) == 0,
                InvocationBase = TimeSpan.FromMilliseconds(Math.Pow(10, general.NextDouble() * 3.5)),
            },
            FaultsUntil = until,
            Load = DrawLoad(DrawnBy(seed, "load"), limits),
            Rates = rates,
            Reshard = rates.ContainsKey(FaultKind.Reshard) ? DrawReshard(DrawnBy(seed, "reshard-steps"), until) : [],
            Jumps = rates.ContainsKey(FaultKind.ClockJump) ? DrawJumps(DrawnBy(seed, "jumps"), until) : [],
        };
    }

    /// <summary>A generator for one part of what a seed decides.</summary>
    public static Random DrawnBy(int seed, string part)
    {
        // FNV-1a: the hash code of a string differs from process to process.
        var hash = 2166136261u;
        foreach (var character in part)
        {
            hash = unchecked((hash ^ character) * 16777619u);
        }
        return new Random(unchecked((int)(hash ^ ((uint)seed * 2654435761u))));
    }

    private static Load DrawLoad(Random random, SimulationLimits limits)
    {
        var events = random.Next(1, EventsMax + 1);
        return new Load(
            Math.Min(events, limits.Events ?? events),
            random.Next(),
            Math.Pow(10, RateExponentMin + (random.NextDouble() * RateExponents)),
            random.Next(3) == 0 ? 0 : random.NextDouble() * 0.3,
            random.Next(3) == 0 ? 0 : random.NextDouble() * 0.2,
            TimeSpan.FromSeconds(random.Next(2) == 0 ? 0 : random.Next(60)),
            random.Next(2) == 0 ? 0 : random.NextDouble());
    }

    /// <summary>About two kinds of five are on, from a thousandth to a third: enough to hurt.</summary>
    private static SortedDictionary<FaultKind, double> DrawRates(int seed, SimulationLimits limits)
    {
        var rates = new SortedDictionary<FaultKind, double>();
        foreach (var kind in FaultKindNames.Kinds)
        {
            var random = DrawnBy(seed, kind.Name());
            var isOn = random.Next(5) < 2;
            var rate = Math.Pow(10, -0.5 - (random.NextDouble() * 2.5));
            if (isOn && !limits.Without.Contains(kind))
            {
                rates.Add(kind, rate);
            }
        }
        return rates;
    }

    /// <summary>Steps that may fit the shards there are or not; those that do not are refused, as AWS does.</summary>
    private static List<ReshardStep> DrawReshard(Random random, TimeSpan until)
    {
        var steps = new List<ReshardStep>();
        for (var count = random.Next(1, ReshardStepsMax + 1); count > 0; count--)
        {
            var shard = random.Next(ReshardedShards);
            steps.Add(new ReshardStep(
                until * random.NextDouble(), s_streams[random.Next(s_streams.Length)], (ReshardOperation)random.Next(3))
            {
                Shard = Shard.IdOf(shard),
                AdjacentShard = Shard.IdOf(shard + 1),
                Count = random.Next(1, ReshardedShards + 1),
            });
        }
        return steps;
    }

    private static List<ClockJump> DrawJumps(Random random, TimeSpan until) =>
    [
        .. Enumerable.Range(0, random.Next(1, JumpsMax + 1))
            .Select(_ => new ClockJump(
                until * random.NextDouble(), TimeSpan.FromSeconds(Between(random, 1, 1800))))
            .OrderBy(jump => jump.After),
    ];

    /// <summary>Small ones as often as large ones.</summary>
    private static double Between(Random random, double least, double most) =>
        least * Math.Pow(most / least, random.NextDouble());
}
