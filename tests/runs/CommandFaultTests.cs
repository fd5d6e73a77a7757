using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Cli.Generate;
using Pipeline.Engine;
using Xunit;

namespace Pipeline.Tests.Runs;

/// <summary>Commands through whole runs in which everything breaks.</summary>
public sealed class CommandFaultTests
{
    private const int SeedsPerTheory = 8;

    // As often as SQS allows: then no command may be given up, however often its worker dies.
    private const int ReceivesMax = 1000;

    /// <summary>Stretches of seeds, so that they run beside each other.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_breaks_each_command_has_its_effect_once(int stretch)
    {
        var executed = 0L;
        for (var seed = stretch * SeedsPerTheory; seed < (stretch + 1) * SeedsPerTheory; seed++)
        {
            try
            {
                executed += PlaySeed(seed);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"Seed {seed} fails: {error.Message}"), error);
            }
        }
        Assert.True(executed > SeedsPerTheory, $"Only {executed} commands were executed.");
    }

    private static long PlaySeed(int seed)
    {
        var random = new Random(seed);
        var mayGiveUp = random.Next(3) == 0;
        var faults = new RandomFaults(new Random(random.Next()), FaultRates.Draw(random));
        using var run = new TestRun
        {
            Seed = random.Next(),
            Faults = faults,
            Settings = new EngineSettings { PushedPacksAreUnpacked = random.Next(2) == 0 },
            Change = resources => Draw(random, resources, mayGiveUp),
        };
        var input = TestRun.Generate(new GenerateOptions(random.Next(50, 150))
        {
            Seed = random.Next(),
            Rate = Math.Pow(10, random.NextDouble() * 2),
            DuplicateRate = random.NextDouble() * 0.3,
            Disorder = TimeSpan.FromSeconds(random.Next(30)),
        });
        var summary = run.Play(input);
        RunLaws.Check(input, summary, run.Output);
        CommandLaws.Check(summary, run.Output, mayGiveUp);
        return summary.Commands.Executed;
    }

    private static void Draw(Random random, JsonObject resources, bool mayGiveUp)
    {
        foreach (var stream in new[] { "Raw", "Validated", "Enriched", "Critical" })
        {
            resources[stream]!["Properties"]!["ShardCount"] = random.Next(1, 4);
        }
        foreach (var queue in new[] { "CommandsHigh", "CommandsNormal", "CommandsLow" })
        {
            resources[queue]!["Properties"]!["RedrivePolicy"]!["maxReceiveCount"] =
                mayGiveUp ? random.Next(1, 6) : ReceivesMax;
        }
        foreach (var mapping in new[] { "FilterCriticalMapping", "RouteMapping" })
        {
            resources[mapping]!["Properties"]!["BatchSize"] = random.Next(1, 50);
        }
    }
}
