using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Packs;

/// <summary>The other side of the format: awslabs' own implementation for Node.js.</summary>
public sealed class KinesisAggTests
{
    [Fact]
    public void Our_packs_are_read_by_aws_kinesis_agg()
    {
        var slots = new Slots(128);
        var writer = new PackWriter(slots);
        var packs = Samples().Select((events, slot) =>
        {
            writer.Begin(slot);
            Assert.All(events, item => Assert.True(writer.TryAdd(Encoding.UTF8.GetBytes(item.Key), item.Data)));
            return writer.Finish();
        }).ToList();
        var blobs = packs.Select(pack => (JsonNode)Convert.ToBase64String(pack.Data.Span));
        var answer = Run("unpack", new JsonArray([.. blobs]));
        Assert.Equal(packs.Count, answer.Count);
        foreach (var (records, (events, slot)) in answer.Zip(Samples().Select((events, slot) => (events, slot))))
        {
            Assert.Equal(
                events.Select(item => $"{item.Key}={Convert.ToHexString(item.Data)} in {slots.HashKeyText(slot)}"),
                records!.AsArray().Select(record =>
                    $"{record!["partitionKey"]}={HexOf((string)record["data"]!)} in {record["explicitHashKey"]}"));
        }
    }

    [Fact]
    public void Packs_of_aws_kinesis_agg_are_read_by_us()
    {
        var packs = Samples().Select(events => (JsonNode)new JsonArray([.. events.Select(item => new JsonObject
        {
            ["partitionKey"] = item.Key,
            ["explicitHashKey"] = item.Data.Length % 2 == 0 ? "170141183460469231731687303715884105728" : null,
            ["data"] = Convert.ToBase64String(item.Data),
        })]));
        var answer = Run("pack", new JsonArray([.. packs]));
        Assert.Equal(Samples().Count, answer.Count);
        var reader = new PackReader();
        foreach (var (pack, events) in answer.Zip(Samples()))
        {
            var blob = Convert.FromBase64String((string)pack!);
            Assert.True(reader.Read(blob) == BlobKind.Pack, reader.Reason);
            Assert.Equal(
                events.Select(item => $"{item.Key}={Convert.ToHexString(item.Data)} {item.Data.Length % 2 == 0}"),
                reader.Slices.ToArray().Select(slice =>
                    Encoding.UTF8.GetString(blob, slice.PartitionKeyStart, slice.PartitionKeyLength)
                    + "=" + Convert.ToHexString(blob, slice.DataStart, slice.DataLength)
                    + " " + (slice.HashKeyLength == 39)));
        }
    }

    /// <summary>
    /// Events of several sizes and counts; the keys are no numbers, for the other side's tables put those in another
    /// order.
    /// </summary>
    private static List<List<(string Key, byte[] Data)>> Samples()
    {
        var random = new Random(20_220_613);
        return [.. new[] { 2, 3, 10, 200 }.Select(count => Enumerable.Range(0, count).Select(i =>
        {
            var data = new byte[i % 7 == 6 ? 0 : random.Next(1, 900)];
            random.NextBytes(data);
            return (string.Create(CultureInfo.InvariantCulture, $"ключ {i % 131} 😀"), data);
        }).ToList())];
    }

    private static string HexOf(string base64) => Convert.ToHexString(Convert.FromBase64String(base64));

    private static JsonArray Run(string operation, JsonArray input)
    {
        var output = Tools.RunNode("kinesis-agg.mjs", new JsonObject { [operation] = input }.ToJsonString());
        return JsonNode.Parse(output, documentOptions: new JsonDocumentOptions())!.AsArray();
    }
}
