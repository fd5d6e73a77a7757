using CsCheck;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>How often an account may call what manages streams, and how many shards a stream may have.</summary>
public sealed class StreamQuotaTests
{
    /// <summary>Shards change at once, so that a stream is never the one that refuses.</summary>
    private static readonly EngineSettings s_quick = new() { ReshardingTime = TimeSpan.Zero };

    [Fact]
    [Trait("Rule", "streams.reshard-rate")]
    public void An_account_splits_five_times_a_second()
    {
        using var bench = new StreamBench(settings: s_quick);
        Five(bench, () => bench.Split(bench.Stream.Open[0].Index));
    }

    [Fact]
    [Trait("Rule", "streams.reshard-rate")]
    public void An_account_merges_five_times_a_second_besides_its_splits()
    {
        using var bench = new StreamBench(shards: 20, settings: s_quick);
        Times(5, () => bench.Split(bench.Stream.Open[^1].Index));
        Five(bench, () => bench.Merge(bench.Stream.Open[0].Index, bench.Stream.Open[1].Index));
    }

    [Fact]
    [Trait("Rule", "streams.reshard-rate")]
    public void All_streams_of_an_account_share_its_splits()
    {
        using var bench = new StreamBench();
        using var other = new StreamBench();
        var api = new StreamApi([bench.Stream, other.Named("second")], bench.Scheduler);
        api.SplitShard(StreamBench.Name, StreamBench.Id(0), bench.Middle(0));
        // What the stream refuses is a call all the same.
        Times(3, () => StreamBench.Refused(ServiceException.ResourceInUse, () => api.SplitShard(
            StreamBench.Name, StreamBench.Id(0), bench.Middle(0))));
        api.SplitShard("second", StreamBench.Id(0), bench.Middle(0));
        StreamBench.Refused(ServiceException.LimitExceeded, () => api.SplitShard(
            "second", StreamBench.Id(0), bench.Middle(0)));
    }

    [Fact]
    [Trait("Rule", "streams.scale-rate")]
    public void An_account_scales_ten_times_a_second()
    {
        using var bench = new StreamBench(settings: s_quick);
        // Refused for their target, they are calls all the same, and none of the ten that a stream has in a day.
        Times(10, () => StreamBench.Refused(
            ServiceException.InvalidArgument, () => bench.Api.UpdateShardCount(StreamBench.Name, 9)));
        StreamBench.Refused(
            ServiceException.LimitExceeded, () => bench.Api.UpdateShardCount(StreamBench.Name, 2));
        bench.Pass(0.999);
        StreamBench.Refused(
            ServiceException.LimitExceeded, () => bench.Api.UpdateShardCount(StreamBench.Name, 2));
        bench.Pass(0.001);
        bench.Api.UpdateShardCount(StreamBench.Name, 2);
    }

    [Fact]
    [Trait("Rule", "streams.summary-rate")]
    public void An_account_describes_its_streams_twenty_times_a_second()
    {
        using var bench = new StreamBench();
        Times(20, () => bench.Api.DescribeStreamSummary(StreamBench.Name));
        StreamBench.Refused(
            ServiceException.LimitExceeded, () => bench.Api.DescribeStreamSummary(StreamBench.Name));
        bench.Pass(1);
        bench.Api.DescribeStreamSummary(StreamBench.Name);
    }

    [Fact]
    [Trait("Rule", "streams.list-shards-rate")]
    public void The_shards_of_a_stream_are_listed_a_thousand_times_a_second_pages_included()
    {
        using var bench = new StreamBench(shards: 2);
        using var other = new StreamBench();
        var api = new StreamApi([bench.Stream, other.Named("second")], bench.Scheduler);
        var token = api.ListShards(StreamBench.Name, maxResults: 1).NextToken!;
        Times(500, () => api.ListShards(StreamBench.Name));
        Times(499, () => api.ListMoreShards(token));
        StreamBench.Refused(ServiceException.LimitExceeded, () => api.ListShards(StreamBench.Name));
        StreamBench.Refused(ServiceException.LimitExceeded, () => api.ListMoreShards(token));
        api.ListShards("second");
        bench.Pass(1);
        api.ListShards(StreamBench.Name);
    }

    [Fact]
    [Trait("Rule", "streams.shards-most")]
    public void A_stream_has_ten_thousand_open_shards_at_most()
    {
        using var bench = new StreamBench(shards: Limits.ShardsMax);
        StreamBench.Refused(
            ServiceException.LimitExceeded,
            () => bench.Api.UpdateShardCount(StreamBench.Name, Limits.ShardsMax + 1));
        StreamBench.Refused(ServiceException.LimitExceeded, () => bench.Split(0));
        bench.Merge(0, 1);
        bench.Split(2);
        Assert.Equal(Limits.ShardsMax, bench.Stream.Open.Count);
    }

    [Fact]
    public void Steps_of_a_run_wait_for_the_account_s_turn()
    {
        // Seven splits of one moment, each of another stream: five are taken, the rest a second later.
        var benches = Enumerable.Range(0, 7).Select(_ => new StreamBench()).ToList();
        var streams = benches.Select((bench, i) => bench.Named($"s{i}", benches[0].Scheduler)).ToList();
        var scheduler = benches[0].Scheduler;
        var schedule = new ReshardSchedule(
            [.. streams.Select(stream => new ReshardStep(TimeSpan.FromSeconds(5), stream.Name, ReshardOperation.Split)
            {
                Shard = StreamBench.Id(0),
            })],
            streams, new StreamApi(streams, scheduler), scheduler, slots: null);
        schedule.Start();
        scheduler.RunUntilIdle();

        Assert.Empty(schedule.Warnings);
        Assert.Equal(
            [35, 35, 35, 35, 35, 36, 36],
            streams.Select(stream => (stream.Open[0].CreatedAt - Bed.Start).TotalSeconds));
        benches.ForEach(bench => bench.Dispose());
    }

    [Fact]
    public void Whatever_a_run_is_told_to_do_each_shard_keeps_its_slots()
    {
        var leftOut = 0;
        Gen.Select(Gen.Int[1, 4], Gen.Select(Gen.Int[0, 2], Gen.Int[0, 9], Gen.Int[1, 8]).List[1, 15]).Sample(
            (shards, steps) =>
            {
                using var bench = new StreamBench(shards);
                var schedule = new ReshardSchedule(
                    [.. steps.Select((step, i) => new ReshardStep(
                        TimeSpan.FromMinutes(i), StreamBench.Name, (ReshardOperation)step.Item1)
                    {
                        Shard = StreamBench.Id(step.Item2),
                        AdjacentShard = StreamBench.Id(step.Item2 + 1),
                        Count = step.Item3,
                    })],
                    [bench.Stream], bench.Api, bench.Scheduler, new SlotRule(16));
                schedule.Start();
                bench.Scheduler.RunUntilIdle();
                Assert.InRange(bench.Stream.Open.Count, 1, 4);
                leftOut += schedule.Warnings.Count(
                    warning => warning.Contains("need at least 20 slots", StringComparison.Ordinal));
            },
            iter: 200, threads: 1);
        Assert.True(leftOut > 0);
    }

    private static void Five(StreamBench bench, Action act)
    {
        Times(5, act);
        Assert.Contains(
            "5 ", StreamBench.Refused(ServiceException.LimitExceeded, act).Reason, StringComparison.Ordinal);
        bench.Pass(0.999);
        StreamBench.Refused(ServiceException.LimitExceeded, act);
        bench.Pass(0.001);
        act();
    }

    private static void Times(int count, Action act)
    {
        for (var i = 0; i < count; i++)
        {
            act();
        }
    }
}
