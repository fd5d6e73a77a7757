using System.Globalization;
using CsCheck;
using Pipeline.Engine;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>
/// Whatever a function answers and however long it takes: every record is done once, each key's in order, never two
/// batches of a key or more than the factor at a time, and the checkpoint passes nothing that is not done.
/// </summary>
public sealed class MappingLaneLawTests
{
    private const int Keys = 7;

    private static readonly Gen<(int Factor, int BatchSize, bool Bisects, int Seed, int[] Keys)> Cases = Gen.Select(
        Gen.Int[1, 10], Gen.Int[1, 6], Gen.Bool, Gen.Int[0, 1_000_000], Gen.Int[0, Keys - 1].Array[1, 40]);

    [Fact]
    [Trait("Rule", "mapping.order-per-key")]
    [Trait("Rule", "mapping.lane-checkpoint")]
    public void Order_is_kept_per_key_and_nothing_is_lost() => Cases.Sample(
        test => new Trial(test.Factor, test.Keys, new Random(test.Seed)).Run(test.BatchSize, test.Bisects),
        iter: 150);

    private sealed class Trial(int factor, int[] keys, Random random)
    {
        private readonly HashSet<int> _done = [];
        private readonly HashSet<int> _keysUnderWay = [];
        private int _underWay;
        private EmbeddedEngine? _engine;
        private Exception? _violation;

        public void Run(int batchSize, bool bisects)
        {
            using var bed = new Bed(AnswerAsync, new BedOptions
            {
                Mapping = $"\"ParallelizationFactor\": {factor}, \"BatchSize\": {batchSize}, "
                    + $"\"BisectBatchOnFunctionError\": {(bisects ? "true" : "false")}",
            });
            _engine = bed.Engine;
            for (var i = 0; i < keys.Length; i++)
            {
                var (data, key) = ($"{i}", $"key {keys[i]}");
                bed.At(random.Next(4) == 0 ? i * 0.3 : 0, () => bed.Put($"{data}:{key}", key));
            }
            bed.Run();
            Assert.Null(_violation);
            Assert.Equal(keys.Length, _done.Count);
            Assert.Equal(keys.Length, bed.Engine.Mappings[0].Checkpoint(bed.Engine.Raw.Shards[0]).Next);
        }

        private async Task<string> AnswerAsync(Invocation invocation)
        {
            var counters = invocation.Sequences.Select(CounterOf).ToList();
            var own = invocation.Data.Select(data => int.Parse(data.Split(' ')[1], CultureInfo.InvariantCulture))
                .ToHashSet();
            // The mapping takes what is thrown here for an error of the function, so a violation is kept for the end.
            Check(() => Assert.Empty(own.Intersect(_keysUnderWay)));
            Check(() => Assert.True(++_underWay <= factor, "too many batches under way"));
            Check(() => CheckOrder(invocation, counters));
            _keysUnderWay.UnionWith(own);
            await Task.Delay(TimeSpan.FromSeconds(random.Next(5)), invocation.Time);
            Check(CheckCheckpoint);
            _keysUnderWay.ExceptWith(own);
            _underWay--;
            var first = random.Next(3) switch
            {
                0 when random.Next(2) == 0 => throw new InvalidOperationException("broken"),
                0 => random.Next(counters.Count),
                _ => counters.Count,
            };
            foreach (var counter in counters.Take(first))
            {
                Check(() => Assert.True(_done.Add(counter), "a record came again that was done"));
            }
            return first == counters.Count ? Bed.Success : Bed.Failed(invocation.Sequences[first]);
        }

        private void Check(Action law)
        {
            try
            {
                law();
            }
            catch (Xunit.Sdk.XunitException violation)
            {
                _violation ??= violation;
            }
        }

        /// <summary>A record comes only when all earlier ones of its key are done, or before it in the batch.</summary>
        private void CheckOrder(Invocation invocation, List<int> counters)
        {
            Assert.Equal(counters.Order(), counters);
            var earlier = new HashSet<int>(_done);
            var log = Log();
            for (var i = 0; i < counters.Count; i++)
            {
                var key = invocation.Data[i].Split(':')[1];
                Assert.All(
                    Enumerable.Range(0, counters[i]).Where(counter => log[counter] == key),
                    counter => Assert.Contains(counter, earlier));
                earlier.Add(counters[i]);
            }
        }

        private void CheckCheckpoint()
        {
            var next = _engine!.Mappings[0].Checkpoint(_engine.Raw.Shards[0]).Next;
            Assert.All(Enumerable.Range(0, (int)next), counter => Assert.Contains(counter, _done));
        }

        /// <summary>The keys of the records in the shard, in their order.</summary>
        private List<string> Log()
        {
            var log = _engine!.Raw.Shards[0].Log;
            var (cursor, found) = (log.TrimHorizon, new List<string>());
            while (log.TryRead(ref cursor, long.MaxValue, _engine.Scheduler.Now, out var record))
            {
                found.Add(System.Text.Encoding.UTF8.GetString(record.PartitionKey.Span));
            }
            return found;
        }

        private static int CounterOf(string sequence)
        {
            Assert.True(Pipeline.Engine.Streams.SequenceCounter.TryReadCounter(
                System.Text.Encoding.UTF8.GetBytes(sequence), out var counter));
            return (int)counter;
        }
    }
}
