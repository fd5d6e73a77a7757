using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Cli.Generate;
using Pipeline.Engine;
using Pipeline.Engine.Feeding;
using Xunit;

namespace Pipeline.Tests.Runs;

public sealed class FaultTests
{
    private const int SeedsPerTheory = 75;

    /// <summary>Four stretches of seeds, so that they run beside each other.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_breaks_nothing_is_lost_and_order_per_key_is_kept(int stretch)
    {
        var faults = 0;
        for (var seed = stretch * SeedsPerTheory; seed < (stretch + 1) * SeedsPerTheory; seed++)
        {
            try
            {
                faults += PlaySeed(seed);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"Seed {seed} fails: {error.Message}"), error);
            }
        }
        Assert.True(faults > SeedsPerTheory, $"Only {faults} faults were injected.");
    }

    [Theory]
    [InlineData(Crash.BeforeFlush, false)]
    [InlineData(Crash.DuringFlush, true)]
    [InlineData(Crash.BeforeReport, true)]
    public void An_invocation_that_dies_costs_copies_only_after_its_flush(Crash crash, bool copies)
    {
        using var run = new TestRun { Faults = new FirstInvocationsDie(crash) };
        var input = TestRun.Generate(new GenerateOptions(300) { Seed = 7, Rate = 20, BadRate = 0.05 });
        var summary = run.Play(input);
        RunLaws.Check(input, summary, run.Output);
        Assert.Equal(copies, summary.Accounting.Redelivered > 0);
    }

    [Fact]
    public void A_batch_that_comes_twice_is_archived_twice_and_counted()
    {
        using var run = new TestRun { Faults = new FirstBatchesComeTwice() };
        var input = TestRun.Generate(new GenerateOptions(300) { Seed = 8, Rate = 20 });
        var summary = run.Play(input);
        RunLaws.Check(input, summary, run.Output);
        Assert.True(summary.Accounting.Redelivered > 0);
        Assert.Equal(300 + summary.Accounting.Redelivered, run.Output.Archived().Count());
    }

    private sealed class FirstBatchesComeTwice : Faults
    {
        private readonly HashSet<string> _seen = [];

        public override bool OnBatchDone(string function) => _seen.Add(function);
    }

    private static int PlaySeed(int seed)
    {
        var random = new Random(seed);
        var faults = new RandomFaults(new Random(random.Next()), FaultRates.Draw(random));
        using var run = new TestRun
        {
            Seed = random.Next(),
            Faults = faults,
            Pace = random.Next(2) == 0 ? Pace.Event : Pace.Full,
            Change = resources => Draw(random, resources),
        };
        var input = TestRun.Generate(new GenerateOptions(random.Next(1, 250))
        {
            Seed = random.Next(),
            Rate = Math.Pow(10, random.NextDouble() * 3),
            BadRate = random.NextDouble() * 0.3,
            DuplicateRate = random.NextDouble() * 0.2,
            Disorder = TimeSpan.FromSeconds(random.Next(60)),
        });
        RunLaws.Check(input, run.Play(input), run.Output);
        return faults.Count;
    }

    private static void Draw(Random random, JsonObject resources)
    {
        foreach (var stream in new[] { "Raw", "Validated", "Enriched" })
        {
            resources[stream]!["Properties"]!["ShardCount"] = random.Next(1, 6);
        }
        foreach (var mapping in new[] { "ValidateMapping", "EnrichMapping" })
        {
            var properties = resources[mapping]!["Properties"]!;
            properties["BatchSize"] = random.Next(1, 200);
            properties["MaximumBatchingWindowInSeconds"] = random.Next(0, 5);
            properties["BisectBatchOnFunctionError"] = random.Next(2) == 0;
        }
    }

    /// <summary>The first three invocations of each function die.</summary>
    private sealed class FirstInvocationsDie(Crash crash) : Faults
    {
        private readonly Dictionary<string, int> _invocations = [];

        public override Crash OnInvocation(string function)
        {
            var count = _invocations[function] = _invocations.GetValueOrDefault(function) + 1;
            return count <= 3 ? crash : Crash.None;
        }
    }
}
