using System.Text;
using System.Text.Json;
using Pipeline.Engine;
using Pipeline.Engine.Mappings;
using Pipeline.Tests.Functions;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>Several batches of a shard at a time: each lane has its own keys, window, retries and discards.</summary>
public sealed class MappingLaneTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [Trait("Rule", "mapping.parallelization")]
    public void As_many_batches_of_a_shard_are_under_way_as_the_factor_says(int factor)
    {
        var (under, highest) = (0, 0);
        using var bed = new Bed(
            async invocation =>
            {
                highest = Math.Max(highest, ++under);
                await Task.Delay(TimeSpan.FromSeconds(5), invocation.Time);
                under--;
                return Bed.Success;
            },
            new BedOptions { Mapping = $"\"ParallelizationFactor\": {factor}, \"BatchSize\": 1" });
        for (var i = 0; i < 100; i++)
        {
            bed.Put($"{i}", $"key {i}");
        }
        bed.Run();
        Assert.Equal(factor, highest);
        Assert.Equal(100, bed.Invocations.SelectMany(invocation => invocation.Sequences).Distinct().Count());
        Assert.Equal(100, bed.Invocations.Count);
    }

    [Fact]
    [Trait("Rule", "mapping.lane-alone")]
    public void A_lane_that_fails_holds_up_no_other_and_gives_up_only_its_own()
    {
        using var bed = new Bed(
            invocation => invocation.Data.Contains("poison")
                ? throw new InvalidOperationException("poisoned")
                : Task.FromResult(Bed.Success),
            new BedOptions { Mapping = "\"ParallelizationFactor\": 2, \"MaximumRetryAttempts\": 8" });
        bed.Put("poison", KeyOf(lane: 0));
        for (var i = 0; i < 5; i++)
        {
            bed.Put($"{i}", KeyOf(lane: 1));
        }
        bed.At(20, () => bed.Put("later", KeyOf(lane: 1)));
        bed.At(20, () => bed.Put("behind", KeyOf(lane: 0)));
        bed.Run();
        Assert.Equal("01234", string.Concat(bed.Invocations[1].Data));
        Assert.Equal(TimeSpan.Zero, bed.Invocations[1].At);
        Assert.InRange(bed.Invocations.Single(i => i.Data is ["later"]).At.TotalSeconds, 20, 21);
        Assert.Equal(["behind"], bed.Invocations[^1].Data);
        var document = JsonDocument.Parse(Assert.Single(bed.Objects("aws/lambda/")).Value).RootElement;
        Assert.Equal(1, document.GetProperty("KinesisBatchInfo").GetProperty("batchSize").GetInt32());
        Assert.Contains("cG9pc29u", document.GetProperty("payload").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "mapping.lane-checkpoint")]
    public void The_checkpoint_is_the_lowest_of_the_lanes()
    {
        using var bed = new Bed(
            invocation => invocation.Data.Contains("stuck") && invocation.At < TimeSpan.FromMinutes(10)
                ? throw new InvalidOperationException("down")
                : Task.FromResult(Bed.Success),
            new BedOptions { Mapping = "\"ParallelizationFactor\": 4, \"BatchSize\": 1" });
        for (var i = 0; i < 8; i++)
        {
            bed.Put(i == 3 ? "stuck" : $"{i}", KeyOf(lane: i % 4, lanes: 4));
        }
        var shard = bed.Engine.Raw.Shards[0];
        bed.At(300, () => Assert.Equal(3, bed.Engine.Mappings[0].Checkpoint(shard).Next));
        bed.Run();
        Assert.Equal(8, bed.Engine.Mappings[0].Checkpoint(shard).Next);
    }

    [Fact]
    [Trait("Rule", "mapping.window")]
    public void A_lane_s_window_begins_with_its_own_first_record()
    {
        using var bed = new Bed(new BedOptions
        {
            Mapping = "\"ParallelizationFactor\": 2, \"MaximumBatchingWindowInSeconds\": 10",
        });
        bed.At(0, () => bed.Put("a", KeyOf(lane: 0)));
        bed.At(5, () => bed.Put("b", KeyOf(lane: 1)));
        bed.At(7, () => bed.Put("c", KeyOf(lane: 0)));
        bed.Run();
        Assert.Equal(["a c", "b"], bed.Invocations.Select(invocation => string.Join(' ', invocation.Data)));
        Assert.Equal([10, 15], bed.Invocations.Select(invocation => invocation.At.TotalSeconds));
    }

    [Fact]
    [Trait("Rule", "mapping.poll")]
    public void Lanes_share_the_polls_of_their_shard()
    {
        using var bed = new Bed(new BedOptions { Mapping = "\"ParallelizationFactor\": 10" });
        bed.At(0, () => bed.Put("a", KeyOf(lane: 0, lanes: 10)));
        for (var lane = 1; lane < 10; lane++)
        {
            var key = KeyOf(lane, lanes: 10);
            bed.At(0.1 * lane, () => bed.Put("b", key));
        }
        bed.Run();
        Assert.Equal(
            [0, 1, 1, 1, 1, 1, 1, 1, 1, 1], bed.Invocations.Select(invocation => invocation.At.TotalSeconds));
    }

    [Fact]
    [Trait("Rule", "streams.fan-out-rate")]
    public void What_the_lanes_of_a_consumer_get_together_is_bounded_by_its_rate()
    {
        var late = new Dictionary<string, TimeSpan>
        {
            ["AWS::Kinesis::StreamConsumer"] = TimeSpan.FromSeconds(20),
        };
        using var bed = new Bed(new BedOptions
        {
            Consumer = true,
            Mapping = "\"ParallelizationFactor\": 10, \"BatchSize\": 1",
            Settings = new EngineSettings { CreationTimes = late },
        });
        for (var second = 0; second < 16; second++)
        {
            bed.At(second, () => bed.Put(new byte[1000 * 1024], $"key {second}"));
        }
        bed.Run();
        // 15.6 MiB piled up; 2 MiB come at once, the rest at 2 MiB a second; what one record overdraws is made up for.
        Assert.Equal(16, bed.Invocations.Count);
        Assert.InRange(bed.Now.TotalSeconds, 20 + 6, 20 + 8);
    }

    [Fact]
    public void Events_of_an_unpacked_pack_go_to_the_lanes_of_their_own_keys_each_once()
    {
        using var bed = new Bed(new BedOptions
        {
            Consumer = true,
            Mapping = "\"ParallelizationFactor\": 3, \"BatchSize\": 2",
            Settings = new BedOptions().Settings with { PushedPacksAreUnpacked = true },
        });
        bed.Put(TestPacks.Of([.. Enumerable.Range(0, 12).Select(
            i => (KeyOf(lane: i % 3, lanes: 3), Encoding.UTF8.GetBytes($"{i}")))]));
        bed.Run();
        Assert.Equal(
            ["0 3", "1 4", "2 5", "6 9", "7 10", "8 11"],
            bed.Invocations.Select(i => string.Join(' ', i.Data)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Keys_spread_over_the_lanes()
    {
        var keys = Enumerable.Range(0, 128).Select(slot => Encoding.UTF8.GetBytes($"{slot}")).ToList();
        foreach (var lanes in Enumerable.Range(2, 9))
        {
            var counts = keys.CountBy(key => LaneOfKey.Of(key, lanes)).ToDictionary();
            Assert.Equal(lanes, counts.Count);
            Assert.All(counts, count => Assert.InRange(count.Key, 0, lanes - 1));
            Assert.True(counts.Values.Max() <= 2.5 * keys.Count / lanes, $"{lanes}: {counts.Values.Max()}");
        }
    }

    /// <summary>A key of that lane.</summary>
    private static string KeyOf(int lane, int lanes = 2) => Enumerable.Range(0, 1000).Select(i => $"key {i}")
        .First(key => LaneOfKey.Of(Encoding.UTF8.GetBytes(key), lanes) == lane);
}
