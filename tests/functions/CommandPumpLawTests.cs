using System.Globalization;
using System.Text;
using CsCheck;
using Pipeline.Core;
using Pipeline.Engine;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>
/// However the world fails: before an event is reported done its command was taken, or its bad row is stored; and every
/// copy of a command is the same text.
/// </summary>
public class CommandPumpLawTests
{
    private const int InvocationsMax = 5000;

    private static readonly Gen<TestWorld> GenWorld = Gen.Select(
        Gen.Int[0, 1_000_000],
        Gen.Int[1, 40],
        Gen.Double[0, 0.5],
        Gen.Double[0, 0.3],
        Gen.Double[0, 0.1],
        Gen.Double[0, 0.1],
        (seed, records, refused, broken, faulty, crashing) =>
            new TestWorld(seed, records, refused, broken, faulty, crashing));

    [Fact]
    public void Every_command_is_taken_at_least_once_before_its_event_is_done() => GenWorld.Sample(Run, iter: 60);

    private static void Run(TestWorld world)
    {
        var random = new Random(world.Seed);
        var made = Enumerable.Range(1, world.Records).Select(sequence => Make(sequence, random)).ToList();
        var bench = new PumpBench
        {
            Seed = world.Seed,
            Queues = CommandBench.Queues,
            Options = new("Test", TimeSpan.FromSeconds(6)) { ReadsRaw = true },
            Decide = @event => random.NextDouble() < world.Faulty
                ? throw new PortFaultException("The store throttles.")
                : @event.Text(EventAttribute.Id)!.StartsWith("drop", StringComparison.Ordinal)
                    ? Outcome.Drop(DropReason.NotRouted)
                    : CommandBench.Request(@event),
        };
        bench.Queue.Refuses = (_, entry) =>
            CommandBench.IdOf(entry).Contains("poison", StringComparison.Ordinal) ? FakeQueue.Invalid
            : random.NextDouble() < world.Refused ? "InternalError"
            : null;
        bench.Queue.Breaks = _ =>
            random.NextDouble() < world.Crashing ? throw new ProcessDiedException()
            : random.NextDouble() >= world.Broken ? RequestFault.None
            : random.Next(2) == 0 ? RequestFault.Lost : RequestFault.AnswerLost;
        bench.Bucket.Fails = _ => random.NextDouble() < world.Broken;

        DeliverAll(bench, made, random);

        AssertDone(bench, made);
        Assert.All(
            bench.Queue.Accepted.GroupBy(sent => CommandBench.IdOf(sent.Entry)),
            copies => Assert.Single(copies.Select(sent => (sent.Queue, sent.Entry.Body)).Distinct()));
        var dropped = bench.Output.Sum("Dropped.not-routed");
        Assert.Equal(
            bench.Output.Sum("Records"),
            bench.Output.Sum("Emitted") + dropped + bench.Output.SumOf("Rejected."));
    }

    /// <summary>
    /// Delivers as a mapping does, from the record that was reported, or all again when the process died.
    /// </summary>
    private static void DeliverAll(PumpBench bench, List<MadeRecord> made, Random random)
    {
        var next = 0;
        for (var invocation = 0; next < made.Count; invocation++)
        {
            Assert.True(invocation < InvocationsMax, "The batch makes no progress.");
            var count = Math.Min(random.Next(1, 30), made.Count - next);
            try
            {
                var reported = bench.Deliver([.. made.Skip(next).Take(count).Select(record => record.Delivered)]);
                next = reported is null
                    ? next + count
                    : made.FindIndex(
                        record => record.Sequence.ToString(CultureInfo.InvariantCulture) == reported);
                AssertDone(bench, made.Take(next));
            }
            catch (ProcessDiedException)
            {
                // Nothing was reported, so all of it comes again.
            }
        }
    }

    private static void AssertDone(PumpBench bench, IEnumerable<MadeRecord> done)
    {
        var sent = bench.Queue.Accepted.Select(sent => CommandBench.IdOf(sent.Entry)).ToHashSet();
        var stored = bench.BadRows.Select(row => (row.Reason, Encoding.UTF8.GetString(row.Payload))).ToHashSet();
        foreach (var id in done.SelectMany(record => record.Ids))
        {
            if (id.StartsWith("bad", StringComparison.Ordinal))
            {
                Assert.Contains(("invalid-json", id), stored);
            }
            else if (id.Contains("poison", StringComparison.Ordinal))
            {
                Assert.Contains(("undeliverable", EventJson.Of(id)), stored);
                Assert.DoesNotContain(id, sent);
            }
            else if (!id.StartsWith("drop", StringComparison.Ordinal))
            {
                Assert.Contains(id, sent);
            }
        }
    }

    private static MadeRecord Make(int sequence, Random random) => new(
        sequence,
        [.. Enumerable.Range(0, random.Next(1, 5)).Select(index => random.Next(20) switch
        {
            0 or 1 => $"bad {sequence}-{index}",
            2 or 3 => $"drop {sequence}-{index}",
            4 => $"high poison {sequence}-{index}",
            < 8 => $"low {sequence}-{index}",
            < 12 => $"normal {sequence}-{index}",
            _ => $"high {sequence}-{index}",
        })]);

    private sealed record TestWorld(
        int Seed, int Records, double Refused, double Broken, double Faulty, double Crashing);

    private sealed record MadeRecord(int Sequence, List<string> Ids)
    {
        public Delivered Delivered => new(Sequence, "pack", TestPacks.Of([.. Ids.Select(id => (
            "key-" + id,
            id.StartsWith("bad", StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(id) : EventJson.Bytes(id)))]));
    }

    private sealed class ProcessDiedException : Exception;
}
