using System.Globalization;
using System.Text;
using CsCheck;
using Pipeline.Core;
using Pipeline.Engine.Storage;
using Pipeline.Tests.Engine;
using Xunit;

namespace Pipeline.Tests.Contracts;

/// <summary>
/// The engine's streams and those of kinesis-local take random records alike, into the same shards, whatever is split
/// and merged between.
/// </summary>
/// <remarks>
/// What <see cref="Deviations"/> names is left out here, as what comes after it would differ; the contracts assert it.
/// </remarks>
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

    private static readonly Gen<Operation> s_operations = Gen.Frequency(
        (3, s_entries.List[1, 12].Select(entries => (Operation)new Put(entries))),
        (3, Gen.Select(Gen.Int[0, 30], Gen.Double[0, 1]).Select((shard, at) => (Operation)new Split(shard, at))),
        (1, Gen.Select(Gen.Int[0, 30], Gen.Bool).Select((shard, above) => (Operation)new SplitOutside(shard, above))),
        (3, Gen.Select(Gen.Int[0, 30], Gen.Bool).Select((shard, turned) => (Operation)new Merge(shard, turned))),
        (1, Gen.Select(Gen.Int[0, 30], Gen.Int[0, 30]).Select((one, other) => (Operation)new MergeAny(one, other))));

    [Fact]
    public Task Both_answer_alike() => PlayAsync(
        Gen.Select(s_shards, s_entries.List[1, 12].Select(entries => (Operation)new Put(entries)).List[1, 6]), 40);

    [Fact]
    public Task Both_answer_alike_while_shards_are_split_and_merged() =>
        PlayAsync(Gen.Select(s_shards, s_operations.List[1, 12]), 40);

    /// <summary>
    /// Scaling comes last: kinesis-local does not end in the shards that it should, so that answers are compared only.
    /// </summary>
    [Fact]
    public Task Both_scale_alike_what_was_split_and_merged() => PlayAsync(
        Gen.Select(s_shards, s_operations.List[0, 4], Gen.Int[1, 20], (shards, operations, target) =>
            (shards, (List<Operation>)[.. operations, new Scale(target)])), 25);

    private async Task PlayAsync(Gen<(int Shards, List<Operation> Operations)> sequences, int count)
    {
        var theirs = new KinesisLocalStreams(await kinesis.AddressAsync());
        using var folder = new OutputFolder();
        using var ours = new EngineStreams(new DirectoryBucket(folder.Path, folder.EngineFiles));
        await sequences.SampleAsync(async sequence =>
        {
            var (our, their) = (await ours.CreateAsync(sequence.Shards), await theirs.CreateAsync(sequence.Shards));
            var shards = await ours.ShardsAsync(our);
            Assert.Equal(await theirs.ShardsAsync(their), shards);
            foreach (var operation in sequence.Operations)
            {
                var answer = await AnswerAsync(operation, theirs, their, shards);
                var own = await AnswerAsync(operation, ours, our, shards);
                Assert.True(
                    answer.Text == own.Text,
                    $"{operation}: {answer.Text} {answer.Refusal}, the engine: {own.Text} {own.Refusal}");
                shards = await ours.ShardsAsync(our);
                if (operation is Scale)
                {
                    // The emulator ends in shards of its own, some with hash keys that there are not.
                    Scale.CoversAllHashKeys(shards);
                }
                else
                {
                    Assert.Equal(await theirs.ShardsAsync(their), shards);
                }
            }
            foreach (var shard in shards.Where(shard => sequence.Operations is not [.., Scale]))
            {
                Assert.Equal(
                    await ReadAsync(theirs, their, shard.ShardId), await ReadAsync(ours, our, shard.ShardId));
            }
        }, iter: count, threads: 1);
    }

    /// <summary>What a service answers to an operation, or that it refuses it.</summary>
    private static async Task<(string Text, string? Refusal)> AnswerAsync(
        Operation operation, IStreamControl service, string stream, IReadOnlyList<ShardDescription> shards)
    {
        try
        {
            return (await operation.PerformAsync(service, stream, shards), null);
        }
        catch (ServiceErrorException error)
        {
            return ("refused", $"{error.Code}: {error.Message}");
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

    /// <summary>Something that is asked of both; shards are told by their place among those there are.</summary>
    private abstract record Operation
    {
        public abstract Task<string> PerformAsync(
            IStreamControl service, string stream, IReadOnlyList<ShardDescription> shards);

        protected static List<ShardDescription> Open(IReadOnlyList<ShardDescription> shards) =>
            [.. shards.Where(shard => !shard.IsClosed).OrderBy(shard => shard.First)];
    }

    private sealed record Put(List<PutEntry> Entries) : Operation
    {
        public override async Task<string> PerformAsync(
            IStreamControl service, string stream, IReadOnlyList<ShardDescription> shards) =>
            string.Join(' ', (await service.PutAsync(stream, Entries)).Select(result => result.ShardId));
    }

    /// <summary>Splits an open shard at a key that is allowed, if it has one.</summary>
    private sealed record Split(int Shard, double At) : Operation
    {
        public override async Task<string> PerformAsync(
            IStreamControl service, string stream, IReadOnlyList<ShardDescription> shards)
        {
            var open = Open(shards);
            var shard = open[Shard % open.Count];
            if (shard.Last - shard.First > 2)
            {
                // Of the keys from the third one to the last but one.
                var last = shard.Last - shard.First - 3;
                var key = UInt128.Min((UInt128)(At * (double)last), last);
                await service.SplitAsync(stream, shard.ShardId, shard.First + 2 + key);
            }
            return "split";
        }
    }

    /// <summary>Splits any shard, also a closed one, at a key that is not its own.</summary>
    private sealed record SplitOutside(int Shard, bool Above) : Operation
    {
        public override async Task<string> PerformAsync(
            IStreamControl service, string stream, IReadOnlyList<ShardDescription> shards)
        {
            var shard = shards[Shard % shards.Count];
            var key = unchecked(Above ? shard.Last + 1 : shard.First - 1);
            // Of a shard that has all keys it is the first or the last one.
            if (key < shard.First || key > shard.Last)
            {
                await service.SplitAsync(stream, shard.ShardId, key);
            }
            return "split";
        }
    }

    /// <summary>Merges an open shard with the next one, named first or last.</summary>
    private sealed record Merge(int Shard, bool Turned) : Operation
    {
        public override async Task<string> PerformAsync(
            IStreamControl service, string stream, IReadOnlyList<ShardDescription> shards)
        {
            var open = Open(shards);
            if (open.Count > 1)
            {
                var lower = Shard % (open.Count - 1);
                await service.MergeAsync(
                    stream, open[lower + (Turned ? 1 : 0)].ShardId, open[lower + (Turned ? 0 : 1)].ShardId);
            }
            return "merged";
        }
    }

    /// <summary>Merges any two shards: neighbours or not, open or closed.</summary>
    private sealed record MergeAny(int Shard, int Other) : Operation
    {
        public override async Task<string> PerformAsync(
            IStreamControl service, string stream, IReadOnlyList<ShardDescription> shards)
        {
            var (one, other) = (shards[Shard % shards.Count], shards[Other % shards.Count]);
            // kinesis-local merges a shard of two keys with itself.
            if (one != other || one.Last - one.First != 1)
            {
                await service.MergeAsync(stream, one.ShardId, other.ShardId);
            }
            return "merged";
        }
    }

    private sealed record Scale(int Target) : Operation
    {
        public override async Task<string> PerformAsync(
            IStreamControl service, string stream, IReadOnlyList<ShardDescription> shards)
        {
            var open = Open(shards).Count;
            // Half of an odd count: kinesis-local rounds it down.
            var target = Target == open / 2 && int.IsOddInteger(open) ? Target + 1 : Target;
            return $"{await service.ScaleAsync(stream, target)}";
        }

        /// <summary>The open shards share all hash keys, each once.</summary>
        public static void CoversAllHashKeys(IReadOnlyList<ShardDescription> shards)
        {
            var open = Open(shards);
            Assert.Equal((UInt128)0, open[0].First);
            Assert.Equal(UInt128.MaxValue, open[^1].Last);
            Assert.All(open.Zip(open.Skip(1)), pair => Assert.Equal(pair.First.Last + 1, pair.Second.First));
        }
    }
}
