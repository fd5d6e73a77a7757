using System.Text;
using CsCheck;
using Pipeline.Core;
using Pipeline.Engine.Streams;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>GetShardIterator and GetRecords: where reading begins, what is answered, what is refused.</summary>
public sealed class StreamReadTests
{
    [Fact]
    [Trait("Rule", "streams.iterator-types")]
    public void An_iterator_of_each_type_begins_where_it_says()
    {
        using var bench = new StreamBench();
        bench.Put("a");
        bench.Pass(10);
        var b = bench.Put("b").SequenceNumber;
        bench.Pass(10);
        bench.Put("c");
        var at = Bed.Start.AddSeconds(10);

        Assert.Equal("a b c", Read(bench, bench.Iterator(0)));
        Assert.Equal("b c", Read(bench, bench.Iterator(0, IteratorType.AtSequenceNumber, b)));
        Assert.Equal("c", Read(bench, bench.Iterator(0, IteratorType.AfterSequenceNumber, b)));
        Assert.Equal("b c", Read(bench, bench.Iterator(0, IteratorType.AtTimestamp, at: at)));
        bench.Pass(1);
        Assert.Equal("c", Read(bench, bench.Iterator(0, IteratorType.AtTimestamp, at: at.AddMilliseconds(1))));
        Assert.Equal("a b c", Read(bench, bench.Iterator(0, IteratorType.AtTimestamp, at: at.AddDays(-30))));
        Assert.Equal("", Read(bench, bench.Iterator(0, IteratorType.AtTimestamp, at: at.AddSeconds(11))));
        var latest = bench.Iterator(0, IteratorType.Latest);
        bench.Put("d");
        Assert.Equal("d", Read(bench, latest));
    }

    [Fact]
    [Trait("Rule", "streams.iterator-types")]
    public void Any_record_s_number_and_time_lead_back_to_it_also_across_segments() =>
        Gen.Int[1, 300_000].List[1, 25].Sample(
            sizes =>
            {
                using var bench = new StreamBench();
                var numbers = new List<string>();
                foreach (var size in sizes)
                {
                    bench.Pass(1);
                    numbers.Add(bench.Api.PutRecord(StreamBench.Name, new PutEntry(new byte[size], "k", null))
                        .SequenceNumber!);
                }
                for (var i = 0; i < sizes.Count; i++)
                {
                    bench.Pass(60);
                    var moment = Bed.Start.AddSeconds(i + 1);
                    foreach (var iterator in new[]
                    {
                        bench.Iterator(0, IteratorType.AtSequenceNumber, numbers[i]),
                        bench.Iterator(0, IteratorType.AtTimestamp, at: moment.AddMilliseconds(-1)),
                        bench.Iterator(0, IteratorType.AtTimestamp, at: moment),
                    })
                    {
                        var first = bench.Api.GetRecords(iterator, 1).Records[0];
                        Assert.Equal(numbers[i], first.Sequence.ToString());
                        Assert.Equal(sizes[i], first.Data.Length);
                        bench.Pass(1);
                    }
                }
            },
            iter: 10, threads: 1);

    [Fact]
    [Trait("Rule", "streams.iterator-arguments")]
    public void An_iterator_needs_what_its_type_names_and_of_this_shard()
    {
        using var bench = new StreamBench(shards: 2);
        var other = bench.Put("x", UInt128.MaxValue).SequenceNumber;
        foreach (var wrong in new Action[]
        {
            () => bench.Iterator(0, IteratorType.AtSequenceNumber),
            () => bench.Iterator(0, IteratorType.AfterSequenceNumber, "1"),
            () => bench.Iterator(0, IteratorType.AtSequenceNumber, other),
            () => bench.Iterator(0, IteratorType.AtTimestamp),
            () => bench.Iterator(0, IteratorType.AtTimestamp, at: bench.Scheduler.Now.AddMilliseconds(1)),
        })
        {
            StreamBench.Refused(ServiceException.InvalidArgument, wrong);
        }
        StreamBench.Refused(ServiceException.ResourceNotFound, () => bench.Iterator(2));
        Assert.Equal("", Read(bench, bench.Iterator(
            0, IteratorType.AtSequenceNumber,
            bench.Api.ListShards(StreamBench.Name).Shards[0].StartingSequenceNumber)));
    }

    [Fact]
    [Trait("Rule", "streams.iterator-five-minutes")]
    public void An_iterator_is_good_for_five_minutes_and_not_longer()
    {
        using var bench = new StreamBench();
        var (first, second) = (bench.Iterator(0), bench.Iterator(0));
        bench.Pass(300);
        var next = bench.Api.GetRecords(first).NextShardIterator!;
        bench.Pass(0.001);
        StreamBench.Refused(ServiceException.ExpiredIterator, () => bench.Api.GetRecords(second));
        bench.Pass(299.999);
        bench.Api.GetRecords(next);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64")]
    [Trait("Rule", "streams.iterator-arguments")]
    public void A_text_that_is_no_iterator_is_refused(string text)
    {
        using var bench = new StreamBench();
        StreamBench.Refused(ServiceException.InvalidArgument, () => bench.Api.GetRecords(text));
    }

    [Fact]
    [Trait("Rule", "streams.iterator-five-a-second")]
    public void A_shard_gives_five_iterators_a_second()
    {
        using var bench = new StreamBench(shards: 2);
        Enumerable.Range(0, 5).ToList().ForEach(_ => bench.Iterator(0));
        StreamBench.Refused(ServiceException.ThroughputExceeded, () => bench.Iterator(0));
        bench.Iterator(1);
        bench.Pass(1);
        bench.Iterator(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    [Trait("Rule", "streams.get-records-limit")]
    public void A_limit_of_records_beyond_ten_thousand_or_of_none_is_refused(int limit)
    {
        using var bench = new StreamBench();
        StreamBench.Refused(
            ServiceException.InvalidArgument, () => bench.Api.GetRecords(bench.Iterator(0), limit));
    }

    [Fact]
    [Trait("Rule", "streams.get-records-limit")]
    public void An_answer_ends_at_the_limit_and_the_next_goes_on_after_it()
    {
        using var bench = new StreamBench();
        foreach (var text in new[] { "a", "b", "c", "d", "e" })
        {
            bench.Put(text);
        }
        var first = bench.Api.GetRecords(bench.Iterator(0), 2);
        var second = bench.Api.GetRecords(first.NextShardIterator!, 2);
        Assert.Equal(["a", "b"], StreamBench.Texts(first));
        Assert.Equal(["c", "d"], StreamBench.Texts(second));
        Assert.Equal(["e"], StreamBench.Texts(bench.Api.GetRecords(second.NextShardIterator!)));
    }

    [Fact]
    [Trait("Rule", "streams.get-records-limit")]
    public void An_answer_has_ten_thousand_records_at_most()
    {
        using var bench = new StreamBench();
        for (var second = 0; second < 11; second++)
        {
            Enumerable.Range(0, 1000).ToList().ForEach(_ => bench.Put(""));
            bench.Pass(1);
        }
        var first = bench.Api.GetRecords(bench.Iterator(0));
        Assert.Equal(10_000, first.Records.Count);
        Assert.Equal(1000, bench.Api.GetRecords(first.NextShardIterator!).Records.Count);
    }

    [Fact]
    [Trait("Rule", "streams.arrival")]
    public void A_record_tells_the_millisecond_in_which_it_came()
    {
        using var bench = new StreamBench();
        bench.Pass(TimeSpan.FromMilliseconds(1234));
        bench.Put("a");
        bench.Pass(TimeSpan.FromMilliseconds(1));
        bench.Put("b");
        Assert.Equal(
            [Bed.Start.AddMilliseconds(1234), Bed.Start.AddMilliseconds(1235)],
            bench.Api.GetRecords(bench.Iterator(0)).Records.Select(record => record.ArrivedAt));
    }

    [Fact]
    [Trait("Rule", "streams.put-record")]
    public void A_single_record_is_taken_with_its_shard_and_number_or_refused_with_an_error()
    {
        using var bench = new StreamBench();
        var taken = bench.Put("a");
        Assert.Equal(
            (StreamBench.Id(0), taken.SequenceNumber),
            (taken.ShardId, bench.Api.GetRecords(bench.Iterator(0)).Records[0].Sequence.ToString()));
        bench.Api.PutRecord(StreamBench.Name, new PutEntry(new byte[1_000_000], "k", null));
        StreamBench.Refused(ServiceException.ThroughputExceeded, () => bench.Api.PutRecord(
            StreamBench.Name, new PutEntry(new byte[1_000_000], "k", null)));
        StreamBench.Refused(ServiceException.InvalidArgument, () => bench.Api.PutRecord(
            StreamBench.Name, new PutEntry(new byte[1], "", null)));
        StreamBench.Refused(ServiceException.ResourceNotFound, () => bench.Api.PutRecord(
            "nothing", new PutEntry(new byte[1], "k", null)));
        Assert.Equal(2, bench.Stream.Shards[0].Log.End);
    }

    [Fact]
    [Trait("Rule", "streams.reads-five-a-second")]
    public void A_shard_answers_five_calls_a_second_to_all_together()
    {
        using var bench = new StreamBench(shards: 2);
        var iterator = bench.Iterator(0);
        Enumerable.Range(0, 5).ToList().ForEach(_ => bench.Api.GetRecords(iterator));
        StreamBench.Refused(ServiceException.ThroughputExceeded, () => bench.Api.GetRecords(iterator));
        bench.Api.GetRecords(bench.Iterator(1));
        bench.Pass(0.999);
        StreamBench.Refused(ServiceException.ThroughputExceeded, () => bench.Api.GetRecords(iterator));
        bench.Pass(0.001);
        bench.Api.GetRecords(iterator);
    }

    [Fact]
    [Trait("Rule", "streams.reads-ten-mebibytes")]
    public void An_answer_holds_ten_mebibytes_at_most_and_costs_the_next_five_seconds()
    {
        using var bench = new StreamBench();
        for (var i = 0; i < 12; i++)
        {
            bench.Api.PutRecord(StreamBench.Name, new PutEntry(new byte[Limits.RecordBytesMax - 1], "k", null));
            bench.Pass(1);
        }
        var first = bench.Api.GetRecords(bench.Iterator(0));
        Assert.Equal(10, first.Records.Count);
        var next = first.NextShardIterator!;
        bench.Pass(4.99);
        StreamBench.Refused(ServiceException.ThroughputExceeded, () => bench.Api.GetRecords(next));
        bench.Pass(0.01);
        Assert.Equal(2, bench.Api.GetRecords(next).Records.Count);
    }

    [Fact]
    [Trait("Rule", "streams.reads-two-mebibytes")]
    public void Two_mebibytes_within_a_second_cost_the_next_second()
    {
        using var bench = new StreamBench();
        for (var i = 0; i < 4; i++)
        {
            bench.Api.PutRecord(StreamBench.Name, new PutEntry(new byte[1_000_000], "k", null));
            bench.Pass(1);
        }
        var answer = bench.Api.GetRecords(bench.Iterator(0), 2);
        // Two million bytes are a little less than two mebibytes, so one more call is answered.
        answer = bench.Api.GetRecords(answer.NextShardIterator!, 1);
        var next = answer.NextShardIterator!;
        bench.Pass(0.99);
        StreamBench.Refused(ServiceException.ThroughputExceeded, () => bench.Api.GetRecords(next));
        bench.Pass(0.5);
        Assert.Single(bench.Api.GetRecords(next).Records);
    }

    [Fact]
    [Trait("Rule", "streams.child-shards")]
    public void Children_are_told_only_at_the_end_of_a_closed_shard_and_then_there_is_no_next_iterator()
    {
        using var bench = new StreamBench();
        bench.Put("a");
        bench.Put("b");
        var open = bench.Api.GetRecords(bench.Iterator(0));
        Assert.NotNull(open.NextShardIterator);
        Assert.Null(open.ChildShards);
        bench.Split(0);

        var before = bench.Api.GetRecords(bench.Iterator(0), 1);
        Assert.NotNull(before.NextShardIterator);
        Assert.Null(before.ChildShards);
        foreach (var iterator in new[]
        {
            before.NextShardIterator!, open.NextShardIterator!, bench.Iterator(0, IteratorType.Latest),
        })
        {
            var end = bench.Api.GetRecords(iterator);
            Assert.Null(end.NextShardIterator);
            Assert.Equal([StreamBench.Id(1), StreamBench.Id(2)], end.ChildShards!.Select(child => child.ShardId));
            Assert.Equal(
                bench.Stream.Open.Select(child => child.Range), end.ChildShards!.Select(child => child.HashKeyRange));
            Assert.All(end.ChildShards!, child => Assert.Equal([StreamBench.Id(0)], child.ParentShards));
        }
        bench.Merge(1, 2);
        var merged = Assert.Single(bench.Api.GetRecords(bench.Iterator(1)).ChildShards!);
        Assert.Equal([StreamBench.Id(1), StreamBench.Id(2)], merged.ParentShards);
    }

    [Fact]
    [Trait("Rule", "streams.millis-behind-latest")]
    public void How_far_an_answer_is_behind_is_the_age_of_the_first_record_not_read_and_nothing_at_the_tip()
    {
        using var bench = new StreamBench();
        bench.Put("a");
        bench.Pass(2);
        bench.Put("b");
        bench.Pass(3);
        var first = bench.Api.GetRecords(bench.Iterator(0), 1);
        Assert.Equal(3000, first.MillisBehindLatest);
        Assert.Equal(0, bench.Api.GetRecords(first.NextShardIterator!).MillisBehindLatest);
    }

    [Fact]
    [Trait("Rule", "streams.retention")]
    public void A_closed_shard_is_read_until_its_records_expire_and_is_gone_then()
    {
        using var bench = new StreamBench();
        bench.Put("a");
        bench.Pass(3600);
        bench.Split(0);
        bench.Pass(TimeSpan.FromHours(22));
        Assert.Equal("a", Read(bench, bench.Iterator(0)));
        bench.Pass(TimeSpan.FromHours(1));
        Assert.Equal("", Read(bench, bench.Iterator(0)));
        Assert.Equal([0, 1, 2], StreamBench.Numbers(bench.Api.ListShards(StreamBench.Name)));
        bench.Pass(TimeSpan.FromHours(1));
        Assert.Equal([1, 2], StreamBench.Numbers(bench.Api.ListShards(StreamBench.Name)));
        StreamBench.Refused(ServiceException.ResourceNotFound, () => bench.Iterator(0));
    }

    [Fact]
    [Trait("Rule", "streams.record-size")]
    public void A_stream_s_record_size_setting_bounds_its_records()
    {
        using var large = new StreamBench(recordBytesMax: 4 * 1024 * 1024);
        var size = (4 * 1024 * 1024) - 1;
        large.Api.PutRecord(StreamBench.Name, new PutEntry(new byte[size], "k", null));
        StreamBench.Refused(ServiceException.InvalidArgument, () => large.Api.PutRecord(
            StreamBench.Name, new PutEntry(new byte[size + 1], "k", null)));
        Assert.Equal(4096, large.Api.DescribeStreamSummary(StreamBench.Name).MaxRecordSizeInKiB);
        // It took four seconds' worth.
        large.Pass(3);
        StreamBench.Refused(ServiceException.ThroughputExceeded, () => large.Put("x"));
        large.Pass(1);
        large.Put("x");
    }

    [Fact]
    [Trait("Rule", "streams.put-record-order")]
    public void A_record_put_after_another_s_number_comes_after_it_also_in_a_child_shard()
    {
        using var bench = new StreamBench();
        var last = bench.Put("a").SequenceNumber!;
        for (var i = 0; i < 3; i++)
        {
            bench.Split(bench.Stream.Open[0].Index);
            var next = bench.Api.PutRecord(
                StreamBench.Name, new PutEntry(Encoding.UTF8.GetBytes("b"), "key", null), last).SequenceNumber!;
            Assert.True(SequenceNumber.Parse(next) > SequenceNumber.Parse(last));
            last = next;
        }
    }

    [Theory]
    [InlineData("1")]
    [InlineData("abc")]
    [InlineData("")]
    [Trait("Rule", "streams.put-record-order")]
    public void A_number_that_the_stream_never_gave_is_refused(string number)
    {
        using var bench = new StreamBench();
        StreamBench.Refused(ServiceException.InvalidArgument, () => bench.Api.PutRecord(
            StreamBench.Name, new PutEntry(new byte[1], "key", null), number));
    }

    private static string Read(StreamBench bench, string iterator)
    {
        var texts = StreamBench.Texts(bench.Api.GetRecords(iterator));
        bench.Pass(1);
        return string.Join(' ', texts);
    }
}
