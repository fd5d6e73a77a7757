using System.Globalization;
using Pipeline.Cli.Simulate;
using Pipeline.Engine.Simulation;
using Pipeline.Functions;
using Xunit;

namespace Pipeline.Tests.Simulations;

public sealed class SimulationTests
{
    private const int SeedsPerStretch = 100;

    /// <summary>Stretches of seeds, so that they run beside each other.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_breaks_every_law_holds(int stretch)
    {
        using var simulations = new Simulations();
        var faults = new Dictionary<string, long>();
        for (var seed = stretch * SeedsPerStretch; seed < (stretch + 1) * SeedsPerStretch; seed++)
        {
            var result = simulations.Play(seed);
            Assert.True(result.Holds, Told(result));
            foreach (var (kind, count) in result.Faults)
            {
                faults[kind] = faults.GetValueOrDefault(kind) + count;
            }
        }
        // Every kind of fault was there, so a stretch proves something about each.
        Assert.Equal(FaultKindNames.All.Order(StringComparer.Ordinal), faults.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Seeds_that_once_failed_hold()
    {
        using var simulations = new Simulations();
        var file = Path.Combine(AppContext.BaseDirectory, "simulation", "seeds.txt");
        foreach (var line in File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var result = simulations.Play(int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture));
            Assert.True(result.Holds, Told(result));
        }
    }

    [Fact]
    public void A_function_that_never_lets_time_move_fails_its_seed_and_ends()
    {
        using var simulations = new Simulations(name => (environment, ports, time) =>
        {
            var function = Catalogue.Find(name)(environment, ports, time);
            return name != "Enrich" ? function : function with { Handler = (_, _) => SpinAsync() };
        });

        var result = simulations.Play(3);

        Assert.Equal("The work of any moment comes to an end, so that time moves on.", result.Law);
        Assert.Contains("1,000,000 steps of work", result.Found, StringComparison.Ordinal);
        using var text = new StringWriter();
        var summary = new SimulationSummary(3);
        summary.Add(result);
        summary.WriteTo(text);
        Assert.Contains("seed 3: The work of any moment", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("pipeline simulate --runs 1 --seed 3", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_twice_has_the_same_effects_in_the_same_order()
    {
        using var simulations = new Simulations();
        using var others = new Simulations();
        var hashes = new HashSet<string>();
        for (var seed = 0; seed < 15; seed++)
        {
            var result = simulations.Play(seed);
            Assert.True(result.Effects > 0);
            Assert.Equal(result.TraceHash, others.Play(seed).TraceHash);
            hashes.Add(result.TraceHash);
        }
        Assert.Equal(15, hashes.Count);
    }

    [Fact]
    public void A_limit_takes_away_and_changes_nothing_else()
    {
        var whole = SimulationPlan.Draw(4, SimulationLimits.None);
        var kind = whole.Rates.Keys.First();
        var less = SimulationPlan.Draw(4, new SimulationLimits(1, 1, [kind]));

        Assert.Equal(whole.Load with { Events = 1 }, less.Load);
        Assert.Equal(whole.Rates.Where(rate => rate.Key != kind), less.Rates);
        Assert.Equal(
            (whole.Pace, whole.FaultsUntil, whole.EngineSeed), (less.Pace, less.FaultsUntil, less.EngineSeed));
    }

    [Fact]
    public void A_failure_is_shrunk_to_what_it_needs()
    {
        // A law that is broken once there are ten events and a lost answer.
        static SimulationResult Play(int seed, SimulationLimits limits)
        {
            var plan = SimulationPlan.Draw(seed, limits);
            var fails = plan.Load.Events >= 10 && plan.Rates.ContainsKey(FaultKind.LostAnswer);
            return new SimulationResult
            {
                Plan = plan,
                Law = fails ? "broken" : null,
                Events = plan.Load.Events,
                Effects = 0,
                TraceHash = "",
                Faults = new Dictionary<string, long>(),
            };
        }
        var failed = Enumerable.Range(0, 1000).Select(seed => Play(seed, SimulationLimits.None))
            .First(result => !result.Holds && result.Plan.Rates.Count > 4);

        var shrunk = new Shrinker(Play).Shrink(failed);

        Assert.Equal("broken", shrunk.Law);
        Assert.Equal((10, 1), (shrunk.Events, shrunk.Plan.Limits.Shards));
        Assert.Equal([FaultKind.LostAnswer], shrunk.Plan.Rates.Keys);
        Assert.Equal(shrunk.Plan.Rates, Play(failed.Plan.Seed, shrunk.Plan.Limits).Plan.Rates);
    }

    private static async Task<Stream> SpinAsync()
    {
        while (true)
        {
            await Task.Yield();
        }
    }

    private static string Told(SimulationResult result) => string.Create(
        CultureInfo.InvariantCulture, $"Seed {result.Plan.Seed}: {result.Law} {result.Found}");
}
