using CsCheck;
using Pipeline.Engine;
using Pipeline.Engine.Streams;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>SplitShard, MergeShards and UpdateShardCount: what comes of them, and what is refused.</summary>
public sealed class StreamReshardTests
{
    private static readonly UInt128 Half = (UInt128)1 << 127;

    [Fact]
    [Trait("Rule", "streams.split-ranges")]
    public void A_split_gives_the_lower_child_what_is_below_the_new_key_and_the_upper_one_the_rest()
    {
        using var bench = new StreamBench();
        bench.Split(0, 1000);
        Assert.Equal(
            [new(0, UInt128.MaxValue), new(0, 999), new(1000, UInt128.MaxValue)],
            bench.Stream.Shards.Select(shard => shard.Range));
        Assert.Equal([1, 2], bench.Stream.Open.Select(shard => shard.Index));
        var children = bench.Api.ListShards(StreamBench.Name).Shards.Skip(1).ToList();
        Assert.All(children, child => Assert.Equal(StreamBench.Id(0), child.ParentShardId));
        Assert.All(children, child => Assert.Null(child.AdjacentParentShardId));
    }

    /// <summary>Of the upper one of two shards, so that its range does not begin at 0.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(-1, true)]
    [InlineData(-2, false)]
    [Trait("Rule", "streams.split-key")]
    public void A_split_needs_a_key_above_the_second_and_below_the_last(int offset, bool allowed)
    {
        using var bench = new StreamBench(shards: 2);
        var range = bench.Stream.Shards[1].Range;
        // Negative offsets count from the end, -1 being the last key but one.
        var key = offset >= 0 ? range.First + (uint)offset : range.Last - 1 + (uint)(-1 - offset);
        if (allowed)
        {
            bench.Split(1, key);
            Assert.Equal(3, bench.Stream.Open.Count);
        }
        else
        {
            StreamBench.Refused(ServiceException.InvalidArgument, () => bench.Split(1, key));
            Assert.Equal(StreamStatus.Active, bench.Stream.Resharding.Status);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("340282366920938463463374607431768211456")]
    [Trait("Rule", "streams.split-key")]
    public void A_split_needs_a_number_of_128_bits(string key)
    {
        using var bench = new StreamBench();
        StreamBench.Refused(
            ServiceException.InvalidArgument, () => bench.Api.SplitShard(StreamBench.Name, StreamBench.Id(0), key));
    }

    [Fact]
    [Trait("Rule", "streams.merge-ranges")]
    public void A_merge_unites_the_ranges_and_names_both_parents()
    {
        using var bench = new StreamBench(shards: 4);
        var union = new HashRange(bench.Stream.Shards[1].Range.First, bench.Stream.Shards[2].Range.Last);
        bench.Merge(1, 2);
        var child = bench.Api.ListShards(StreamBench.Name).Shards[4];
        Assert.Equal(union, child.HashKeyRange);
        Assert.Equal(StreamBench.Id(1), child.ParentShardId);
        Assert.Equal(StreamBench.Id(2), child.AdjacentParentShardId);
        Assert.Equal([0, 4, 3], bench.Stream.Open.Select(shard => shard.Index));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    [InlineData(1, 1)]
    [Trait("Rule", "streams.merge-adjacent")]
    public void Shards_that_are_not_adjacent_or_not_in_their_order_are_not_merged(int first, int second)
    {
        using var bench = new StreamBench(shards: 4);
        StreamBench.Refused(ServiceException.InvalidArgument, () => bench.Merge(first, second));
        Assert.Equal(4, bench.Stream.Shards.Count);
    }

    [Fact]
    [Trait("Rule", "streams.reshard-open-only")]
    public void A_closed_shard_is_neither_split_nor_merged_and_a_missing_one_is_not_found()
    {
        using var bench = new StreamBench();
        bench.Split(0);
        StreamBench.Refused(ServiceException.InvalidArgument, () => bench.Split(0));
        StreamBench.Refused(ServiceException.InvalidArgument, () => bench.Merge(0, 1));
        StreamBench.Refused(ServiceException.InvalidArgument, () => bench.Merge(1, 0));
        StreamBench.Refused(ServiceException.ResourceNotFound, () => bench.Merge(1, 7));
        StreamBench.Refused(
            ServiceException.ResourceNotFound,
            () => bench.Api.SplitShard("nothing", StreamBench.Id(1), bench.Middle(1)));
    }

    [Fact]
    [Trait("Rule", "streams.updating")]
    public void While_a_stream_is_updating_it_is_not_resharded_again_but_read_and_written()
    {
        using var bench = new StreamBench(shards: 2);
        bench.Api.SplitShard(StreamBench.Name, StreamBench.Id(0), bench.Middle(0));
        Assert.Equal(StreamStatus.Updating, bench.Api.DescribeStreamSummary(StreamBench.Name).Status);
        StreamBench.Refused(ServiceException.ResourceInUse, () => bench.Split(1));
        StreamBench.Refused(ServiceException.ResourceInUse, () => bench.Merge(0, 1));
        StreamBench.Refused(
            ServiceException.ResourceInUse, () => bench.Api.UpdateShardCount(StreamBench.Name, 3));
        Assert.Equal(StreamBench.Id(0), bench.Put("meanwhile", 0).ShardId);
        Assert.Equal(["meanwhile"], StreamBench.Texts(bench.Api.GetRecords(bench.Iterator(0))));
        var before = bench.Scheduler.Now;
        bench.Scheduler.RunUntilIdle();
        Assert.Equal(new EngineSettings().ReshardingTime, bench.Scheduler.Now - before);
        Assert.Equal(StreamStatus.Active, bench.Api.DescribeStreamSummary(StreamBench.Name).Status);
        Assert.Equal(3, bench.Api.DescribeStreamSummary(StreamBench.Name).OpenShardCount);
    }

    [Fact]
    [Trait("Rule", "streams.writes-open-only")]
    public void Records_go_to_open_shards_only()
    {
        using var bench = new StreamBench();
        Assert.Equal(StreamBench.Id(0), bench.Put("before", 5).ShardId);
        bench.Split(0, Half);
        Assert.Equal(StreamBench.Id(1), bench.Put("lower", Half - 1).ShardId);
        Assert.Equal(StreamBench.Id(2), bench.Put("upper", Half).ShardId);
        bench.Merge(1, 2);
        Assert.Equal(StreamBench.Id(3), bench.Put("both", Half).ShardId);
        Assert.Equal([1, 1, 1, 1], bench.Stream.Shards.Select(shard => shard.Log.End));
    }

    [Fact]
    [Trait("Rule", "streams.sequence-numbers")]
    public void Sequence_numbers_of_a_child_are_above_those_of_its_parents_even_when_made_at_the_same_moment()
    {
        using var bench = new StreamBench(settings: new EngineSettings { ReshardingTime = TimeSpan.Zero });
        var last = Number(bench.Put("a"));
        // An account splits and merges five times a second.
        for (var round = 0; round < 5; round++)
        {
            bench.Split(bench.Stream.Open[0].Index);
            bench.Merge(bench.Stream.Open[0].Index, bench.Stream.Open[1].Index);
            var next = Number(bench.Put("b"));
            Assert.True(next > last);
            last = next;
        }
    }

    [Fact]
    [Trait("Rule", "streams.ending-sequence-number")]
    public void A_closed_shard_has_an_ending_number_above_all_its_records_and_an_open_one_has_none()
    {
        using var bench = new StreamBench();
        var first = bench.Put("a");
        Assert.Null(Assert.Single(bench.Api.ListShards(StreamBench.Name).Shards).EndingSequenceNumber);
        bench.Split(0);
        var shards = bench.Api.ListShards(StreamBench.Name).Shards;
        Assert.True(SequenceParts.TryParse(shards[0].EndingSequenceNumber!, out var ending));
        Assert.Equal(long.MaxValue, ending.Counter);
        Assert.True(Core.SequenceNumber.Parse(shards[0].EndingSequenceNumber!) > Number(first));
        Assert.True(Core.SequenceNumber.Parse(shards[0].StartingSequenceNumber) <= Number(first));
        Assert.Null(shards[1].EndingSequenceNumber);
    }

    [Fact]
    [Trait("Rule", "streams.scale-equal")]
    public void Scaling_ends_in_equal_ranges_whatever_the_ranges_were() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 5].List[0, 6], Gen.Double[0, 1]).Sample(
            (shards, splits, share) =>
            {
                using var bench = new StreamBench(shards);
                foreach (var split in splits)
                {
                    bench.Split(bench.Stream.Open[split % bench.Stream.Open.Count].Index);
                }
                var open = bench.Stream.Open.Count;
                var count = (open + 1) / 2 + (int)(share * (2 * open - (open + 1) / 2));
                var answer = bench.Api.UpdateShardCount(StreamBench.Name, count);
                Assert.Equal(new ShardCountAnswer(StreamBench.Name, open, count), answer);
                bench.Scheduler.RunUntilIdle();
                Assert.Equal(
                    Enumerable.Range(0, count).Select(i => HashRange.Of(i, count)),
                    bench.Stream.Open.Select(shard => shard.Range));
                Assert.All(bench.Stream.Shards, shard => Assert.Equal(shard.IsClosed, shard.Children.Count > 0));
                Assert.All(bench.Stream.Shards, shard => Assert.InRange(shard.Parents.Count, 0, 2));
            },
            iter: 100, threads: 1);

    [Fact]
    [Trait("Rule", "streams.scale-equal")]
    public void Scaling_keeps_the_shards_that_are_right_already()
    {
        using var bench = new StreamBench(shards: 2);
        bench.Split(0);
        bench.Api.UpdateShardCount(StreamBench.Name, 4);
        bench.Scheduler.RunUntilIdle();
        Assert.Equal([2, 3, 4, 5], bench.Stream.Open.Select(shard => shard.Index));
    }

    [Theory]
    [InlineData(4, 8, true)]
    [InlineData(4, 9, false)]
    [InlineData(4, 2, true)]
    [InlineData(4, 1, false)]
    [InlineData(5, 3, true)]
    [InlineData(5, 2, false)]
    [InlineData(1, 0, false)]
    [Trait("Rule", "streams.scale-bounds")]
    public void A_stream_is_at_most_doubled_and_at_most_halved_at_once(int shards, int target, bool allowed)
    {
        using var bench = new StreamBench(shards);
        if (allowed)
        {
            Assert.Equal(shards, bench.Api.UpdateShardCount(StreamBench.Name, target).CurrentShardCount);
        }
        else
        {
            StreamBench.Refused(
                ServiceException.InvalidArgument, () => bench.Api.UpdateShardCount(StreamBench.Name, target));
        }
    }

    [Fact]
    [Trait("Rule", "streams.scale-ten-a-day")]
    public void A_stream_is_scaled_ten_times_within_24_hours_at_most_also_across_a_pause()
    {
        using var bench = new StreamBench();
        for (var i = 0; i < 10; i++)
        {
            bench.Api.UpdateShardCount(StreamBench.Name, 2 - (i % 2));
            bench.Pass(3600);
        }
        bench.Reopen();
        StreamBench.Refused(
            ServiceException.LimitExceeded, () => bench.Api.UpdateShardCount(StreamBench.Name, 2));
        // The first call falls out of the window; one more is allowed, and then none.
        bench.Pass(TimeSpan.FromHours(14));
        bench.Api.UpdateShardCount(StreamBench.Name, 2);
        bench.Scheduler.RunUntilIdle();
        StreamBench.Refused(
            ServiceException.LimitExceeded, () => bench.Api.UpdateShardCount(StreamBench.Name, 1));
        // Splits and merges do not count.
        bench.Merge(bench.Stream.Open[0].Index, bench.Stream.Open[1].Index);
    }

    [Fact]
    public void Closed_and_child_shards_and_their_records_survive_a_pause()
    {
        using var bench = new StreamBench();
        bench.Put("a", 1);
        bench.Split(0, Half);
        bench.Put("b", 1);
        bench.Put("c", Half);
        var before = bench.Api.ListShards(StreamBench.Name).Shards;
        bench.Reopen();
        Assert.Equal(before, bench.Api.ListShards(StreamBench.Name).Shards);
        Assert.Equal(
            ["a", "b", "c"],
            bench.Stream.Shards.SelectMany(s => StreamBench.Texts(bench.Api.GetRecords(bench.Iterator(s.Index)))));
        Assert.Equal([bench.Stream.Shards[1], bench.Stream.Shards[2]], bench.Stream.Shards[0].Children);
        bench.Merge(1, 2);
        Assert.Equal(StreamBench.Id(3), bench.Put("d", 1).ShardId);
    }

    private static Core.SequenceNumber Number(Core.PutResult result) =>
        Core.SequenceNumber.Parse(result.SequenceNumber!);
}
