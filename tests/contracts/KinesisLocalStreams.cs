using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Core;

namespace Pipeline.Tests.Contracts;

/// <summary>The streams of kinesis-local, by the AWS JSON protocol 1.1.</summary>
internal sealed class KinesisLocalStreams(Uri address) : IStreamControl
{
    private static int s_streams;

    private readonly JsonClient _client = new(address, "Kinesis_20131202", "application/x-amz-json-1.1");

    public IReadOnlyCollection<Deviation> Deviations => Contracts.Deviations.OfKinesisLocal;

    public async Task<string> CreateAsync(int shards)
    {
        var name = $"stream-{Interlocked.Increment(ref s_streams)}";
        await _client.CallAsync("CreateStream", new JsonObject { ["StreamName"] = name, ["ShardCount"] = shards });
        await ActiveAsync(name);
        return name;
    }

    public async Task<IReadOnlyList<PutResult>> PutAsync(string stream, IReadOnlyList<PutEntry> entries)
    {
        var answer = await _client.CallAsync("PutRecords", new JsonObject
        {
            ["StreamName"] = stream,
            ["Records"] = new JsonArray([.. entries.Select(ToJson)]),
        });
        return
        [
            .. from result in Items(answer, "Records")
               select new PutResult(
                   (string?)result["ShardId"], (string?)result["SequenceNumber"], (string?)result["ErrorCode"],
                   (string?)result["ErrorMessage"]),
        ];
    }

    public async Task<IReadOnlyList<ShardDescription>> ShardsAsync(string stream)
    {
        var answer = await _client.CallAsync("ListShards", new JsonObject { ["StreamName"] = stream });
        return
        [
            .. from shard in Items(answer, "Shards")
               let range = shard["HashKeyRange"]!
               orderby (string)shard["ShardId"]!
               select new ShardDescription(
                   (string)shard["ShardId"]!, Number(range["StartingHashKey"]), Number(range["EndingHashKey"]),
                   (string?)shard["ParentShardId"], (string?)shard["AdjacentParentShardId"],
                   shard["SequenceNumberRange"]!["EndingSequenceNumber"] is not null),
        ];
    }

    public Task<IReadOnlyList<StreamedRecord>> ReadAsync(string stream, string shardId) =>
        this.ReadAllAsync(stream, shardId);

    public async Task<string> IteratorAsync(string stream, string shardId, string type, string? sequenceNumber = null)
    {
        var request = new JsonObject
        {
            ["StreamName"] = stream,
            ["ShardId"] = shardId,
            ["ShardIteratorType"] = type,
        };
        if (sequenceNumber is not null)
        {
            request["StartingSequenceNumber"] = sequenceNumber;
        }
        return (string)(await _client.CallAsync("GetShardIterator", request))["ShardIterator"]!;
    }

    public async Task<RecordsAnswer> RecordsAsync(string iterator, int limit = Limits.GetRecordsCountMax)
    {
        var answer = await _client.CallAsync(
            "GetRecords", new JsonObject { ["ShardIterator"] = iterator, ["Limit"] = limit });
        var records = from record in Items(answer, "Records")
                      select new StreamedRecord(
                          (string)record["SequenceNumber"]!, (string)record["PartitionKey"]!,
                          (string)record["Data"]!);
        return new RecordsAnswer([.. records], (string?)answer["NextShardIterator"]);
    }

    public async Task SplitAsync(string stream, string shardId, UInt128 newStart)
    {
        await _client.CallAsync("SplitShard", new JsonObject
        {
            ["StreamName"] = stream,
            ["ShardToSplit"] = shardId,
            ["NewStartingHashKey"] = newStart.ToString(CultureInfo.InvariantCulture),
        });
        await ActiveAsync(stream);
    }

    public async Task MergeAsync(string stream, string shardId, string adjacentShardId)
    {
        await _client.CallAsync("MergeShards", new JsonObject
        {
            ["StreamName"] = stream,
            ["ShardToMerge"] = shardId,
            ["AdjacentShardToMerge"] = adjacentShardId,
        });
        await ActiveAsync(stream);
    }

    /// <summary>Asks until the stream is active; the emulator changes its state after a millisecond.</summary>
    private async Task ActiveAsync(string stream)
    {
        while (true)
        {
            var answer = await _client.CallAsync("DescribeStreamSummary", new JsonObject { ["StreamName"] = stream });
            if ((string?)answer["StreamDescriptionSummary"]!["StreamStatus"] == "ACTIVE")
            {
                return;
            }
        }
    }

    private static JsonObject ToJson(PutEntry entry)
    {
        var json = new JsonObject
        {
            ["Data"] = Convert.ToBase64String(entry.Data.Span),
            ["PartitionKey"] = entry.PartitionKey,
        };
        if (entry.ExplicitHashKey is { } hashKey)
        {
            json["ExplicitHashKey"] = hashKey;
        }
        return json;
    }

    private static UInt128 Number(JsonNode? text) => UInt128.Parse((string)text!, CultureInfo.InvariantCulture);

    private static IEnumerable<JsonObject> Items(JsonObject answer, string member) =>
        answer[member]?.AsArray().Select(item => item!.AsObject()) ?? [];
}
