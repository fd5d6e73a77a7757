using System.Text;
using Pipeline.Engine;
using Pipeline.Tests.Functions;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>What reaches a function through a consumer of its own, and when.</summary>
public sealed class StreamConsumerTests
{
    private const int Kibibyte = 1024;

    private static readonly BedOptions s_consumer = new() { Consumer = true };

    private static readonly EngineSettings s_unpacking =
        s_consumer.Settings with { PushedPacksAreUnpacked = true };

    [Fact]
    [Trait("Rule", "streams.fan-out-push")]
    public void A_record_is_pushed_at_once_not_polled_for()
    {
        using var bed = new Bed(s_consumer);
        bed.At(10, () => bed.Put("a"));
        bed.At(10.2, () => bed.Put("b"));
        bed.Run();
        Assert.Equal([10.07, 10.27], bed.Invocations.Select(invocation => invocation.At.TotalSeconds));
    }

    [Fact]
    [Trait("Rule", "streams.fan-out-rate")]
    public void A_shard_pushes_two_mebibytes_a_second_to_a_consumer()
    {
        using var bed = new Bed(s_consumer with { Mapping = "\"BatchSize\": 1" });
        bed.Begin();
        var begin = bed.Now;
        // The shard takes one MiB a second; what waits until the mapping has time goes out at twice that.
        for (var second = 0; second < 12; second++)
        {
            bed.At(second, () => bed.Put(new byte[1000 * Kibibyte]));
        }
        bed.Run();
        Assert.Equal(12, bed.Invocations.Count);
        Assert.InRange((bed.Now - begin).TotalSeconds, 11, 12.2);
    }

    [Fact]
    [Trait("Rule", "streams.fan-out-rate")]
    public void What_piled_up_comes_at_the_rate_of_the_consumer_not_faster()
    {
        // The mapping is there only after twenty seconds, as long as a deployment takes.
        var late = s_consumer.Settings with
        {
            CreationTimes = new Dictionary<string, TimeSpan>
            {
                ["AWS::Kinesis::StreamConsumer"] = TimeSpan.FromSeconds(20),
            },
        };
        using var bed = new Bed(s_consumer with { Mapping = "\"BatchSize\": 1", Settings = late });
        for (var second = 0; second < 16; second++)
        {
            bed.At(second, () => bed.Put(new byte[1000 * Kibibyte]));
        }
        bed.Run();
        Assert.Equal(16, bed.Invocations.Count);
        // 16,000 KiB less the first second's worth, at 2,048 KiB a second, and what the invocations take.
        Assert.InRange((bed.Invocations[^1].At - TimeSpan.FromSeconds(20)).TotalSeconds, 6, 7.5);
    }

    [Fact]
    [Trait("Rule", "mapping.window")]
    public void A_batch_waits_for_its_window_here_too()
    {
        using var bed = new Bed(s_consumer with { Mapping = "\"MaximumBatchingWindowInSeconds\": 5" });
        foreach (var second in new[] { 0, 2, 4, 6 })
        {
            bed.At(second, () => bed.Put($"{second}"));
        }
        bed.Run();
        Assert.Equal(["0 2 4", "6"], bed.Invocations.Select(invocation => string.Join(' ', invocation.Data)));
    }

    [Fact]
    public void Packs_come_whole_unless_they_are_set_to_come_unpacked()
    {
        var pack = Pack("a", "b", "c");
        using var whole = new Bed(s_consumer);
        whole.At(0, () => whole.Put(pack));
        whole.Run();
        Assert.Single(Assert.Single(whole.Invocations).Sequences);

        using var apart = new Bed(s_consumer with { Settings = s_unpacking });
        apart.At(0, () => apart.Put(pack));
        apart.Run();
        var invocation = Assert.Single(apart.Invocations);
        Assert.Equal(["a", "b", "c"], invocation.Data);
        Assert.Single(invocation.Sequences.Distinct());
    }

    [Fact]
    public void A_batch_may_be_cut_inside_a_pack_and_nothing_of_it_is_skipped()
    {
        using var bed = new Bed(s_consumer with { Settings = s_unpacking, Mapping = "\"BatchSize\": 2" });
        bed.At(0, () => bed.Put("before"));
        bed.At(0, () => bed.Put(Pack("a", "b", "c", "d")));
        bed.At(0, () => bed.Put("after"));
        bed.Run();
        Assert.Equal(["before a", "b c", "d after"], bed.Invocations.Select(i => string.Join(' ', i.Data)));
    }

    [Fact]
    public void A_part_of_a_pack_that_failed_comes_again_as_that_part()
    {
        var failed = false;
        using var bed = new Bed(
            invocation =>
            {
                var fails = !failed && invocation.Data.Contains("b");
                failed |= fails;
                return Task.FromResult(fails ? Bed.Failed(invocation.Sequences[0]) : Bed.Success);
            },
            s_consumer with { Settings = s_unpacking, Mapping = "\"BatchSize\": 2" });
        bed.At(0, () => bed.Put("before"));
        bed.At(0, () => bed.Put(Pack("a", "b", "c")));
        bed.Run();
        Assert.Equal(
            ["before a", "b c", "b c"], bed.Invocations.Select(invocation => string.Join(' ', invocation.Data)));
    }

    [Fact]
    public void What_is_polled_never_comes_unpacked()
    {
        using var bed = new Bed(new BedOptions { Settings = s_unpacking });
        bed.At(0, () => bed.Put(Pack("a", "b", "c")));
        bed.Run();
        Assert.Single(Assert.Single(bed.Invocations).Sequences);
    }

    private static byte[] Pack(params string[] texts) =>
        TestPacks.Of([.. texts.Select(text => ("key", Encoding.UTF8.GetBytes(text)))]);
}
