using System.Globalization;
using CsCheck;
using Pipeline.Engine;
using Pipeline.Engine.Streams;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>How mappings and delivery streams go on when shards are split and merged under them.</summary>
public sealed class ReshardMappingTests
{
    private static readonly UInt128 Half = (UInt128)1 << 127;

    private static readonly EngineSettings Quick = new BedOptions().Settings with
    {
        ReshardingTime = TimeSpan.FromSeconds(1),
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Rule", "streams.children-after-parents")]
    public void A_child_is_read_only_when_its_parent_is_read_to_its_end_and_its_last_batch_is_done(bool consumer)
    {
        // The parent's batch fails until a minute has passed; the children hold records all the while.
        using var bed = new Bed(
            invocation => Task.FromResult(
                invocation.Data.Contains("parent") && invocation.At < TimeSpan.FromMinutes(1)
                    ? Bed.Failed(invocation.Sequences[0])
                    : Bed.Success),
            new BedOptions { Settings = Quick, Consumer = consumer });
        bed.At(1, () => bed.Put("parent", hashKey: "1"));
        bed.At(1, () => Split(bed, 0));
        bed.At(5, () => bed.Put("lower", hashKey: "1"));
        bed.At(5, () => bed.Put("upper", hashKey: Text(Half)));
        bed.Run();

        var done = bed.Invocations.FindLastIndex(i => i.Data.Contains("parent"));
        Assert.True(bed.Invocations[done].At >= TimeSpan.FromMinutes(1));
        Assert.Equal(
            ["shardId-000000000001 lower", "shardId-000000000002 upper"],
            bed.Invocations.Skip(done + 1).Select(i => $"{i.Shard} {Assert.Single(i.Data)}").Order());
        Assert.All(bed.Invocations.Take(done), i => Assert.Contains("parent", i.Data));
    }

    [Fact]
    [Trait("Rule", "streams.children-after-parents")]
    public void The_child_of_a_merge_waits_for_both_its_parents()
    {
        using var bed = new Bed(
            invocation => Task.FromResult(
                invocation.Data.Contains("slow") && invocation.At < TimeSpan.FromMinutes(1)
                    ? Bed.Failed(invocation.Sequences[0])
                    : Bed.Success),
            new BedOptions { Settings = Quick, Shards = 2 });
        bed.At(1, () => bed.Put("quick", hashKey: "1"));
        bed.At(1, () => bed.Put("slow", hashKey: Text(Half)));
        bed.At(2, () => bed.Engine.StreamApi.MergeShards("Raw", Shard.IdOf(0), Shard.IdOf(1)));
        bed.At(5, () => bed.Put("child", hashKey: "1"));
        bed.Run();
        var child = bed.Invocations.Single(i => i.Data.Contains("child"));
        Assert.Equal(bed.Invocations[^1], child);
        Assert.True(child.At >= TimeSpan.FromMinutes(1));
    }

    [Fact]
    [Trait("Rule", "streams.children-from-first")]
    public void A_mapping_that_starts_at_LATEST_reads_later_shards_from_their_first_record()
    {
        using var bed = new Bed(new BedOptions { Settings = Quick, Mapping = "\"StartingPosition\": \"LATEST\"" });
        bed.Put("before");
        bed.Begin();
        bed.At(1, () => Split(bed, 0));
        // The children take records before anyone reads them.
        bed.At(2, () => bed.Put("a", hashKey: "1"));
        bed.Run();
        Assert.Equal(["a"], bed.Invocations.SelectMany(i => i.Data));
    }

    [Fact]
    [Trait("Rule", "streams.children-from-first")]
    public void A_mapping_that_starts_at_the_trim_horizon_reads_what_was_closed_before_it_started()
    {
        var late = Quick with
        {
            CreationTimes = new Dictionary<string, TimeSpan>
            {
                ["AWS::Lambda::EventSourceMapping"] = TimeSpan.FromMinutes(5),
            },
        };
        using var bed = new Bed(new BedOptions { Settings = late });
        bed.Put("parent");
        bed.At(1, () => Split(bed, 0));
        bed.At(10, () => bed.Put("lower", hashKey: "1"));
        bed.Run();
        Assert.Equal(["parent", "lower"], bed.Invocations.SelectMany(i => i.Data));
    }

    [Fact]
    [Trait("Rule", "streams.order-per-key")]
    public void Every_record_is_delivered_once_and_in_order_per_key_whatever_is_split_and_merged_under_load() =>
        Gen.Select(Gen.Int[1, 4], Gen.Bool, Gen.Bool, Gen.Int[0, 99].List[1, 12], Gen.Int[1, 50]).Sample(
            (shards, consumer, failing, steps, batch) => Load(shards, consumer, failing, steps, batch),
            iter: 60, threads: 1);

    [Fact]
    [Trait("Rule", "streams.reads-shared")]
    public void Pollers_of_a_shard_share_five_reads_a_second_and_a_consumer_of_its_own_is_not_among_them()
    {
        using var polled = new Bed(new BedOptions { Settings = Quick });
        using var pushed = new Bed(new BedOptions { Settings = Quick, Consumer = true });
        Assert.Equal(4, Calls(polled));
        Assert.Equal(5, Calls(pushed));

        // How many more calls the shard answers in the moment in which the mapping has just read.
        static int Calls(Bed bed)
        {
            var left = 0;
            bed.Begin();
            bed.At(10, () => bed.Put("x"));
            bed.At(10.3, () => left = Enumerable.Range(0, 9).Count(_ => bed.Engine.Raw.Shards[0].Reads.TryCall(
                bed.Engine.Scheduler.Now)));
            bed.Run();
            return left;
        }
    }

    [Fact]
    [Trait("Rule", "streams.reads-shared")]
    public void A_poller_waits_when_others_used_up_the_shard_s_bytes()
    {
        using var bed = new Bed(new BedOptions { Settings = Quick });
        bed.Begin();
        bed.At(10, () => bed.Engine.Raw.Shards[0].Reads.Answered(10 * 1024 * 1024, bed.Engine.Scheduler.Now));
        bed.At(11, () => bed.Put("x"));
        bed.Run();
        Assert.Equal(15, Assert.Single(bed.Invocations).At.TotalSeconds);
    }

    private static void Load(int shards, bool consumer, bool failing, List<int> steps, int batch)
    {
        var failures = 0;
        using var bed = new Bed(
            i => Task.FromResult(
                failing && failures++ % 5 == 0 ? Bed.Failed(i.Sequences[i.Sequences.Length / 2]) : Bed.Success),
            new BedOptions
            {
                Settings = Quick,
                Consumer = consumer,
                Shards = shards,
                Mapping = $"\"BatchSize\": {batch}",
            });
        const int keys = 20;
        for (var i = 0; i < 400; i++)
        {
            var (number, key) = (i, i % keys);
            bed.At(i * 0.05, () => Assert.True(bed.Put(
                string.Create(CultureInfo.InvariantCulture, $"{key}:{number}"), $"key-{key}").Accepted));
        }
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            bed.At(1.5 * (i + 1), () => Change(bed, step));
        }
        bed.Run();

        Assert.True(bed.Engine.Raw.Shards.Count > shards);
        // A batch that failed in its middle comes again from there on: first copies tell the order.
        var order = bed.Invocations.SelectMany(i => i.Data).Distinct()
            .Select(text => text.Split(':').Select(int.Parse).ToArray()).ToList();
        Assert.Equal(400, order.Count);
        foreach (var key in order.GroupBy(pair => pair[0]))
        {
            Assert.Equal(key.Select(pair => pair[1]).Order(), key.Select(pair => pair[1]));
        }
    }

    private static void Change(Bed bed, int step)
    {
        var open = bed.Engine.Raw.Open;
        var index = step % open.Count;
        if (step % 3 == 0 && index + 1 < open.Count)
        {
            bed.Engine.StreamApi.MergeShards("Raw", open[index].Id, open[index + 1].Id);
        }
        else
        {
            bed.Engine.StreamApi.SplitShard("Raw", open[index].Id, Text(open[index].Range.Middle));
        }
    }

    private static void Split(Bed bed, int shard) => bed.Engine.StreamApi.SplitShard(
        "Raw", Shard.IdOf(shard), Text(bed.Engine.Raw.Shards[shard].Range.Middle));

    private static string Text(UInt128 key) => key.ToString(CultureInfo.InvariantCulture);
}
