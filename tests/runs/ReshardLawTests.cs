using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Cli.Generate;
using Pipeline.Engine;
using Pipeline.Engine.Feeding;
using Pipeline.Engine.Streams;
using Xunit;

namespace Pipeline.Tests.Runs;

/// <summary>Whole runs whose streams are resharded under way: nothing is lost, order per key is kept.</summary>
public sealed class ReshardLawTests
{
    private const int SeedsPerTheory = 25;

    private static readonly string[] Streams = ["Raw", "Validated", "Enriched"];

    [Fact]
    [Trait("Rule", "streams.order-per-key")]
    public void Two_splits_and_a_merge_of_every_stream_change_nothing_of_what_the_sample_gives()
    {
        var sample = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "events", "sample.ndjson"));
        using var plain = new TestRun();
        var expected = plain.Play(sample);
        using var run = new TestRun { Reshard = [.. Streams.SelectMany(TwoSplitsAndAMerge)] };
        var summary = run.Play(sample);

        TestRun.RunLaws.Check(sample, summary, run.Output);
        Assert.Empty(run.Engine!.Reshard.Warnings);
        var streams = Streams.Select(run.Engine.World.Stream).ToList();
        Assert.All(streams, stream => Assert.Equal(2 + 2 + 2 + 1, stream.Shards.Count));
        Assert.Equal(expected.Accounting, summary.Accounting);
        Assert.Equal(expected.Duplicates, summary.Duplicates);
        // The children took records, so that there was something to keep in order.
        Assert.All(streams.SelectMany(stream => stream.Open), shard => Assert.True(shard.Log.End > 0));
    }

    [Fact]
    [Trait("Rule", "streams.order-per-key")]
    public void A_larger_input_at_full_pace_keeps_its_order_through_splits_a_merge_and_a_scaling()
    {
        var input = TestRun.Generate(new GenerateOptions(20_000) { Seed = 5, Rate = 100, DuplicateRate = 0.01 });
        using var run = new TestRun
        {
            Settings = new EngineSettings { PushedPacksAreUnpacked = true },
            Reshard = [.. Streams.SelectMany(stream => (ReshardStep[])
            [
                .. TwoSplitsAndAMerge(stream),
                new(TimeSpan.FromSeconds(140), stream, ReshardOperation.Scale) { Count = 3 },
            ])],
        };
        TestRun.RunLaws.Check(input, run.Play(input), run.Output);
        Assert.Empty(run.Engine!.Reshard.Warnings);
        Assert.All(Streams, name => Assert.Equal(3, run.Engine.World.Stream(name).Open.Count));
    }

    /// <summary>Two stretches of seeds, so that they run beside each other.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [Trait("Rule", "streams.order-per-key")]
    public void Whatever_is_resharded_and_whatever_breaks_nothing_is_lost_and_order_per_key_is_kept(int stretch)
    {
        var changed = 0;
        for (var seed = stretch * SeedsPerTheory; seed < (stretch + 1) * SeedsPerTheory; seed++)
        {
            try
            {
                changed += PlaySeed(seed);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"Seed {seed} fails: {error.Message}"), error);
            }
        }
        Assert.True(changed > SeedsPerTheory, $"Only {changed} shards were made.");
    }

    [Fact]
    public void A_step_that_would_be_refused_is_told_and_one_that_finds_its_stream_updating_waits()
    {
        using var run = new TestRun
        {
            Reshard =
            [
                new(TimeSpan.FromMinutes(1), "Enriched", ReshardOperation.Split) { Shard = Shard.IdOf(0) },
                new(TimeSpan.FromMinutes(1), "Enriched", ReshardOperation.Split) { Shard = Shard.IdOf(1) },
                new(TimeSpan.FromMinutes(2), "Enriched", ReshardOperation.Split) { Shard = Shard.IdOf(0) },
            ],
        };
        var input = TestRun.Generate(new GenerateOptions(50));
        TestRun.RunLaws.Check(input, run.Play(input), run.Output);
        Assert.Equal(4, run.Engine!.World.Stream("Enriched").Open.Count);
        var warning = Assert.Single(run.Engine.Reshard.Warnings);
        Assert.Contains("split shardId-000000000000 of Enriched", warning, StringComparison.Ordinal);
        Assert.Contains("InvalidArgumentException", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void What_lies_in_closed_shards_and_their_children_is_in_flight_and_goes_on_when_resumed()
    {
        using var first = new TestRun
        {
            TemplateOptions = new Pipeline.Engine.Template.TemplateOptions { Disable = ["Enrich"] },
            Reshard = [.. TwoSplitsAndAMerge("Validated")],
        };
        var input = TestRun.Generate(new GenerateOptions(2000) { Rate = 10, BadRate = 0.02 });
        var before = first.Play(input);
        Assert.True(before.Accounting.Balanced);
        Assert.Equal(before.Functions["Validate"].Emitted, before.Accounting.InFlight);
        Assert.True(first.Engine!.World.Stream("Validated").Shards.Count(shard => shard.Log.End > 0) > 3);

        using var second = new TestRun { Continues = first };
        var after = second.Resume();
        TestRun.RunLaws.Check(input, after, second.Output);
    }

    private static IEnumerable<ReshardStep> TwoSplitsAndAMerge(string stream) =>
    [
        new(TimeSpan.FromSeconds(80), stream, ReshardOperation.Split) { Shard = Shard.IdOf(0) },
        new(TimeSpan.FromSeconds(82), stream, ReshardOperation.Split) { Shard = Shard.IdOf(1) },
        new(TimeSpan.FromSeconds(84), stream, ReshardOperation.Merge)
        {
            Shard = Shard.IdOf(3), AdjacentShard = Shard.IdOf(4),
        },
    ];

    private static int PlaySeed(int seed)
    {
        var random = new Random(seed);
        var shards = random.Next(1, 5);
        using var run = new TestRun
        {
            Seed = random.Next(),
            Faults = new RandomFaults(new Random(random.Next()), FaultRates.Draw(random)),
            Pace = random.Next(2) == 0 ? Pace.Event : Pace.Full,
            Settings = new EngineSettings
            {
                PushedPacksAreUnpacked = random.Next(2) == 0,
                ReshardingTime = TimeSpan.FromSeconds(random.Next(0, 20)),
            },
            Change = resources => Draw(random, resources, shards),
            Reshard = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Draw(random, shards))],
        };
        var input = TestRun.Generate(new GenerateOptions(random.Next(50, 400))
        {
            Seed = random.Next(),
            Rate = Math.Pow(10, random.NextDouble() * 2),
            BadRate = random.NextDouble() * 0.2,
            DuplicateRate = random.NextDouble() * 0.2,
        });
        TestRun.RunLaws.Check(input, run.Play(input), run.Output);
        return run.Engine!.World.Streams.Sum(stream => stream.Shards.Count(shard => shard.Parents.Count > 0));
    }

    /// <summary>A step that may well be refused: as shards come and go, some of the numbers are open then.</summary>
    private static ReshardStep Draw(Random random, int shards)
    {
        var shard = random.Next(shards + 3);
        return new ReshardStep(
            TimeSpan.FromSeconds(random.NextDouble() * 180), Streams[random.Next(Streams.Length)],
            (ReshardOperation)random.Next(3))
        {
            Shard = Shard.IdOf(shard),
            AdjacentShard = Shard.IdOf(shard + 1),
            Count = random.Next(1, 9),
        };
    }

    private static void Draw(Random random, JsonObject resources, int shards)
    {
        foreach (var stream in Streams)
        {
            resources[stream]!["Properties"]!["ShardCount"] = shards;
        }
        foreach (var mapping in new[] { "ValidateMapping", "EnrichMapping" })
        {
            var properties = resources[mapping]!["Properties"]!;
            properties["BatchSize"] = random.Next(1, 200);
            properties["MaximumBatchingWindowInSeconds"] = random.Next(0, 5);
        }
    }
}
