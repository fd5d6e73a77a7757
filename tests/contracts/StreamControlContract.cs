using System.Globalization;
using System.Text;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Contracts;

/// <summary>What Kinesis promises of iterators, splits, merges, scaling; every implementation is held to it.</summary>
public abstract class StreamControlContract
{
    private const string First = "shardId-000000000000";

    private static readonly UInt128 s_half = UInt128.One << 127;

    [Fact]
    public async Task An_iterator_stands_where_its_type_says()
    {
        var (service, stream) = await CreateAsync();
        var numbers = await PutAsync(service, stream, "a", "b", "c");
        var latest = await service.IteratorAsync(stream, First, "LATEST");
        await PutAsync(service, stream, "d");

        Assert.Equal("a b c d", await ReadAsync(service, stream, "TRIM_HORIZON"));
        Assert.Equal("b c d", await ReadAsync(service, stream, "AT_SEQUENCE_NUMBER", numbers[1]));
        Assert.Equal("c d", await ReadAsync(service, stream, "AFTER_SEQUENCE_NUMBER", numbers[1]));
        Assert.Equal("d", Text((await service.RecordsAsync(latest)).Records));
    }

    [Fact]
    public async Task Reading_goes_on_where_it_stopped()
    {
        var (service, stream) = await CreateAsync();
        await PutAsync(service, stream, "a", "b", "c");
        var first = await service.RecordsAsync(await service.IteratorAsync(stream, First, "TRIM_HORIZON"), 2);
        var second = await service.RecordsAsync(first.NextIterator!, 2);
        var third = await service.RecordsAsync(second.NextIterator!, 2);
        Assert.Equal(("a b", "c", ""), (Text(first.Records), Text(second.Records), Text(third.Records)));

        await PutAsync(service, stream, "d");
        Assert.Equal("d", Text((await service.RecordsAsync(third.NextIterator!)).Records));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public async Task A_read_is_of_1_to_10000_records(int limit)
    {
        var (service, stream) = await CreateAsync();
        var iterator = await service.IteratorAsync(stream, First, "TRIM_HORIZON");
        await RefusedAsync(
            ["InvalidArgumentException", "ValidationException"], () => service.RecordsAsync(iterator, limit));
    }

    [Fact]
    public async Task A_split_closes_the_parent_and_its_children_share_its_range()
    {
        var (service, stream) = await CreateAsync();
        await service.SplitAsync(stream, First, s_half);
        Assert.Equal(
            [
                new ShardDescription(First, 0, UInt128.MaxValue, IsClosed: true),
                new ShardDescription("shardId-000000000001", 0, s_half - 1, First),
                new ShardDescription("shardId-000000000002", s_half, UInt128.MaxValue, First),
            ],
            await service.ShardsAsync(stream));
    }

    [Fact]
    public async Task A_merge_closes_both_parents_and_its_child_has_both_ranges()
    {
        var (service, stream) = await CreateAsync(2);
        await service.MergeAsync(stream, First, "shardId-000000000001");
        var shards = await service.ShardsAsync(stream);
        Assert.Equal([true, true, false], shards.Select(shard => shard.IsClosed));
        Assert.Equal(
            new ShardDescription(
                "shardId-000000000002", 0, UInt128.MaxValue, First, "shardId-000000000001"),
            shards[2]);
    }

    [Fact]
    public async Task A_closed_shard_is_read_to_its_end_and_what_comes_after_goes_to_its_children()
    {
        var (service, stream) = await CreateAsync();
        await PutAsync(service, stream, "before");
        await service.SplitAsync(stream, First, s_half);
        var results = await service.PutAsync(stream, [Entry("low", 0), Entry("high", UInt128.MaxValue)]);
        Assert.Equal(["shardId-000000000001", "shardId-000000000002"], results.Select(result => result.ShardId));

        var answer = await service.RecordsAsync(await service.IteratorAsync(stream, First, "TRIM_HORIZON"));
        var last = answer.NextIterator is { } next ? await service.RecordsAsync(next) : answer;
        Assert.Equal("before", Text(answer.Records));
        Assert.Null(last.NextIterator);
        Assert.Equal("low", Text(await service.ReadAsync(stream, "shardId-000000000001")));
    }

    [Fact]
    public async Task A_split_needs_an_open_shard_and_a_key_inside_it()
    {
        var (service, stream) = await CreateAsync(2);
        var last = (await service.ShardsAsync(stream))[0].Last;
        await RefusedAsync(["InvalidArgumentException"], () => service.SplitAsync(stream, First, last + 1));
        await RefusedAsync(
            ["ResourceNotFoundException"], () => service.SplitAsync(stream, "shardId-000000000009", s_half));
        await Deviations.EmptyShards.CheckAsync(service.Deviations, () => RefusedAsync(
            ["InvalidArgumentException"], () => service.SplitAsync(stream, First, 0)));
    }

    [Fact]
    public async Task A_closed_shard_is_neither_split_nor_merged()
    {
        var (service, stream) = await CreateAsync();
        await service.SplitAsync(stream, First, s_half);
        await Deviations.ClosedInUse.CheckAsync(service.Deviations, () => RefusedAsync(
            ["InvalidArgumentException"], () => service.SplitAsync(stream, First, s_half)));
        await Deviations.ClosedInUse.CheckAsync(service.Deviations, () => RefusedAsync(
            ["InvalidArgumentException"], () => service.MergeAsync(stream, First, "shardId-000000000001")));
        Assert.Equal(3, (await service.ShardsAsync(stream)).Count);
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(5, 3)]
    [InlineData(3, 4)]
    public async Task Scaling_ends_in_as_many_shards_as_were_asked_for_of_equal_size(int count, int target)
    {
        var (service, stream) = await CreateAsync(count);
        Assert.Equal(new ScalingAnswer(count, target), await service.ScaleAsync(stream, target));
        var open = (await service.ShardsAsync(stream)).Where(shard => !shard.IsClosed)
            .OrderBy(shard => shard.First).ToList();
        Assert.Equal(target, open.Count);
        await Deviations.UnequalShards.CheckAsync(service.Deviations, () =>
        {
            // The division leaves less than one key for each shard, wherever they go.
            var size = UInt128.MaxValue / (uint)target;
            Assert.All(open, shard => Assert.InRange(shard.Last - shard.First, size - 1, size + (uint)target));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task A_stream_is_at_most_doubled_and_at_most_halved()
    {
        var (service, stream) = await CreateAsync(3);
        await RefusedAsync(["InvalidArgumentException"], () => service.ScaleAsync(stream, 7));
        await RefusedAsync(["InvalidArgumentException", "ValidationException"], () => service.ScaleAsync(stream, 0));
        await Deviations.LessThanHalf.CheckAsync(service.Deviations, () => RefusedAsync(
            ["InvalidArgumentException"], () => service.ScaleAsync(stream, 1)));
    }

    [Fact]
    public async Task Only_neighbours_merge_and_the_lower_one_is_named_first()
    {
        var (service, stream) = await CreateAsync(3);
        await RefusedAsync(
            ["InvalidArgumentException"], () => service.MergeAsync(stream, First, "shardId-000000000002"));
        await RefusedAsync(
            ["InvalidArgumentException"], () => service.MergeAsync(stream, "shardId-000000000001", First));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_shard_merges_with_itself(int keys)
    {
        var (service, stream) = await CreateAsync();
        await service.SplitAsync(stream, First, (UInt128)keys);
        Task Refused() => RefusedAsync(
            ["InvalidArgumentException"],
            () => service.MergeAsync(stream, "shardId-000000000001", "shardId-000000000001"));
        await (keys == 2 ? Deviations.MergedWithItself.CheckAsync(service.Deviations, Refused) : Refused());
    }

    /// <summary>The service under test.</summary>
    protected abstract Task<IStreamControl> ServiceAsync();

    private async Task<(IStreamControl Service, string Stream)> CreateAsync(int shards = 1)
    {
        var service = await ServiceAsync();
        return (service, await service.CreateAsync(shards));
    }

    private static PutEntry Entry(string data, UInt128 hashKey) =>
        new(Encoding.UTF8.GetBytes(data), "key", hashKey.ToString(CultureInfo.InvariantCulture));

    private static async Task<string[]> PutAsync(IStreamControl service, string stream, params IEnumerable<string> data)
    {
        var results = await service.PutAsync(stream, [.. data.Select(text => Entry(text, 0))]);
        return [.. results.Select(result => result.SequenceNumber!)];
    }

    private static async Task<string> ReadAsync(
        IStreamControl service, string stream, string type, string? sequenceNumber = null)
    {
        var answer = await service.RecordsAsync(await service.IteratorAsync(stream, First, type, sequenceNumber));
        return Text(answer.Records);
    }

    private static string Text(IEnumerable<StreamedRecord> records) => string.Join(
        ' ', records.Select(record => Encoding.UTF8.GetString(Convert.FromBase64String(record.Data))));

    private static async Task RefusedAsync(string[] codes, Func<Task> call) =>
        Assert.Contains((await Assert.ThrowsAsync<ServiceErrorException>(call)).Code, codes);
}
