using System.Globalization;
using System.Text.Json.Serialization;
using Pipeline.Engine.Streams;

namespace Pipeline.Cli.Shards;

/// <summary>What is told of a shard; hash keys as decimal texts, since no number of JSON readers is as wide.</summary>
/// <param name="Records">Records still kept.</param>
/// <param name="Bytes">Their data and partition keys.</param>
internal sealed record ShardRow(
    [property: JsonPropertyName("shardId")] string ShardId,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("parents")] IReadOnlyList<string> Parents,
    [property: JsonPropertyName("startingHashKey")] string StartingHashKey,
    [property: JsonPropertyName("endingHashKey")] string EndingHashKey,
    [property: JsonPropertyName("records")] long Records,
    [property: JsonPropertyName("bytes")] long Bytes)
{
    public static ShardRow Of(Shard shard)
    {
        var (records, bytes) = shard.Log.Kept;
        return new ShardRow(
            shard.Id, shard.IsClosed ? "CLOSED" : "OPEN", [.. shard.Parents.Select(parent => parent.Id)],
            shard.Range.First.ToString(CultureInfo.InvariantCulture),
            shard.Range.Last.ToString(CultureInfo.InvariantCulture), records, bytes);
    }
}
