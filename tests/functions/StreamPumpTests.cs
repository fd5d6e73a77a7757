using System.Text;
using Pipeline.Cli.Generate;
using Pipeline.Core;
using Pipeline.Functions.Pump;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>What the stream pump does with a batch while the world holds.</summary>
public class StreamPumpTests
{
    private static readonly Slots Slots = new(128);

    [Fact]
    public void Outputs_come_first_then_bad_rows_then_the_report()
    {
        var bench = new PumpBench { Slots = OneSlot };

        var reported = bench.Deliver(PumpBench.Plain(1), PumpBench.Raw(2, "no event"), PumpBench.Plain(3));

        Assert.Null(reported);
        Assert.Equal(["put 1 3", "store 3:2:0", "metrics", "report done"], bench.Effects);
        Assert.Equal(["output"], bench.Stream.Names);
    }

    [Fact]
    public void Each_run_is_sent_and_its_bad_rows_stored_before_the_next_one()
    {
        var bench = new PumpBench();
        var padding = 400_000;

        bench.Deliver(
            Large(1, 0, padding), PumpBench.Raw(2, "{}"), Large(3, 1, padding), Large(4, 2, padding),
            PumpBench.Raw(5, "[]"), Large(6, 3, padding), Large(7, 4, padding));

        Assert.Equal(
            ["put 1 3 4", "store 3:2:0", "put 6 7", "store 3:5:0", "metrics", "report done"], bench.Effects);
    }

    [Fact]
    public void A_run_ends_with_the_record_that_fills_it_and_never_inside_a_record()
    {
        var bench = new PumpBench();
        var whole = EventJson.Bytes("1", Limits.FlushBytes / 4);
        var (a, b) = (TestPacks.KeyIn(Slots, 5), TestPacks.KeyIn(Slots, 9));
        var pack = TestPacks.Of((a, whole), (b, whole), (a, whole), (b, whole), (a, whole));

        bench.Deliver(new Delivered(1, "p", pack), Large(2, 11, 10));

        var requestOfSecond =
            bench.Stream.Requests.FindIndex(request => request.Entries.Any(entry => entry.Data.Length < 1000));
        Assert.Equal(bench.Stream.Requests.Count - 1, requestOfSecond);
        Assert.Equal(["1", "1", "1", "1", "1", "2"], bench.SentIds);
    }

    [Fact]
    public void Bad_rows_fill_a_run_as_outputs_do()
    {
        var bench = new PumpBench { Slots = OneSlot };
        var broken = new string('x', Limits.FlushBytes / 2);

        bench.Deliver([.. Enumerable.Range(1, 4).Select(i => PumpBench.Raw(i, broken)), PumpBench.Plain(5)]);

        Assert.Equal(["store 3:1:0 3:2:0", "store 3:3:0 3:4:0", "put 5", "metrics", "report done"], bench.Effects);
    }

    [Fact]
    public void Many_tiny_bad_records_make_several_objects_none_of_them_large()
    {
        var bench = new PumpBench { Slots = OneSlot };

        bench.Deliver([.. Enumerable.Range(1, 5000).Select(i => PumpBench.Raw(i, "x"))]);

        Assert.Equal(5000, bench.BadRows.Count);
        Assert.True(bench.Bucket.Writes.Count > 1, "All rows went into one object.");
        Assert.All(bench.Bucket.Writes, write => Assert.True(
            write.Body.Length <= 2 * Limits.FlushBytes, $"An object of bad rows has {write.Body.Length} bytes."));
    }

    [Fact]
    public void An_empty_batch_is_done_and_measured()
    {
        var bench = new PumpBench();

        Assert.Null(bench.Deliver());

        Assert.Equal(["metrics", "report done"], bench.Effects);
        Assert.Equal(0, bench.Output.Sum("Records"));
        Assert.Equal(0, bench.Output.Sum("IteratorAge"));
    }

    [Fact]
    public void Packs_come_in_and_packs_go_out_with_every_key_kept()
    {
        var bench = new PumpBench { Slots = OneSlot };
        var first = TestPacks.Of(
            ("anna", EventJson.Bytes("a")), ("béla", EventJson.Bytes("b")), ("anna", EventJson.Bytes("c")));
        var second = TestPacks.Of(("carl", EventJson.Bytes("d")), ("dora", EventJson.Bytes("e")));

        bench.Deliver(new Delivered(1, "x", first), PumpBench.Plain(2, "dora"), new Delivered(3, "y", second));

        Assert.Equal(
            [("anna", "a"), ("béla", "b"), ("anna", "c"), ("dora", "2"), ("carl", "d"), ("dora", "e")],
            bench.Stream.Events.Select(sent => (sent.Key, EventJson.IdOf(sent.Data))));
        var record = Assert.Single(bench.Stream.Accepted);
        Assert.Equal(("0", "0"), (record.PartitionKey, record.ExplicitHashKey));
        Assert.Equal(6, bench.Output.Sum("Records"));
    }

    [Fact]
    public void Every_record_goes_to_the_hash_key_of_its_slot_with_events_of_that_slot_only()
    {
        var bench = new PumpBench();

        bench.Deliver([.. Enumerable.Range(1, 300).Select(i => PumpBench.Plain(i, $"key-{i % 60}"))]);

        Assert.All(bench.Stream.Accepted, entry => Assert.All(TestPacks.Unpack(entry), sent => Assert.Equal(
            entry.ExplicitHashKey, Slots.HashKeyText(Slots.SlotOf(Encoding.UTF8.GetBytes(sent.Key))))));
        Assert.Equal(300, bench.SentIds.Count());
    }

    [Fact]
    public void A_broken_pack_is_one_bad_row_with_all_its_bytes()
    {
        var bench = new PumpBench { Slots = OneSlot };
        var broken = TestPacks.Of(("a", EventJson.Bytes("a")), ("b", EventJson.Bytes("b")));
        broken[^20] ^= 1;

        Assert.Null(bench.Deliver(PumpBench.Plain(1), new Delivered(2, "x", broken), PumpBench.Plain(3)));

        var row = Assert.Single(bench.BadRows);
        Assert.Equal(("3:2:0", "broken-pack"), (row.Position, row.Reason));
        Assert.Equal(broken, row.Payload);
        Assert.Contains("checksum", row.Errors, StringComparison.Ordinal);
        Assert.Equal(["1", "3"], bench.SentIds);
        Assert.Equal((3, 2, 1), Figures(bench, "Rejected.broken-pack"));
    }

    [Fact]
    public void A_defect_makes_one_bad_row_and_takes_no_neighbour_along()
    {
        var bench = new PumpBench { Slots = OneSlot, Decide = FailAt("b") };

        Assert.Null(bench.Deliver(PumpBench.Plain(1), PumpBench.Pack(2, "a", "b", "c"), PumpBench.Plain(3)));

        var row = Assert.Single(bench.BadRows);
        Assert.Equal(("3:2:1", "defect"), (row.Position, row.Reason));
        Assert.Equal(EventJson.Bytes("b"), row.Payload);
        Assert.Equal(": Test failed with System.FormatException.", row.Errors);
        Assert.Equal(["1", "a", "c", "3"], bench.SentIds);
        Assert.Equal((5, 4, 1), Figures(bench, "Rejected.defect"));
    }

    [Fact]
    public void A_defect_ends_the_invocation_when_a_test_wants_to_see_it()
    {
        var options = new PumpOptions("Test", TimeSpan.FromSeconds(60)) { RethrowDefects = true };
        var bench = new PumpBench { Options = options, Decide = FailAt("2") };

        Assert.Throws<FormatException>(() => bench.Deliver(PumpBench.Plain(1), PumpBench.Plain(2)));
        Assert.Empty(bench.Effects);
    }

    [Fact]
    public void Bad_data_never_costs_a_retry()
    {
        var bench = new PumpBench();
        var bad =
            BadKind.All.Where(kind => kind.Reason < RejectReason.UnknownType).Select(kind => kind.Example(1)).ToList();
        Assert.True(bad.Count > 30);

        Assert.Null(bench.Deliver([.. bad.Select((line, i) => new Delivered(i + 1, "key", line))]));

        Assert.Equal(0, bench.Output.Sum("Retries"));
        Assert.Empty(bench.Stream.Requests);
        Assert.Single(bench.Bucket.Writes);
        Assert.Equal(bad, bench.BadRows.Select(row => row.Payload));
        Assert.Equal(bad.Count, bench.Output.SumOf(InvocationMetrics.RejectedPrefix));
    }

    [Fact]
    public void Every_event_is_counted_as_what_became_of_it()
    {
        var bench = new PumpBench
        {
            Decide = @event => @event.Text(EventAttribute.Id) switch
            {
                "a" or "b" => Outcome.Drop(DropReason.NotCritical),
                "c" => Outcome.Drop(DropReason.NotRouted),
                _ => Outcome.Emit(@event),
            },
        };

        bench.Deliver(PumpBench.Pack(1, "a", "x", "b"), PumpBench.Raw(2, "{}"), PumpBench.Pack(3, "c", "y"),
            PumpBench.Plain(4));

        Assert.Equal((7, 3, 1), Figures(bench, "Rejected.invalid-event"));
        Assert.Equal(2, bench.Output.Sum("Dropped.not-critical"));
        Assert.Equal(1, bench.Output.Sum("Dropped.not-routed"));
        var age = PumpBench.Start - PumpBench.ArrivalOf(4);
        Assert.Equal((long)age.TotalMilliseconds, bench.Output.Sum("IteratorAge"));
    }

    [Fact]
    public void The_raw_position_of_a_bad_row_is_where_a_raw_record_stands_or_what_was_stamped()
    {
        var stamped =
            EventJson.Of("1").Replace("\"id\"", "\"rawposition\":\"7:99:3\",\"id\"", StringComparison.Ordinal);
        var raw = new PumpBench { Decide = FailAt("1") };
        var later = new PumpBench { Decide = FailAt("1"), Options = raw.Options with { ReadsRaw = false } };

        foreach (var bench in new[] { raw, later })
        {
            bench.Deliver(PumpBench.Raw(1, stamped), PumpBench.Raw(2, EventJson.Of("1")), PumpBench.Raw(3, "?"));
        }

        Assert.Equal(["3:1:0", "3:2:0", "3:3:0"], raw.BadRows.Select(RawPosition));
        Assert.Equal(["7:99:3", null, null], later.BadRows.Select(RawPosition));
    }

    private static Slots OneSlot { get; } = new(1);

    private static Delivered Large(int sequence, int slot, int padding) =>
        PumpBench.Plain(sequence, TestPacks.KeyIn(Slots, slot), padding);

    private static Func<Event, Outcome> FailAt(string id) => @event => @event.Text(EventAttribute.Id) == id
        ? throw new FormatException("The message may hold data, so no row repeats it.")
        : Outcome.Emit(@event);

    private static (long Records, long Emitted, long Rejected) Figures(PumpBench bench, string reason) =>
        (bench.Output.Sum("Records"), bench.Output.Sum("Emitted"), bench.Output.Sum(reason));

    private static string? RawPosition(BadRowText row) =>
        row.Json.TryGetProperty("rawposition", out var position) ? position.GetString() : null;
}
