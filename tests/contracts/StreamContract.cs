using System.Globalization;
using System.Text;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Contracts;

/// <summary>What Kinesis promises of putting records; every implementation is held to it.</summary>
public abstract class StreamContract
{
    public static TheoryData<string, int, string, string?> BrokenRecords => new()
    {
        { "a key of 257 characters", 0, new string('k', 257), null },
        { "an explicit hash key with a leading zero", 0, "key", "01" },
        { "an explicit hash key of 2^128", 0, "key", "340282366920938463463374607431768211456" },
        { "an explicit hash key below 0", 0, "key", "-1" },
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task The_shards_of_a_new_stream_share_all_hash_keys_evenly(int count)
    {
        var (service, stream) = await CreateAsync(count);
        var shards = await service.ShardsAsync(stream);
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"shardId-{i:D12}"), shards.Select(shard => shard.ShardId));
        Assert.Equal((UInt128)0, shards[0].First);
        Assert.Equal(UInt128.MaxValue, shards[^1].Last);
        Assert.All(shards.Zip(shards.Skip(1)), pair => Assert.Equal(pair.First.Last + 1, pair.Second.First));
        Assert.All(shards.SkipLast(1), shard => Assert.Equal(shards[0].Last, shard.Last - shard.First));
        Assert.All(shards, shard => Assert.False(shard.IsClosed));
    }

    [Fact]
    public async Task Records_of_one_shard_come_back_whole_and_in_order_with_growing_sequence_numbers()
    {
        var (service, stream) = await CreateAsync();
        PutEntry[] entries =
            [.. Enumerable.Range(0, 40).Select(i => Entry($"data {i}", i % 3 == 0 ? "é" : $"key {i}"))];
        var results = await service.PutAsync(stream, entries);
        var records = await service.ReadAsync(stream, "shardId-000000000000");
        Assert.Equal(
            entries.Select(entry => (entry.PartitionKey, Convert.ToBase64String(entry.Data.Span))),
            records.Select(record => (record.PartitionKey, record.Data)));
        Assert.Equal(results.Select(result => result.SequenceNumber), records.Select(record => record.SequenceNumber));
        var numbers = records.Select(record => SequenceNumber.Parse(record.SequenceNumber)).ToList();
        Assert.All(numbers.Zip(numbers.Skip(1)), pair => Assert.True(pair.First < pair.Second));
    }

    [Fact]
    public async Task An_explicit_hash_key_overrides_the_partition_key_and_both_ends_belong_to_a_shard()
    {
        var (service, stream) = await CreateAsync(3);
        foreach (var shard in await service.ShardsAsync(stream))
        {
            var results = await service.PutAsync(
                stream, [Entry("first", "key", shard.First), Entry("last", "key", shard.Last)]);
            Assert.All(results, result => Assert.Equal((shard.ShardId, true), (result.ShardId, result.Accepted)));
        }
    }

    [Fact]
    public async Task A_record_may_be_empty_and_its_key_256_characters()
    {
        var (service, stream) = await CreateAsync();
        var result = Assert.Single(await service.PutAsync(stream, [Entry("", new string('k', 256))]));
        Assert.True(result.Accepted);
        Assert.Equal("", Assert.Single(await service.ReadAsync(stream, result.ShardId!)).Data);
    }

    [Theory]
    [MemberData(nameof(BrokenRecords))]
    public async Task A_record_that_breaks_the_api_refuses_the_whole_request(
        string what, int bytes, string key, string? hashKey)
    {
        var (service, stream) = await CreateAsync();
        var refused = await Assert.ThrowsAsync<ServiceErrorException>(
            () => service.PutAsync(stream, [Entry("good", "key"), new PutEntry(new byte[bytes], key, hashKey)]));
        Assert.True(refused.Code is "InvalidArgumentException" or "ValidationException", $"{what}: {refused.Code}");
        Assert.Empty(await service.ReadAsync(stream, "shardId-000000000000"));
    }

    [Fact]
    public async Task A_record_has_1_MiB_at_most_with_its_key()
    {
        var (service, stream) = await CreateAsync(2);
        var largest = new PutEntry(new byte[Limits.RecordBytesMax - 3], "key", "0");
        Assert.True(Assert.Single(await service.PutAsync(stream, [largest])).Accepted);
        await Deviations.LargeRecords.CheckAsync(service.Deviations, () => Assert.ThrowsAsync<ServiceErrorException>(
            () => service.PutAsync(stream, [new PutEntry(new byte[Limits.RecordBytesMax - 2], "key", "0")])));
    }

    [Fact]
    public async Task A_request_has_at_least_one_record()
    {
        var (service, stream) = await CreateAsync();
        await Deviations.EmptyPuts.CheckAsync(service.Deviations, () =>
            Assert.ThrowsAsync<ServiceErrorException>(() => service.PutAsync(stream, [])));
    }

    [Fact]
    public async Task A_request_has_500_records_at_most()
    {
        var (service, stream) = await CreateAsync();
        var entries = Enumerable.Repeat(Entry("x", "key"), Limits.PutRecordsCountMax).ToList();
        Assert.All(await service.PutAsync(stream, entries), result => Assert.True(result.Accepted));
        await Deviations.ManyPuts.CheckAsync(service.Deviations, () =>
            Assert.ThrowsAsync<ServiceErrorException>(() => service.PutAsync(stream, [.. entries, entries[0]])));
    }

    [Fact]
    public async Task What_a_shard_cannot_take_in_a_second_is_refused_entry_by_entry()
    {
        var (service, stream) = await CreateAsync();
        await Deviations.NoThrottling.CheckAsync(service.Deviations, async () =>
        {
            var entries = Enumerable.Range(0, 4).Select(_ => new PutEntry(new byte[700 * 1024], "key", null));
            var results = await service.PutAsync(stream, [.. entries, Entry("small", "key")]);
            Assert.Equal([true, false, false, false, true], results.Select(result => result.Accepted));
            Assert.All(results.Where(result => !result.Accepted), result => Assert.Equal(
                ("ProvisionedThroughputExceededException", null, null),
                (result.ErrorCode, result.ShardId, result.SequenceNumber)));
        });
    }

    [Fact]
    public async Task A_stream_that_is_not_there_is_said_to_be_so()
    {
        var (service, _) = await CreateAsync();
        var refused = await Assert.ThrowsAsync<ServiceErrorException>(
            () => service.PutAsync("missing", [Entry("x", "key")]));
        Assert.Equal("ResourceNotFoundException", refused.Code);
    }

    /// <summary>The service under test.</summary>
    protected abstract Task<IStreamService> ServiceAsync();

    private async Task<(IStreamService Service, string Stream)> CreateAsync(int shards = 1)
    {
        var service = await ServiceAsync();
        return (service, await service.CreateAsync(shards));
    }

    private static PutEntry Entry(string data, string key, UInt128? hashKey = null) =>
        new(Encoding.UTF8.GetBytes(data), key, hashKey?.ToString(CultureInfo.InvariantCulture));
}
