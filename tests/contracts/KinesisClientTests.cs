using Amazon.Kinesis;
using Amazon.Kinesis.Model;
using Xunit;

namespace Pipeline.Tests.Contracts;

/// <summary>What the contracts do not ask of the client of Kinesis, before kinesis-local.</summary>
public sealed class KinesisClientTests(KinesisLocal kinesis)
{
    [Fact]
    public async Task A_stream_is_made_described_scaled_read_by_a_consumer_and_deleted()
    {
        using var client = SdkStreams.CreateClient(await kinesis.AddressAsync());
        var streams = new SdkStreams(client, []);
        var name = await streams.CreateAsync(1);
        var described = (await client.DescribeStreamSummaryAsync(new() { StreamName = name })).StreamDescriptionSummary;
        Assert.Equal((name, 1, 24), (described.StreamName, described.OpenShardCount, described.RetentionPeriodHours));
        Assert.Equal(DateTimeKind.Utc, described.StreamCreationTimestamp!.Value.Kind);

        var scaled = await client.UpdateShardCountAsync(new()
        {
            StreamName = name,
            TargetShardCount = 2,
            ScalingType = ScalingType.UNIFORM_SCALING,
        });
        Assert.Equal((1, 2), (scaled.CurrentShardCount, scaled.TargetShardCount));
        await streams.ActiveAsync(name);
        var open = await client.ListShardsAsync(new()
        {
            StreamName = name,
            ShardFilter = new() { Type = ShardFilterType.AT_LATEST },
        });
        Assert.Equal(2, open.Shards.Count);

        var registered = (await client.RegisterStreamConsumerAsync(new()
        {
            StreamARN = described.StreamARN,
            ConsumerName = "reader",
        })).Consumer;
        var consumer = (await client.DescribeStreamConsumerAsync(new() { ConsumerARN = registered.ConsumerARN }))
            .ConsumerDescription;
        Assert.Equal(
            ("reader", described.StreamARN, registered.ConsumerARN),
            (consumer.ConsumerName, consumer.StreamARN, consumer.ConsumerARN));

        await client.DeleteStreamAsync(new() { StreamName = name, EnforceConsumerDeletion = true });
        while (true)
        {
            try
            {
                await client.DescribeStreamSummaryAsync(new() { StreamName = name });
            }
            catch (ResourceNotFoundException)
            {
                return;
            }
        }
    }

    [Fact]
    public async Task A_record_is_put_after_another_and_read_from_a_moment_on()
    {
        using var client = SdkStreams.CreateClient(await kinesis.AddressAsync());
        var streams = new SdkStreams(client, []);
        var name = await streams.CreateAsync(1);
        PutRecordResponse? before = null;
        for (byte i = 0; i < 3; i++)
        {
            before = await client.PutRecordAsync(new()
            {
                StreamName = name,
                Data = new([i]),
                PartitionKey = "key",
                SequenceNumberForOrdering = before?.SequenceNumber,
            });
        }
        var iterator = await client.GetShardIteratorAsync(new()
        {
            StreamName = name,
            ShardId = before!.ShardId,
            ShardIteratorType = ShardIteratorType.AT_TIMESTAMP,
            Timestamp = DateTime.UnixEpoch.AddYears(40),
        });
        var read = await client.GetRecordsAsync(new() { ShardIterator = iterator.ShardIterator });
        Assert.Equal([0, 1, 2], read.Records.Select(record => (int)record.Data.ToArray().Single()));
        Assert.Equal(before.SequenceNumber, read.Records[^1].SequenceNumber);
        Assert.Equal(DateTimeKind.Utc, read.Records[0].ApproximateArrivalTimestamp!.Value.Kind);
    }

    [Fact]
    public async Task Refusals_have_their_types()
    {
        using var client = SdkStreams.CreateClient(await kinesis.AddressAsync());
        var streams = new SdkStreams(client, []);
        var name = await streams.CreateAsync(3);
        await Assert.ThrowsAsync<ResourceInUseException>(
            () => client.CreateStreamAsync(new() { StreamName = name, ShardCount = 1 }));
        await Assert.ThrowsAsync<ResourceNotFoundException>(
            () => client.DeleteStreamAsync(new() { StreamName = "missing" }));
        await Assert.ThrowsAsync<ResourceNotFoundException>(
            () => client.PutRecordAsync(new() { StreamName = "missing", Data = new([1]), PartitionKey = "key" }));
        await Assert.ThrowsAsync<InvalidArgumentException>(() => client.MergeShardsAsync(new()
        {
            StreamName = name,
            ShardToMerge = "shardId-000000000000",
            AdjacentShardToMerge = "shardId-000000000002",
        }));
    }
}
