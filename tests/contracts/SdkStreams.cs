using System.Globalization;
using Amazon.Kinesis;
using Amazon.Kinesis.Model;
using Pipeline.Core;
using Pipeline.Functions.Adapters;

namespace Pipeline.Tests.Contracts;

/// <summary>The streams of a service as the AWS client sees them; records are put through the port.</summary>
internal sealed class SdkStreams(AmazonKinesisClient client, IReadOnlyCollection<Deviation> deviations)
    : IStreamControl
{
    private static int s_streams;

    public IReadOnlyCollection<Deviation> Deviations => deviations;

    public static async Task<SdkStreams> OfAsync(KinesisLocal kinesis) =>
        new(CreateClient(await kinesis.AddressAsync()), Contracts.Deviations.OfKinesisLocal);

    public static async Task<SdkStreams> OfAsync(LocalStackHost host) =>
        new(CreateClient(await host.AddressAsync()), Contracts.Deviations.OfLocalStack);

    public static AmazonKinesisClient CreateClient(Uri service) => new(
        "test", "test", KinesisStreams.Configure(new AmazonKinesisConfig
        {
            ServiceURL = service.ToString(),
            AuthenticationRegion = "us-east-1",
        }));

    public async Task<string> CreateAsync(int shards)
    {
        var name = $"sdk-{Interlocked.Increment(ref s_streams)}";
        await client.CreateStreamAsync(new CreateStreamRequest { StreamName = name, ShardCount = shards });
        await ActiveAsync(name);
        return name;
    }

    public async Task<IReadOnlyList<PutResult>> PutAsync(string stream, IReadOnlyList<PutEntry> entries)
    {
        try
        {
            return await new KinesisStreams(client).PutRecordsAsync(stream, entries, CancellationToken.None);
        }
        catch (PortFaultException fault)
        {
            throw ServiceErrorException.From(fault);
        }
    }

    public async Task<IReadOnlyList<ShardDescription>> ShardsAsync(string stream)
    {
        var shards = new List<Shard>();
        var request = new ListShardsRequest { StreamName = stream, MaxResults = 2 };
        while (true)
        {
            var page = await client.ListShardsAsync(request);
            shards.AddRange(page.Shards);
            if (page.NextToken is null)
            {
                break;
            }
            request = new ListShardsRequest { NextToken = page.NextToken, MaxResults = 2 };
        }
        return
        [
            .. from shard in shards
               orderby shard.ShardId
               select new ShardDescription(
                   shard.ShardId, Number(shard.HashKeyRange.StartingHashKey), Number(shard.HashKeyRange.EndingHashKey),
                   shard.ParentShardId, shard.AdjacentParentShardId,
                   shard.SequenceNumberRange.EndingSequenceNumber is not null),
        ];
    }

    public Task<IReadOnlyList<StreamedRecord>> ReadAsync(string stream, string shardId) =>
        this.ReadAllAsync(stream, shardId);

    public async Task<string> IteratorAsync(string stream, string shardId, string type, string? sequenceNumber = null)
    {
        var answer = await CallAsync(client.GetShardIteratorAsync(new GetShardIteratorRequest
        {
            StreamName = stream,
            ShardId = shardId,
            ShardIteratorType = type,
            StartingSequenceNumber = sequenceNumber,
        }));
        return answer.ShardIterator;
    }

    public async Task<RecordsAnswer> RecordsAsync(string iterator, int limit = Limits.GetRecordsCountMax)
    {
        var answer = await CallAsync(
            client.GetRecordsAsync(new GetRecordsRequest { ShardIterator = iterator, Limit = limit }));
        var records = from record in answer.Records
                      select new StreamedRecord(
                          record.SequenceNumber, record.PartitionKey, Convert.ToBase64String(record.Data.ToArray()));
        return new RecordsAnswer([.. records], answer.NextShardIterator);
    }

    public async Task SplitAsync(string stream, string shardId, UInt128 newStart)
    {
        await CallAsync(client.SplitShardAsync(new SplitShardRequest
        {
            StreamName = stream,
            ShardToSplit = shardId,
            NewStartingHashKey = newStart.ToString(CultureInfo.InvariantCulture),
        }));
        await ActiveAsync(stream);
    }

    public async Task MergeAsync(string stream, string shardId, string adjacentShardId)
    {
        await CallAsync(client.MergeShardsAsync(new MergeShardsRequest
        {
            StreamName = stream,
            ShardToMerge = shardId,
            AdjacentShardToMerge = adjacentShardId,
        }));
        await ActiveAsync(stream);
    }

    /// <summary>Asks until the stream is active.</summary>
    public async Task ActiveAsync(string stream)
    {
        DescribeStreamSummaryResponse answer;
        do
        {
            answer = await client.DescribeStreamSummaryAsync(new DescribeStreamSummaryRequest { StreamName = stream });
        }
        while (answer.StreamDescriptionSummary.StreamStatus != StreamStatus.ACTIVE);
    }

    private static async Task<T> CallAsync<T>(Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (AmazonKinesisException refused)
        {
            throw new ServiceErrorException(refused.ErrorCode, refused.Message);
        }
    }

    private static UInt128 Number(string text) => UInt128.Parse(text, CultureInfo.InvariantCulture);
}
