using System.Text;
using Pipeline.Core;
using Pipeline.Core.Commands;
using Pipeline.Engine;
using Pipeline.Tests.Aws;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>What the stream pump does when its outputs are commands on queues.</summary>
public class CommandPumpTests
{
    [Fact]
    public void Commands_come_first_then_bad_rows_then_the_report()
    {
        var bench = CommandBench.Create();

        var reported = bench.Deliver(PumpBench.Plain(1), PumpBench.Raw(2, "no event"), PumpBench.Plain(3));

        Assert.Null(reported);
        Assert.Equal(["send high 1", "send high 3", "store 3:2:0", "metrics", "report done"], Effects(bench));
        Assert.Equal((3, 2, 1), Figures(bench));
        Assert.Empty(bench.Stream.Requests);
    }

    [Fact]
    public void Each_command_goes_to_the_queue_of_its_priority()
    {
        var bench = CommandBench.Create();

        bench.Deliver(PumpBench.Pack(1, "high a", "low b", "normal c"), PumpBench.Pack(2, "low d"));

        Assert.Equal(
            [("high", "high a"), ("low", "low b"), ("low", "low d"), ("normal", "normal c")],
            bench.Queue.Accepted.Select(sent => (sent.Queue, CommandBench.IdOf(sent.Entry))).Order());
    }

    [Fact]
    public void Each_run_is_sent_and_its_bad_rows_stored_before_the_next_one()
    {
        var bench = CommandBench.Create();

        bench.Deliver(
            Large(1), PumpBench.Raw(2, "{}"), Large(3), Large(4), PumpBench.Raw(5, "[]"), PumpBench.Plain(6));

        Assert.Equal(
            ["send high 1", "send high 3", "send high 4", "store 3:2:0", "send high 6", "store 3:5:0", "metrics",
                "report done"],
            Effects(bench));
    }

    [Fact]
    public void A_command_that_its_queue_refuses_is_a_bad_row_among_its_neighbours()
    {
        var bench = CommandBench.Create();
        bench.Queue.Refuses = (_, entry) => CommandBench.IdOf(entry) is "b" or "d" ? FakeQueue.Invalid : null;

        var reported = bench.Deliver(
            PumpBench.Raw(1, "{}"), PumpBench.Pack(2, "a", "b", "c"), PumpBench.Raw(3, "[]"), PumpBench.Plain(4),
            PumpBench.Pack(5, "d"));

        Assert.Null(reported);
        Assert.Equal(["3:1:0", "3:2:1", "3:3:0", "3:5:0"], bench.BadRows.Select(row => row.Position));
        Assert.Equal(["undeliverable", "undeliverable"], bench.BadRows.Where(
            row => row.Position is "3:2:1" or "3:5:0").Select(row => row.Reason));
        Assert.Equal(EventJson.Bytes("b"), bench.BadRows[1].Payload);
        Assert.Equal(
            ": The command test cannot be sent: its queue refuses it with InvalidMessageContents "
            + "(InvalidMessageContents).",
            bench.BadRows[1].Errors);
        Assert.Equal((7, 3, 4), Figures(bench));
        Assert.Equal(2, bench.Output.Sum("Rejected.undeliverable"));
        Assert.Equal(0, bench.Output.Sum("Retries"));
    }

    [Fact]
    public void A_command_larger_than_a_message_is_a_bad_row_and_its_neighbours_go_on()
    {
        // An event of less than its limit, with characters that a queue takes only escaped: three bytes become six.
        var bench = CommandBench.Create();
        var @event = Encoding.UTF8.GetBytes(EventJson.Of(
            "large", $$"""{"a":"{{new string('\uFFFF', Limits.MessageBytesMax / 6)}}"}"""));

        Assert.Null(bench.Deliver(PumpBench.Plain(1), new Delivered(2, "key", @event), PumpBench.Plain(3)));

        Assert.True(@event.Length < Limits.EventBytesMax);
        Assert.Equal(["1", "3"], bench.Queue.Accepted.Select(sent => CommandBench.IdOf(sent.Entry)));
        var row = Assert.Single(bench.BadRows);
        Assert.Equal(("3:2:0", "undeliverable"), (row.Position, row.Reason));
        Assert.Matches(
            @"^: The command test cannot be sent: it has \d+ bytes; a message may have 1048576\.$", row.Errors);
    }

    [Fact]
    public void An_unaccepted_command_reports_the_lowest_record_with_one()
    {
        var bench = CommandBench.Create();
        bench.Queue.Refuses = (_, entry) => CommandBench.IdOf(entry)[0] == 'x' ? "InternalError" : null;

        var reported = bench.Deliver(
            PumpBench.Plain(1), PumpBench.Raw(2, "{}"), PumpBench.Pack(3, "a", "x1"), PumpBench.Raw(4, "{}"),
            PumpBench.Pack(5, "x2"), PumpBench.Plain(6));

        Assert.Equal("3", reported);
        Assert.Equal(["1", "a", "6"], bench.Queue.Accepted.Select(sent => CommandBench.IdOf(sent.Entry)));
        Assert.Equal(["store 3:2:0", "metrics", "report 3"], bench.Effects[^3..]);
        Assert.Equal((2, 1, 1), Figures(bench));
        Assert.InRange(
            bench.Scheduler.Now, PumpBench.Start,
            PumpBench.Start + bench.Options.Timeout - bench.Options.FlushMargin);
    }

    [Fact]
    public void A_refused_command_of_a_record_that_comes_again_is_not_stored_yet()
    {
        var bench = CommandBench.Create();
        bench.Queue.Refuses = (_, entry) => CommandBench.IdOf(entry) switch
        {
            "down" => "InternalError",
            "poison" => FakeQueue.Invalid,
            _ => null,
        };

        Assert.Equal("2", bench.Deliver(PumpBench.Plain(1), PumpBench.Pack(2, "poison", "down"), PumpBench.Plain(3)));

        Assert.Empty(bench.BadRows);
        Assert.Equal((1, 1, 0), Figures(bench));
    }

    [Fact]
    public void A_fault_at_an_event_sends_nothing_of_its_record()
    {
        var bench = CommandBench.Create(@event => @event.Text(EventAttribute.Id) == "fault"
            ? throw new PortFaultException("The store throttles.")
            : CommandBench.Request(@event));

        var reported = bench.Deliver(PumpBench.Plain(1), PumpBench.Pack(2, "a", "fault", "b"), PumpBench.Plain(3));

        Assert.Equal("2", reported);
        Assert.Equal(["send high 1", "metrics", "report 2"], Effects(bench));
    }

    [Fact]
    public void A_lost_answer_sends_the_same_commands_again()
    {
        var bench = CommandBench.Create();
        bench.Queue.Breaks = request => request == 0 ? RequestFault.AnswerLost : RequestFault.None;

        Assert.Null(bench.Deliver(PumpBench.Plain(1), PumpBench.Plain(2)));

        Assert.Equal(4, bench.Queue.Accepted.Count);
        Assert.Equal(2, bench.Queue.Accepted.Select(sent => sent.Entry.Body).Distinct().Count());
        Assert.Equal((2, 2, 0), Figures(bench));
        Assert.Equal(2, bench.Output.Sum("Retries"));
    }

    [Fact]
    public void Two_events_with_one_identity_travel_in_one_request()
    {
        var bench = CommandBench.Create();

        Assert.Null(bench.Deliver(PumpBench.Plain(1, "k"), new Delivered(2, "k", EventJson.Bytes("1"))));

        var request = Assert.Single(bench.Queue.Requests);
        Assert.Equal(2, request.Entries.Select(entry => entry.Id).Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_output_of_the_wrong_kind_is_a_defect_of_its_event(bool toQueues)
    {
        var bench = new PumpBench
        {
            Queues = toQueues ? CommandBench.Queues : null,
            Decide = @event => @event.Text(EventAttribute.Id) == "1" == toQueues
                ? Outcome.Emit(@event)
                : CommandBench.Request(@event),
        };

        Assert.Null(bench.Deliver(PumpBench.Plain(1), PumpBench.Plain(2)));

        var row = Assert.Single(bench.BadRows);
        Assert.Equal(("3:1:0", "defect"), (row.Position, row.Reason));
        Assert.Equal(
            (toQueues ? 1 : 0, toQueues ? 0 : 1), (bench.Queue.Accepted.Count, bench.Stream.Accepted.Count));
    }

    [Fact]
    public void Bytes_in_are_commands_out_through_the_filter_and_the_routes()
    {
        var bench = new PumpBench();
        var down = RouteBench.Line("app.error", """{"service":"cart","message":"gone"}""", 21);

        InvokeAll(bench, "FilterCritical", PumpBench.Raw(1, down), PumpBench.Raw(2, EventJson.Of("2")));
        var (key, kept) = Assert.Single(bench.Stream.Events);
        Assert.Equal(down, Encoding.UTF8.GetString(kept));

        InvokeAll(bench, "Route", new Delivered(9, key, kept), PumpBench.Raw(10, EventJson.Of("3")));
        var (queue, sent) = Assert.Single(bench.Queue.Accepted);
        Assert.Equal("https://high", queue);
        Assert.True(CommandText.TryRead(sent.Body, out var command, out var problem), problem);
        Assert.Equal(("open-incident", PumpBench.ArrivalOf(9)), (command!.Name, command.RequestedAt));
        Assert.Equal(new CommandCause("key", "/s", "1"), command.Cause);
        Assert.Equal((4, 2), (bench.Output.Sum("Records"), bench.Output.Sum("Emitted")));
        Assert.Equal((1, 1), (bench.Output.Sum("Dropped.not-critical"), bench.Output.Sum("Dropped.not-routed")));
        Assert.Empty(bench.BadRows);
    }

    [Fact]
    public void An_event_without_a_source_or_id_never_reaches_a_route()
    {
        var bench = new PumpBench();
        var line = RouteBench.Line("deploy.finished", """{"service":"cart"}""");

        InvokeAll(
            bench, "Route", PumpBench.Raw(1, line.Replace("\"id\":\"1\",", "", StringComparison.Ordinal)),
            PumpBench.Raw(2, line.Replace("\"/s\"", "\"\"", StringComparison.Ordinal)), PumpBench.Raw(3, line));

        Assert.Single(bench.Queue.Accepted);
        Assert.Equal(["invalid-event", "invalid-event"], bench.BadRows.Select(row => row.Reason));
    }

    private static void InvokeAll(PumpBench bench, string name, params ReadOnlySpan<Delivered> records)
    {
        var environment = new Dictionary<string, string>
        {
            ["OUTPUT_STREAM"] = "output",
            ["QUEUE_HIGH"] = "https://high",
            ["QUEUE_NORMAL"] = "https://normal",
            ["QUEUE_LOW"] = "https://low",
            ["FUNCTION_TIMEOUT_SECONDS"] = "60",
            ["LAMBDA_TASK_ROOT"] = Repository.PathOf("functions"),
        };
        var function = Pipeline.Functions.Catalogue.Find(name)(environment, bench.Ports, bench.Scheduler.Clock);
        var context = new FakeContext(bench.Scheduler, TimeSpan.FromSeconds(60));
        using var request = new MemoryStream(PumpBench.Payload(records));
        string? answer = null;
        bench.Scheduler.Start(async () =>
        {
            using var reader = new StreamReader(await function.Handler(request, context));
            answer = await reader.ReadToEndAsync();
        });
        bench.Scheduler.RunUntilIdle();
        Assert.Equal("""{"batchItemFailures":[]}""", answer);
    }

    private static Delivered Large(int sequence) => PumpBench.Plain(sequence, padding: Limits.FlushBytes / 5 * 2);

    /// <summary>The effects, with the id of the event for the body of its command.</summary>
    private static IEnumerable<string> Effects(PumpBench bench) =>
        from effect in bench.Effects
        let words = effect.Split(' ', 3)
        select words[0] == "send" ? $"send {words[1]} {CommandBench.IdOf(words[2])}" : effect;

    private static (long Records, long Emitted, long Rejected) Figures(PumpBench bench) =>
        (bench.Output.Sum("Records"), bench.Output.Sum("Emitted"), bench.Output.SumOf("Rejected."));
}
