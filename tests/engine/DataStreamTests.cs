using System.Globalization;
using CsCheck;
using Pipeline.Core;
using Pipeline.Engine.Streams;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>PutRecords: the shard of a key, the write limits of a shard, the limits of a request.</summary>
public sealed class DataStreamTests
{
    [Fact]
    [Trait("Rule", "streams.md5-routing")]
    public void A_record_goes_to_the_shard_whose_range_holds_the_MD5_of_its_key()
    {
        using var bed = new Bed(new BedOptions { Shards = 7 });
        Gen.String[Gen.Char.AlphaNumeric, 1, 40].Sample(key =>
        {
            var shard = Shard(bed, bed.Put("", key));
            Assert.True(shard.Range.Contains(HashKey.Of(key)));
        }, iter: 500, threads: 1);
    }

    [Fact]
    [Trait("Rule", "streams.explicit-hash-key")]
    public void An_explicit_hash_key_overrides_the_partition_key()
    {
        using var bed = new Bed(new BedOptions { Shards = 7 });
        foreach (var shard in bed.Engine.Raw.Shards)
        {
            Assert.Equal(shard.Id, bed.Put("", "key", Text(shard.Range.First)).ShardId);
            Assert.Equal(shard.Id, bed.Put("", "key", Text(shard.Range.Last)).ShardId);
        }
    }

    [Fact]
    [Trait("Rule", "streams.write-limit")]
    public void A_shard_takes_a_thousand_records_a_second_and_refuses_the_next()
    {
        using var bed = new Bed();
        var first = Enumerable.Range(0, 1500).Select(_ => bed.Put("x").Accepted).ToList();
        Assert.Equal(1000, first.TakeWhile(accepted => accepted).Count());
        Assert.DoesNotContain(true, first.Skip(1000));

        var later = 0;
        bed.At(0.25, () => later = Enumerable.Range(0, 600).Count(_ => bed.Put("x").Accepted));
        bed.Engine.Scheduler.RunUntilIdle();
        Assert.Equal(250, later);
    }

    [Fact]
    [Trait("Rule", "streams.write-limit")]
    public void A_shard_takes_a_mebibyte_a_second_keys_included()
    {
        using var bed = new Bed();
        Assert.True(bed.Put(new byte[(512 * 1024) - 3]).Accepted);
        Assert.True(bed.Put(new byte[(512 * 1024) - 3]).Accepted);
        Assert.False(bed.Put("").Accepted);

        using var other = new Bed();
        Assert.True(other.Put(new byte[(512 * 1024) - 3]).Accepted);
        Assert.False(other.Put(new byte[(512 * 1024) - 2]).Accepted);
    }

    [Fact]
    [Trait("Rule", "streams.refused-entry")]
    public void A_refused_entry_says_so_and_does_not_stop_later_ones()
    {
        using var bed = new Bed();
        var results = bed.Engine.Raw.PutRecords(
        [
            new PutEntry(new byte[700 * 1024], "a", null),
            new PutEntry(new byte[700 * 1024], "b", null),
            new PutEntry(new byte[10], "c", null),
        ]);

        Assert.Equal([true, false, true], results.Select(result => result.Accepted));
        Assert.Equal("ProvisionedThroughputExceededException", results[1].ErrorCode);
        Assert.Equal(
            "Rate exceeded for shard shardId-000000000000 in stream Raw under account 123456789012.",
            results[1].ErrorMessage);
        Assert.Null(results[1].SequenceNumber);
        Assert.Null(results[1].ShardId);
        Assert.Equal(2, bed.Engine.Raw.Shards[0].Log.End);
    }

    [Fact]
    [Trait("Rule", "streams.write-limit")]
    public void One_shard_s_limit_does_not_touch_another()
    {
        using var bed = new Bed(new BedOptions { Shards = 2 });
        Assert.True(bed.Put(new byte[Limits.RecordBytesMax - 1], "a", "0").Accepted);
        Assert.False(bed.Put("x", "a", "0").Accepted);
        Assert.True(bed.Put("x", "a", Text(UInt128.MaxValue)).Accepted);
    }

    [Fact]
    [Trait("Rule", "streams.write-limit")]
    public void A_burst_never_takes_more_than_a_second_s_worth()
    {
        using var bed = new Bed();
        var taken = 0;
        bed.At(3600, () => taken = Enumerable.Range(0, 3000).Count(_ => bed.Put("x").Accepted));
        bed.Engine.Scheduler.RunUntilIdle();
        Assert.Equal(1000, taken);
    }

    public static TheoryData<string, int, int, string> BadRequests() => new()
    {
        { "no records", 0, 0, "key" },
        { "501 records", 501, 0, "key" },
        { "an empty key", 1, 0, "" },
        { "a key of 257 characters", 1, 0, new string('k', 257) },
        { "a record over its limit by the key", 1, Limits.RecordBytesMax - 2, "key" },
        { "a request over 10 MiB", 11, 1000 * 1024, "key" },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    [Trait("Rule", "streams.request-limits")]
    public void A_request_over_a_limit_is_refused_whole(string what, int entries, int bytes, string key)
    {
        using var bed = new Bed();
        var request = Enumerable.Range(0, entries).Select(_ => new PutEntry(new byte[bytes], key, null)).ToList();

        var refused = Assert.Throws<ServiceException>(() => bed.Engine.Raw.PutRecords(request));

        Assert.True(refused.Code.StartsWith("InvalidArgumentException", StringComparison.Ordinal), what);
        Assert.Equal(0, bed.Engine.Raw.Shards[0].Log.End);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [Trait("Rule", "streams.request-limits")]
    public void A_request_has_ten_mebibytes_at_most_keys_included(int more, bool allowed)
    {
        using var bed = new Bed(new BedOptions { Shards = 12 });
        // Eleven records of a megabyte, the last one cut so that all with their keys just fit.
        const int whole = 1_000_000;
        var last = Limits.PutRecordsBytesMax - (10 * (whole + 3)) - 3 + more;
        var request = Enumerable.Repeat(whole, 10).Append(last)
            .Select((size, i) => new PutEntry(new byte[size], "key", Text(bed.Engine.Raw.Shards[i].Range.First)))
            .ToList();
        if (allowed)
        {
            Assert.All(bed.Engine.Raw.PutRecords(request), result => Assert.True(result.Accepted));
        }
        else
        {
            Assert.Throws<ServiceException>(() => bed.Engine.Raw.PutRecords(request));
        }
    }

    [Fact]
    [Trait("Rule", "streams.explicit-hash-key")]
    public void A_bad_explicit_hash_key_refuses_the_whole_request()
    {
        using var bed = new Bed();
        Assert.Throws<ServiceException>(() => bed.Engine.Raw.PutRecords(
            [new PutEntry(new byte[1], "a", null), new PutEntry(new byte[1], "b", "01")]));
        Assert.Equal(0, bed.Engine.Raw.Shards[0].Log.End);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [Trait("Rule", "streams.request-limits")]
    public void A_request_at_its_limits_is_taken(int entries)
    {
        using var bed = new Bed();
        var key = string.Concat(Enumerable.Repeat("😀", Limits.PartitionKeyCharactersMax));
        var request = Enumerable.Range(0, entries).Select(_ => new PutEntry(new byte[10], key, null)).ToList();
        Assert.All(bed.Engine.Raw.PutRecords(request), result => Assert.True(result.Accepted));
    }

    private static Shard Shard(Bed bed, PutResult result) =>
        bed.Engine.Raw.Shards.Single(shard => shard.Id == result.ShardId);

    private static string Text(UInt128 key) => key.ToString(CultureInfo.InvariantCulture);
}
