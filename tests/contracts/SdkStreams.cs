using System.Globalization;
using Amazon.Kinesis;
using Amazon.Kinesis.Model;
using Pipeline.Core;
using Pipeline.Functions.Adapters;

namespace Pipeline.Tests.Contracts;

/// <summary>The streams of a service as the AWS client sees them; records are put through the port.</summary>
internal sealed class SdkStreams(Uri service, IReadOnlyCollection<Deviation> deviations) : IStreamControl, IDisposable
{
    private static int s_streams;

    private readonly AmazonKinesisClient _client = CreateClient(service);

    public IReadOnlyCollection<Deviation> Deviations => deviations;

    public static AmazonKinesisClient CreateClient(Uri service) => new(
        "test", "test", KinesisStreams.Configure(new AmazonKinesisConfig
        {
            ServiceURL = service.ToString(),
            AuthenticationRegion = "us-east-1",
        }));

    public void Dispose() => _client.Dispose();

    public async Task<string> CreateAsync(int shards)
    {
        var name = $"sdk-{Interlocked.Increment(ref s_streams)}";
        await _client.CreateStreamAsync(new CreateStreamRequest { StreamName = name, ShardCount = shards });
        await ActiveAsync(name);
        return name;
    }

    public async Task<IReadOnlyList<PutResult>> PutAsync(string stream, IReadOnlyList<PutEntry> entries)
    {
        try
        {
            return await new KinesisStreams(_client).PutRecordsAsync(stream, entries, CancellationToken.None);
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
            var page = await _client.ListShardsAsync(request);
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

    public async Task<IReadOnlyList<StreamedRecord>> ReadAsync(string stream, string shardId)
    {
        var all = new List<StreamedRecord>();
        string? iterator = await IteratorAsync(stream, shardId, "TRIM_HORIZON");
        do
        {
            var answer = await RecordsAsync(iterator);
            all.AddRange(answer.Records);
            iterator = answer.Records.Count == 0 ? null : answer.NextIterator;
        }
        while (iterator is not null);
        return all;
    }

    public async Task<string> IteratorAsync(string stream, string shardId, string type, string? sequenceNumber = null)
    {
        var answer = await CallAsync(_client.GetShardIteratorAsync(new GetShardIteratorRequest
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
            _client.GetRecordsAsync(new GetRecordsRequest { ShardIterator = iterator, Limit = limit }));
        var records = from record in answer.Records
                      select new StreamedRecord(
                          record.SequenceNumber, record.PartitionKey, Convert.ToBase64String(record.Data.ToArray()));
        return new RecordsAnswer([.. records], answer.NextShardIterator);
    }

    public async Task SplitAsync(string stream, string shardId, UInt128 newStart)
    {
        await CallAsync(_client.SplitShardAsync(new SplitShardRequest
        {
            StreamName = stream,
            ShardToSplit = shardId,
            NewStartingHashKey = newStart.ToString(CultureInfo.InvariantCulture),
        }));
        await ActiveAsync(stream);
    }

    public async Task MergeAsync(string stream, string shardId, string adjacentShardId)
    {
        await CallAsync(_client.MergeShardsAsync(new MergeShardsRequest
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
            answer = await _client.DescribeStreamSummaryAsync(new DescribeStreamSummaryRequest { StreamName = stream });
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
