using System.Globalization;
using System.Text;
using CsCheck;
using Pipeline.Core;
using Pipeline.Engine.Storage;
using Pipeline.Tests.Engine;
using Xunit;

namespace Pipeline.Tests.Contracts;

/// <summary>The engine's streams and those of kinesis-local take random records alike, into the same shards.</summary>
public sealed class StreamSequenceTests(KinesisLocal kinesis)
{
    private static readonly Gen<string> s_hashKeys = Gen.OneOf(
        Gen.ULong.Select(Gen.ULong, (high, low) => Text(new UInt128(high, low))),
        Gen.Int[0, 3].Select(i => Text(UInt128.MaxValue - (uint)i)),
        Gen.Int[0, 12].Select(i => "0" + new string('7', i)),
        Gen.Const("340282366920938463463374607431768211456"));

    private static readonly Gen<PutEntry> s_entries = Gen.Select(
        Gen.String[Gen.Char["aé😀\u0001 "], 0, 6], Gen.Bool, s_hashKeys, Gen.Int[0, 40],
        (text, hasKey, hashKey, size) => new PutEntry(
            Encoding.UTF8.GetBytes(new string('d', size)), Whole(text), hasKey ? hashKey : null));

    // AWS does not document how ranges are rounded; where the count is a power of two the two round differently.
    private static readonly Gen<int> s_shards = Gen.Int[1, 9].Where(count => !int.IsPow2(count) || count == 1);

    [Fact]
    public async Task Both_answer_alike()
    {
        var theirs = new KinesisLocalStreams(await kinesis.AddressAsync());
        using var folder = new OutputFolder();
        using var ours = new EngineStreams(new DirectoryBucket(folder.Path, folder.EngineFiles));
        await Gen.Select(s_shards, s_entries.List[1, 12].List[1, 6]).SampleAsync(async (shards, requests) =>
        {
            var (our, their) = (await ours.CreateAsync(shards), await theirs.CreateAsync(shards));
            Assert.Equal(await theirs.ShardsAsync(their), await ours.ShardsAsync(our));
            foreach (var request in requests)
            {
                Assert.Equal(await PutAsync(theirs, their, request), await PutAsync(ours, our, request));
            }
            foreach (var shard in await theirs.ShardsAsync(their))
            {
                Assert.Equal(
                    await ReadAsync(theirs, their, shard.ShardId), await ReadAsync(ours, our, shard.ShardId));
            }
        }, iter: 40, threads: 1);
    }

    private static async Task<string> PutAsync(IStreamService service, string stream, IReadOnlyList<PutEntry> request)
    {
        try
        {
            return string.Join(' ', (await service.PutAsync(stream, request)).Select(result => result.ShardId));
        }
        catch (ServiceErrorException)
        {
            return "refused";
        }
    }

    private static async Task<string> ReadAsync(IStreamService service, string stream, string shardId)
    {
        var records = await service.ReadAsync(stream, shardId);
        var numbers = records.Select(record => SequenceNumber.Parse(record.SequenceNumber)).ToList();
        Assert.All(numbers.Zip(numbers.Skip(1)), pair => Assert.True(pair.First < pair.Second));
        return string.Join('\n', records.Select(record => $"{record.PartitionKey} {record.Data}"));
    }

    /// <summary>Half a surrogate pair cannot be sent as UTF-8.</summary>
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Text(UInt128 number) => number.ToString(CultureInfo.InvariantCulture);
}
