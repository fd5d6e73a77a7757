using System.Globalization;
using System.Text;
using Pipeline.Core;
using Pipeline.Engine;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>What a mapping puts into a batch, and when.</summary>
public sealed class MappingBatchTests
{
    private static readonly string LastHashKey = UInt128.MaxValue.ToString(CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(1, new[] { 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(3, new[] { 3, 3, 1 })]
    [InlineData(7, new[] { 7 })]
    [InlineData(10_000, new[] { 7 })]
    [Trait("Rule", "mapping.batch-size")]
    public void A_batch_holds_at_most_the_batch_size(int size, int[] expected)
    {
        using var bed = new Bed(new BedOptions { Mapping = $"\"BatchSize\": {size}" });
        PutMany(bed, 7);
        bed.Run();
        Assert.Equal(expected, bed.Invocations.Select(invocation => invocation.Data.Length));
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"{i}"), bed.Invocations.SelectMany(i => i.Data));
    }

    [Fact]
    [Trait("Rule", "mapping.window")]
    public void A_batch_waits_for_its_window_and_takes_what_comes_meanwhile()
    {
        using var bed = new Bed(new BedOptions { Mapping = "\"MaximumBatchingWindowInSeconds\": 10" });
        foreach (var second in new[] { 0, 3, 7, 9 })
        {
            bed.At(second, () => bed.Put($"{second}"));
        }
        bed.At(12, () => bed.Put("12"));
        bed.Run();
        Assert.Equal(["0 3 7 9", "12"], bed.Invocations.Select(invocation => string.Join(' ', invocation.Data)));
        Assert.Equal([10, 22], bed.Invocations.Select(invocation => invocation.At.TotalSeconds));
    }

    [Fact]
    [Trait("Rule", "mapping.window")]
    public void A_full_batch_ends_its_window_early()
    {
        using var bed = new Bed(new BedOptions
        {
            Mapping = "\"BatchSize\": 3, \"MaximumBatchingWindowInSeconds\": 300",
        });
        bed.At(0, () => bed.Put("0"));
        bed.At(4.5, () => PutMany(bed, 2));
        bed.Run();
        Assert.Equal(3, Assert.Single(bed.Invocations).Data.Length);
        Assert.Equal(TimeSpan.FromSeconds(5), bed.Invocations[0].At);
    }

    [Fact]
    [Trait("Rule", "mapping.payload-limit")]
    public void A_payload_stays_within_six_megabytes_and_what_did_not_fit_comes_next()
    {
        using var bed = new Bed(new BedOptions { Mapping = "\"MaximumBatchingWindowInSeconds\": 30" });
        for (var second = 0; second < 12; second++)
        {
            bed.At(second, () => Assert.True(bed.Put(new byte[900 * 1024]).Accepted));
        }
        bed.Run();
        // 900 KiB are 1.2 MB in base64: five fit into 6 MiB.
        Assert.Equal([5, 5, 2], bed.Invocations.Select(invocation => invocation.Data.Length));
        Assert.All(bed.Invocations, i => Assert.True(Encoding.UTF8.GetByteCount(i.Payload) <= Limits.PayloadBytesMax));
        Assert.Equal(12, bed.Invocations.SelectMany(invocation => invocation.Sequences).Distinct().Count());
    }

    [Fact]
    [Trait("Rule", "mapping.poll")]
    public void A_shard_is_polled_about_once_a_second()
    {
        using var bed = new Bed();
        foreach (var second in new[] { 0, 0.1, 0.2, 0.9, 1.5, 5 })
        {
            bed.At(second, () => bed.Put($"{second}"));
        }
        bed.Run();
        Assert.Equal([1, 3, 1, 1], bed.Invocations.Select(invocation => invocation.Data.Length));
        Assert.Equal([0, 1, 2, 5], bed.Invocations.Select(invocation => invocation.At.TotalSeconds));
    }

    [Fact]
    [Trait("Rule", "mapping.one-batch")]
    public void One_batch_of_a_shard_is_under_way_at_a_time()
    {
        var under = 0;
        using var bed = new Bed(
            async invocation =>
            {
                Assert.Equal(1, ++under);
                await Task.Delay(TimeSpan.FromSeconds(20), invocation.Time);
                under--;
                return Bed.Success;
            },
            new BedOptions { Mapping = "\"BatchSize\": 2" });
        PutMany(bed, 8);
        bed.Run();
        Assert.Equal([0, 20, 40, 60], bed.Invocations.Select(invocation => invocation.At.TotalSeconds));
    }

    [Fact]
    [Trait("Rule", "mapping.one-shard")]
    public void Shards_are_read_side_by_side_and_a_batch_is_of_one_shard()
    {
        using var bed = new Bed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromSeconds(20), invocation.Time);
                return Bed.Success;
            },
            new BedOptions { Shards = 2, Mapping = "\"BatchSize\": 2" });
        for (var i = 0; i < 8; i++)
        {
            bed.Put($"{i % 2}", "key", i % 2 == 0 ? "0" : LastHashKey);
        }
        bed.Run();
        Assert.Equal([0, 0, 20, 20], bed.Invocations.Select(invocation => invocation.At.TotalSeconds));
        Assert.All(bed.Invocations, i => Assert.Equal($"shardId-00000000000{i.Data[0]}", i.Shard));
        Assert.All(bed.Invocations, invocation => Assert.Single(invocation.Data.Distinct()));
    }

    [Fact]
    [Trait("Rule", "mapping.one-shard")]
    public void A_shard_that_fails_does_not_hold_up_another()
    {
        using var bed = new Bed(
            invocation => Task.FromResult(invocation.Shard.EndsWith('0') ? Bed.Failed("") : Bed.Success),
            new BedOptions { Shards = 2, Mapping = "\"MaximumRetryAttempts\": 5, \"BatchSize\": 1" });
        bed.Put("bad", "key", "0");
        PutMany(bed, 3, LastHashKey);
        bed.Run();
        Assert.Equal(6, bed.Invocations.Count(invocation => invocation.Shard.EndsWith('0')));
        Assert.Equal(["0", "1", "2"], bed.Invocations.Where(i => i.Shard.EndsWith('1')).SelectMany(i => i.Data));
        Assert.True(bed.Invocations.Last(i => i.Shard.EndsWith('1')).At < TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("TRIM_HORIZON", "before after")]
    [InlineData("LATEST", "after")]
    [Trait("Rule", "mapping.start")]
    public void A_mapping_starts_where_its_starting_position_says(string position, string expected)
    {
        var settings = new EngineSettings
        {
            CreationTimes = new Dictionary<string, TimeSpan>
            {
                ["AWS::Lambda::EventSourceMapping"] = TimeSpan.FromSeconds(30),
            },
        };
        using var bed = new Bed(new BedOptions
        {
            Mapping = $"\"StartingPosition\": \"{position}\"",
            Settings = settings,
        });
        bed.At(10, () => bed.Put("before"));
        bed.At(40, () => bed.Put("after"));
        bed.Run();
        Assert.Equal(expected, string.Join(' ', bed.Invocations.SelectMany(invocation => invocation.Data)));
    }

    [Fact]
    [Trait("Rule", "mapping.disabled")]
    public void A_disabled_mapping_invokes_nothing_and_its_records_stay_in_the_pipe()
    {
        using var bed = new Bed(new BedOptions { Mapping = "\"Enabled\": false" });
        PutMany(bed, 4);
        bed.Run();
        bed.Engine.MarkInFlight();
        Assert.Empty(bed.Invocations);
        Assert.Equal(4, bed.Engine.Auditor.Ledger.Sum().InFlight);
    }

    [Fact]
    [Trait("Rule", "streams.retention")]
    public void A_record_older_than_the_stream_s_retention_is_not_delivered()
    {
        using var bed = new Bed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromMinutes(14), invocation.Time);
                return Bed.Success;
            },
            new BedOptions { TimeoutSeconds = 900, Mapping = "\"BatchSize\": 1" });
        // 24 h of retention hold 102 invocations of 14 min each; the records all came at the start.
        PutMany(bed, 110);
        bed.Run();
        Assert.Equal(Enumerable.Range(0, 103).Select(i => $"{i}"), bed.Invocations.SelectMany(i => i.Data));
    }

    [Fact]
    [Trait("Rule", "mapping.at-least-once")]
    public void A_batch_that_was_done_and_is_delivered_again_is_the_same_batch()
    {
        using var bed = new Bed(new BedOptions { Faults = new DeliverTwice() });
        PutMany(bed, 3);
        bed.Run();
        Assert.Equal(2, bed.Invocations.Count);
        Assert.Equal(bed.Invocations[0].Payload, bed.Invocations[1].Payload);
    }

    private static void PutMany(Bed bed, int count, string? hashKey = null)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(bed.Put($"{i}", "key", hashKey).Accepted);
        }
    }

    private sealed class DeliverTwice : Faults
    {
        private bool _again = true;

        public override bool OnBatchDone(string function) => _again && !(_again = false);
    }
}
