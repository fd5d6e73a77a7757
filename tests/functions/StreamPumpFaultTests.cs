using Pipeline.Core;
using Pipeline.Engine;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>What the stream pump reports when the world breaks.</summary>
public class StreamPumpFaultTests
{
    private static readonly Slots Slots = new(128);

    [Fact]
    public void A_fault_at_an_event_sends_nothing_of_its_record_and_reports_it()
    {
        var bench = new PumpBench { Decide = FaultAt("fault") };

        var reported = bench.Deliver(PumpBench.Plain(1), PumpBench.Pack(2, "a", "fault", "b"), PumpBench.Plain(3));

        Assert.Equal("2", reported);
        Assert.Equal(["put 1", "metrics", "report 2"], bench.Effects);
        Assert.Equal((1, 1), (bench.Output.Sum("Records"), bench.Output.Sum("Emitted")));
    }

    [Fact]
    public void A_fault_takes_the_bad_rows_and_drops_of_its_record_back()
    {
        var bench = new PumpBench { Decide = FaultAt("fault") };
        var pack = TestPacks.Of(
            ("k", "no event"u8.ToArray()), ("k", EventJson.Bytes("drop")), ("k", EventJson.Bytes("fault")));

        var reported = bench.Deliver(PumpBench.Raw(1, "{}"), PumpBench.Plain(2), new Delivered(3, "p", pack));

        Assert.Equal("3", reported);
        Assert.Equal(["put 2", "store 3:1:0", "metrics", "report 3"], bench.Effects);
        Assert.Equal(2, bench.Output.Sum("Records"));
        Assert.Equal(0, bench.Output.SumOf("Dropped."));
        Assert.Equal(1, bench.Output.SumOf("Rejected."));
    }

    [Fact]
    public void A_fault_at_the_first_event_reports_the_first_record()
    {
        var bench = new PumpBench { Decide = FaultAt("1") };

        Assert.Equal("1", bench.Deliver(PumpBench.Plain(1), PumpBench.Plain(2)));
        Assert.Equal(["metrics", "report 1"], bench.Effects);
    }

    [Fact]
    public void The_runs_before_a_fault_stand()
    {
        var bench = new PumpBench { Decide = FaultAt("5") };

        var reported = bench.Deliver(
            Large(1), Large(2), Large(3), PumpBench.Raw(4, "{}"), PumpBench.Plain(5), PumpBench.Plain(6));

        Assert.Equal("5", reported);
        Assert.Equal(["put 1 2 3", "store 3:4:0", "metrics", "report 5"], bench.Effects);
        Assert.Equal(4, bench.Output.Sum("Records"));
    }

    [Fact]
    public void An_unaccepted_pack_reports_the_lowest_record_with_an_event_in_it()
    {
        // Records 3, 5 and 6 are in the slot that is throttled; 2 and 4 are bad.
        var hot = TestPacks.KeyIn(Slots, 7);
        var bench = new PumpBench();
        bench.Stream.Throttles = (_, entry) => entry.ExplicitHashKey == Slots.HashKeyText(7);

        var reported = bench.Deliver(
            Cool(1), PumpBench.Raw(2, "{}"), PumpBench.Plain(3, hot), PumpBench.Raw(4, "{}"), PumpBench.Plain(5, hot),
            PumpBench.Plain(6, hot), Cool(7));

        Assert.Equal("3", reported);
        Assert.Equal(["1", "7"], bench.SentIds.Order());
        Assert.Equal(["store 3:2:0", "metrics", "report 3"], bench.Effects[1..]);
        Assert.Equal((2, 1, 1), (
            bench.Output.Sum("Records"), bench.Output.Sum("Emitted"), bench.Output.Sum("Rejected.invalid-event")));
        Assert.Equal(bench.Stream.Requests.Count - 1, bench.Output.Sum("Retries"));
    }

    [Fact]
    public void Sending_stops_at_the_deadline_less_the_margin_and_the_report_comes_before_the_deadline()
    {
        var bench = new PumpBench();
        bench.Stream.Throttles = (_, _) => true;

        bench.Deliver(PumpBench.Plain(1));

        var stop = PumpBench.Start + bench.Options.Timeout - bench.Options.FlushMargin;
        Assert.True(bench.Stream.Requests.Count > 10);
        Assert.All(bench.Stream.Requests, request => Assert.InRange(request.At, PumpBench.Start, stop));
        Assert.InRange(bench.Scheduler.Now, PumpBench.Start, stop);
        Assert.InRange(bench.Options.FlushMargin, TimeSpan.FromMilliseconds(1), bench.Options.Timeout / 2);
    }

    [Fact]
    public void No_run_begins_once_sending_has_to_stop()
    {
        var bench = new PumpBench();
        bench.Stream.Takes = TimeSpan.FromSeconds(55);

        Assert.Equal("4", bench.Deliver(Large(1), Large(2), Large(3), PumpBench.Plain(4)));
        Assert.Equal(["put 1 2 3", "metrics", "report 4"], bench.Effects);
    }

    [Fact]
    public void A_failed_write_of_bad_rows_reports_the_first_record_of_its_run()
    {
        var bench = new PumpBench();
        bench.Bucket.Fails = _ => true;

        var reported = bench.Deliver(
            Large(1), Large(2), Large(3), PumpBench.Plain(4), PumpBench.Raw(5, "{}"), PumpBench.Plain(6));

        Assert.Equal("4", reported);
        Assert.Empty(bench.Bucket.Objects);
        Assert.True(bench.Bucket.Writes.Count > 5);
        Assert.All(bench.Bucket.Writes, write => Assert.True(write.At < PumpBench.Start + bench.Options.Timeout));
        Assert.Equal(3, bench.Output.Sum("Records"));
        Assert.Equal(3, bench.Output.Sum("Emitted"));
        Assert.Equal(0, bench.Output.SumOf("Rejected."));
    }

    [Fact]
    public void Bad_rows_are_stored_even_when_sending_took_all_its_time()
    {
        var bench = new PumpBench();
        bench.Stream.Throttles = (_, _) => true;
        bench.Bucket.Fails = write => write == 0;

        Assert.Equal("2", bench.Deliver(PumpBench.Raw(1, "{}"), PumpBench.Plain(2)));
        Assert.Equal(["store 3:1:0", "metrics", "report 2"], bench.Effects);
    }

    [Fact]
    public void A_lost_answer_sends_the_run_again_and_loses_nothing()
    {
        var bench = new PumpBench();
        bench.Stream.Breaks = request => request == 0 ? RequestFault.AnswerLost : RequestFault.None;

        Assert.Null(bench.Deliver(Cool(1), Cool(2)));

        Assert.Equal(["1", "1", "2", "2"], bench.SentIds.Order());
        Assert.Equal(2, bench.Output.Sum("Emitted"));
        Assert.Equal(2, bench.Output.Sum("Retries"));
    }

    private static Delivered Cool(int sequence) => PumpBench.Plain(sequence, TestPacks.KeyIn(Slots, sequence + 20));

    private static Delivered Large(int sequence) =>
        PumpBench.Plain(sequence, TestPacks.KeyIn(Slots, sequence), Limits.FlushBytes / 5 * 2);

    private static Func<Event, Outcome> FaultAt(string id) => @event => @event.Text(EventAttribute.Id) switch
    {
        "drop" => Outcome.Drop(DropReason.NotCritical),
        var found when found == id => throw new PortFaultException("The store throttles."),
        _ => Outcome.Emit(@event),
    };
}
