using Pipeline.Engine.Streams;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>ListShards: its filters, its pages. Split after an hour, merged after two.</summary>
public sealed class ShardListTests : IDisposable
{
    private readonly StreamBench _bench = new();

    public ShardListTests()
    {
        _bench.Pass(3600);
        _bench.Split(0);
        _bench.Pass(3600);
        _bench.Merge(1, 2);
        _bench.Pass(3600);
    }

    public void Dispose() => _bench.Dispose();

    public static TheoryData<ShardFilterType, int?, double?, int[]> Filters() => new()
    {
        { ShardFilterType.FromTrimHorizon, null, null, [0, 1, 2, 3] },
        { ShardFilterType.AtLatest, null, null, [3] },
        { ShardFilterType.AtTrimHorizon, null, null, [0] },
        { ShardFilterType.AfterShardId, 1, null, [2, 3] },
        { ShardFilterType.AfterShardId, 3, null, [] },
        { ShardFilterType.AtTimestamp, null, 0.5, [0] },
        { ShardFilterType.AtTimestamp, null, 1.5, [1, 2] },
        { ShardFilterType.AtTimestamp, null, 2.5, [3] },
        { ShardFilterType.AtTimestamp, null, -100, [0] },
        { ShardFilterType.FromTimestamp, null, 0.5, [0, 1, 2, 3] },
        { ShardFilterType.FromTimestamp, null, 1.5, [1, 2, 3] },
        { ShardFilterType.FromTimestamp, null, 2.5, [3] },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    [Trait("Rule", "streams.list-shards")]
    public void A_filter_lists_the_shards_it_says(ShardFilterType type, int? shard, double? hours, int[] expected)
    {
        var filter = new ShardFilter(
            type, shard is { } after ? StreamBench.Id(after) : null,
            hours is { } passed ? Bed.Start.AddHours(passed) : null);
        Assert.Equal(expected, StreamBench.Numbers(_bench.Api.ListShards(StreamBench.Name, filter)));
    }

    [Theory]
    [InlineData(ShardFilterType.AfterShardId)]
    [InlineData(ShardFilterType.AtTimestamp)]
    [InlineData(ShardFilterType.FromTimestamp)]
    [Trait("Rule", "streams.list-shards")]
    public void A_filter_needs_what_its_type_names(ShardFilterType type) => StreamBench.Refused(
        ServiceException.InvalidArgument, () => _bench.Api.ListShards(StreamBench.Name, new ShardFilter(type)));

    [Fact]
    [Trait("Rule", "streams.list-shards")]
    public void The_trim_horizon_moves_past_what_was_closed_before_the_retention()
    {
        _bench.Pass(TimeSpan.FromHours(22.5));
        var filter = new ShardFilter(ShardFilterType.AtTrimHorizon);
        Assert.Equal([1, 2], StreamBench.Numbers(_bench.Api.ListShards(StreamBench.Name, filter)));
        Assert.Equal([1, 2, 3], StreamBench.Numbers(_bench.Api.ListShards(StreamBench.Name)));
    }

    [Fact]
    [Trait("Rule", "streams.list-shards-pages")]
    public void Pages_go_on_where_they_ended_and_keep_their_filter()
    {
        var filter = new ShardFilter(ShardFilterType.AfterShardId, StreamBench.Id(0));
        var first = _bench.Api.ListShards(StreamBench.Name, filter, maxResults: 2);
        Assert.Equal([1, 2], StreamBench.Numbers(first));
        var second = _bench.Api.ListMoreShards(first.NextToken!);
        Assert.Equal([3], StreamBench.Numbers(second));
        Assert.Null(second.NextToken);
        StreamBench.Refused(ServiceException.InvalidArgument, () => _bench.Api.ListMoreShards("nothing"));
    }

    [Fact]
    [Trait("Rule", "streams.list-shards-token")]
    public void A_token_is_good_for_five_minutes_and_not_longer()
    {
        var first = _bench.Api.ListShards(StreamBench.Name, maxResults: 1).NextToken!;
        _bench.Pass(300);
        var second = _bench.Api.ListMoreShards(first).NextToken!;
        _bench.Pass(0.001);
        StreamBench.Refused(ServiceException.ExpiredNextToken, () => _bench.Api.ListMoreShards(first));
        _bench.Pass(299.999);
        Assert.Equal([2], StreamBench.Numbers(_bench.Api.ListMoreShards(second)));
    }

    [Fact]
    [Trait("Rule", "streams.list-shards-pages")]
    public void A_page_has_a_thousand_shards_unless_it_is_asked_for_more()
    {
        using var bench = new StreamBench(shards: 1001);
        var first = bench.Api.ListShards(StreamBench.Name);
        Assert.Equal(1000, first.Shards.Count);
        Assert.Equal([1000], StreamBench.Numbers(bench.Api.ListMoreShards(first.NextToken!)));
        Assert.Equal(1001, bench.Api.ListShards(StreamBench.Name, maxResults: 10_000).Shards.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    [Trait("Rule", "streams.list-shards-pages")]
    public void A_page_has_one_to_ten_thousand_shards(int most) => StreamBench.Refused(
        ServiceException.InvalidArgument, () => _bench.Api.ListShards(StreamBench.Name, maxResults: most));
}
