using System.Globalization;
using System.Text;
using CsCheck;
using Pipeline.Core;
using Pipeline.Engine;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>Order per key, and nothing lost, however the world fails and however the records arrive.</summary>
public class StreamPumpOrderTests
{
    private const int InvocationsMax = 5000;

    /// <summary>How records reach the function.</summary>
    public enum Arrival
    {
        /// <summary>Packs whole, through the shared iterator.</summary>
        Whole,

        /// <summary>Sub-records as entries of one sequence number, over enhanced fan-out; cut anywhere.</summary>
        Unpacked,
    }

    [Theory]
    [InlineData(Arrival.Whole)]
    [InlineData(Arrival.Unpacked)]
    public void First_copies_are_in_order_per_key_and_nothing_is_lost(Arrival arrival) =>
        GenWorld.Sample(world => Run(world, arrival), iter: 60);

    [Fact]
    public void Entries_of_one_sequence_number_are_one_record()
    {
        var bench = new PumpBench
        {
            Decide = @event => @event.Text(EventAttribute.Id) == "c"
                ? throw new PortFaultException("The store throttles.")
                : Outcome.Emit(@event),
        };

        var reported = bench.Deliver(
            PumpBench.Plain(1), Entry(2, "a"), Entry(2, "b"), Entry(2, "c"), Entry(2, "d"), PumpBench.Plain(3));

        Assert.Equal("2", reported);
        Assert.Equal(["1"], bench.SentIds);
        Assert.Equal(1, bench.Output.Sum("Records"));
    }

    [Fact]
    public void A_batch_cut_inside_a_pack_goes_on_in_the_next_one()
    {
        var bench = new PumpBench();

        Assert.Null(bench.Deliver(PumpBench.Plain(1), Entry(2, "a"), Entry(2, "b")));
        Assert.Null(bench.Deliver(Entry(2, "c"), PumpBench.Plain(3)));

        Assert.Equal(["1", "3", "a", "b", "c"], bench.SentIds.Order());
        Assert.Equal(5, bench.Output.Sum("Records"));
        Assert.Equal(5, bench.Output.Sum("Emitted"));
    }

    [Fact]
    public void A_bad_sub_record_that_came_unpacked_is_a_bad_row_of_its_own()
    {
        var bench = new PumpBench();

        Assert.Null(bench.Deliver(Entry(2, "a"), new Delivered(2, "key", "?"u8.ToArray()), Entry(2, "c")));

        Assert.Equal("3:2:1", Assert.Single(bench.BadRows).Position);
        Assert.Equal(["a", "c"], bench.SentIds.Order());
    }

    private static readonly Gen<TestWorld> GenWorld = Gen.Select(
        Gen.Int[0, 1_000_000],
        Gen.Int[1, 25],
        Gen.Double[0, 0.6],
        Gen.Double[0, 0.3],
        Gen.Double[0, 0.1],
        (seed, records, throttled, broken, faulty) => new TestWorld(seed, records, throttled, broken, faulty));

    private static void Run(TestWorld world, Arrival arrival)
    {
        var random = new Random(world.Seed);
        var made = Enumerable.Range(1, world.Records).Select(sequence => Make(sequence, random)).ToList();
        var bench = new PumpBench
        {
            Seed = world.Seed,
            Options = new("Test", TimeSpan.FromSeconds(6)) { ReadsRaw = true },
            Slots = new Slots(4),
            Decide = @event => random.NextDouble() < world.Faulty
                ? throw new PortFaultException("The store throttles.")
                : FateOf(@event.Text(EventAttribute.Id)!, @event),
        };
        bench.Stream.Throttles = (_, _) => random.NextDouble() < world.Throttled;
        bench.Stream.Breaks = _ => random.NextDouble() >= world.Broken ? RequestFault.None
            : random.Next(2) == 0 ? RequestFault.Lost : RequestFault.AnswerLost;
        bench.Bucket.Fails = _ => random.NextDouble() < world.Broken;

        DeliverAll(bench, [.. made.SelectMany(record => Entries(record, arrival))], random);

        var events = made.SelectMany(record => record.Events).ToList();
        var firsts = bench.Stream.Events
            .Select(sent => (sent.Key, Id: EventJson.IdOf(sent.Data)))
            .Where(sent => !sent.Id.StartsWith("drop", StringComparison.Ordinal)).Distinct().ToLookup(sent => sent.Key);
        foreach (var key in events.GroupBy(made => made.Key))
        {
            Assert.Equal(key.Where(made => made.IsEmitted).Select(made => (made.Key, made.Id)), firsts[key.Key]);
        }
        Assert.Equal(
            events.Where(made => made.IsBad).Select(made => made.Id).Order(StringComparer.Ordinal),
            bench.BadRows.Select(row => Encoding.UTF8.GetString(row.Payload)).Distinct().Order(StringComparer.Ordinal));
        AssertCounted(bench, events);
    }

    /// <summary>
    /// Only what is done counts: every event once, and once more only when it comes again though it was done.
    /// </summary>
    private static void AssertCounted(PumpBench bench, List<MadeEvent> events)
    {
        var (records, emitted) = (bench.Output.Sum("Records"), bench.Output.Sum("Emitted"));
        var (dropped, rejected) = (bench.Output.SumOf("Dropped."), bench.Output.SumOf("Rejected."));
        Assert.Equal(records, emitted + dropped + rejected);
        Assert.True(records >= events.Count);
        Assert.True(emitted >= events.Count(made => made.IsEmitted));
    }

    /// <summary>Delivers as a mapping does: batches of any length, again from the record that was reported.</summary>
    private static void DeliverAll(PumpBench bench, Delivered[] entries, Random random)
    {
        var next = 0;
        for (var invocation = 0; next < entries.Length; invocation++)
        {
            Assert.True(invocation < InvocationsMax, "The batch makes no progress.");
            var count = Math.Min(random.Next(1, 30), entries.Length - next);
            var reported = bench.Deliver(entries.AsSpan(next, count));
            next = reported is null
                ? next + count
                : Array.FindIndex(entries, entry => entry.Sequence.ToString(CultureInfo.InvariantCulture) == reported);
        }
    }

    private static Outcome FateOf(string id, in Event @event) =>
        id.StartsWith("drop", StringComparison.Ordinal) ? Outcome.Drop(DropReason.NotRouted) : Outcome.Emit(@event);

    private static MadeRecord Make(int sequence, Random random) => new(
        sequence,
        [.. Enumerable.Range(0, random.Next(1, 5)).Select(index => MakeEvent($"{sequence}-{index}", random))]);

    private static MadeEvent MakeEvent(string id, Random random)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"key-{random.Next(6)}");
        return random.Next(20) switch
        {
            0 or 1 => new MadeEvent(key, "bad " + id, Encoding.UTF8.GetBytes("bad " + id)),
            2 or 3 => new MadeEvent(key, "drop " + id, EventJson.Bytes("drop " + id)),
            // A few of these overflow a pack, so that a slot has several packs in one run.
            4 => new MadeEvent(key, id, EventJson.Bytes(id, Limits.PackBytesMax / 2)),
            _ => new MadeEvent(key, id, EventJson.Bytes(id)),
        };
    }

    private static IEnumerable<Delivered> Entries(MadeRecord record, Arrival arrival) =>
        arrival == Arrival.Unpacked || record.Events.Count == 1
            ? record.Events.Select(made => new Delivered(record.Sequence, made.Key, made.Data))
            : [new Delivered(record.Sequence, "pack",
                TestPacks.Of([.. record.Events.Select(made => (made.Key, made.Data))]))];

    private static Delivered Entry(int sequence, string id) => new(sequence, "key-" + id, EventJson.Bytes(id));

    private sealed record TestWorld(int Seed, int Records, double Throttled, double Broken, double Faulty);

    private sealed record MadeRecord(int Sequence, List<MadeEvent> Events);

    private sealed record MadeEvent(string Key, string Id, byte[] Data)
    {
        public bool IsBad => Id.StartsWith("bad", StringComparison.Ordinal);

        public bool IsEmitted => !IsBad && !Id.StartsWith("drop", StringComparison.Ordinal);
    }
}
