using Pipeline.Core.Commands;
using Pipeline.Engine;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>The record of a command, from its first delivery to its last.</summary>
public sealed class ExecuteCommandTests
{
    private const string Open = """{"service":"checkout"}""";

    private readonly WorkerBench _bench = new();

    [Fact]
    public void A_command_that_is_done_leaves_a_finished_record()
    {
        Assert.Empty(_bench.Deliver(WorkerBench.Command("c1", "open-incident", Open)));

        Assert.Equal(
            """
            {"name":"open-incident","priority":"high","requestedAt":"2026-03-01T11:59:00.000Z",
            "startedAt":"2026-03-01T12:00:00.000Z","cause":{"partitionkey":"key","source":"/source","id":"event-1"},
            "finishedAt":"2026-03-01T12:00:00.000Z","outcome":"executed"}
            """.ReplaceLineEndings(""),
            _bench.Objects()["commands/c1.json"]);
        Assert.Equal((1, 1), (_bench.Output.Sum("Records"), _bench.Output.Sum("Emitted")));
    }

    [Fact]
    public void A_second_delivery_of_a_finished_command_changes_nothing()
    {
        var command = WorkerBench.Command("c1", "open-incident", Open);
        Assert.Empty(_bench.Deliver(command, command));
        var objects = _bench.Objects();
        _bench.Wait(TimeSpan.FromDays(1));

        Assert.Empty(_bench.Deliver(command with { Priority = CommandPriority.Normal }));
        Assert.Equal(objects, _bench.Objects());
        Assert.Equal(
            (3, 1, 2),
            (_bench.Output.Sum("Records"), _bench.Output.Sum("Emitted"),
                _bench.Output.Sum("Dropped.already-executed")));
        Assert.Empty(_bench.Sentences);
    }

    [Fact]
    public void While_another_worker_has_it_a_command_waits_and_then_is_done_again()
    {
        var command = WorkerBench.Command("c1", "open-incident", Open);
        _bench.Bucket.BreaksAreDeaths = true;
        _bench.Bucket.Breaks = call => call == 1 ? RequestFault.Lost : default;
        Assert.Equal(["c1"], _bench.Deliver(command));
        Assert.Equal("2026-03-01T12:01:30.000Z", _bench.Record("c1").GetProperty("leaseUntil").GetString());
        _bench.Wait(WorkerBench.Lease - TimeSpan.FromMilliseconds(1));

        Assert.Equal(["c1"], _bench.Deliver(command));
        Assert.Equal(
            "ExecuteHigh: message c1 failed. Command c1 (open-incident):"
            + " Another worker has it until 2026-03-01T12:01:30.000Z.",
            _bench.Sentences.Last());
        Assert.Empty(_bench.Objects("incidents"));

        _bench.Wait(TimeSpan.FromMilliseconds(1));
        Assert.Empty(_bench.Deliver(command));
        Assert.Equal("2026-03-01T12:00:00.000Z", _bench.Record("c1").GetProperty("startedAt").GetString());
        Assert.Equal("2026-03-01T12:01:30.000Z", _bench.Record("c1").GetProperty("finishedAt").GetString());
        Assert.False(_bench.Record("c1").TryGetProperty("leaseUntil", out _));
        Assert.Single(_bench.Objects("incidents"));
    }

    [Theory]
    [InlineData(-1, "executed", 1)]
    [InlineData(0, "executed", 1)]
    [InlineData(1, "expired", 0)]
    public void A_command_past_its_deadline_is_not_begun(int millisecondsLate, string outcome, int effects)
    {
        var deadline = WorkerBench.Start.AddMilliseconds(-millisecondsLate);
        var command = WorkerBench.Command("c1", "open-incident", Open) with { Deadline = deadline };
        Assert.Empty(_bench.Deliver(command));
        Assert.Empty(_bench.Deliver(command));

        Assert.Equal(outcome, _bench.Record("c1").GetProperty("outcome").GetString());
        Assert.Equal(effects, _bench.EffectsOf("c1", "incidents"));
        Assert.Equal(
            (1 - effects, 1),
            (_bench.Output.Sum("Dropped.expired"), _bench.Output.Sum("Dropped.already-executed")));
    }

    [Fact]
    public void A_command_that_was_begun_in_time_is_finished_however_late()
    {
        var command = WorkerBench.Command("c1", "open-incident", Open) with { Deadline = WorkerBench.Start };
        _bench.Bucket.BreaksAreDeaths = true;
        _bench.Bucket.Breaks = call => call == 1 ? RequestFault.Lost : default;
        Assert.Equal(["c1"], _bench.Deliver(command));
        _bench.Wait(WorkerBench.Lease);

        Assert.Empty(_bench.Deliver(command));
        Assert.Equal("executed", _bench.Record("c1").GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("reboot", "{}",
        "There is no such command; there are block-address, close-incident, notify, open-incident.")]
    [InlineData("Open-Incident", "{}", "There is no such command; there are ")]
    [InlineData("open-incident", "{}",
        "The argument /args/service is missing; it must be a string of 1 to 200 characters.")]
    [InlineData("open-incident", """{"service":null}""",
        "The argument /args/service is missing; it must be a string of 1 to 200 characters.")]
    [InlineData("open-incident", """{"service":""}""",
        "The argument /args/service has 0 characters; it must be a string of 1 to 200 characters.")]
    [InlineData("open-incident", """{"service":"\ud800"}""",
        "The argument /args/service holds a lone surrogate; it must be a string of 1 to 200 characters.")]
    [InlineData("open-incident", """{"service":"a","title":{"secret":1}}""",
        "The argument /args/title is an object; it must be a string of 1 to 500 characters.")]
    [InlineData("open-incident", """{"service":"a","at":"yesterday"}""",
        "The argument /args/at is no time; it must be an RFC 3339 time such as 2026-03-01T12:00:00Z.")]
    [InlineData("close-incident", """{"service":7}""",
        "The argument /args/service is a number; it must be a string of 1 to 200 characters.")]
    [InlineData("close-incident", """{"service":["secret"]}""",
        "The argument /args/service is an array; it must be a string of 1 to 200 characters.")]
    [InlineData("notify", """{"channel":"a"}""",
        "The argument /args/text is missing; it must be a string of 1 to 2000 characters.")]
    [InlineData("notify", """{"channel":true,"text":"secret"}""",
        "The argument /args/channel is true or false; it must be a string of 1 to 200 characters.")]
    [InlineData("notify", """{"channel":"a","text":"b","other":"\ud800"}""",
        "The argument /args/other holds a lone surrogate; it must be Unicode text.")]
    [InlineData("notify", """{"channel":"a","text":"b","\ud800":1}""",
        "A name in /args holds a lone surrogate; it must be Unicode text.")]
    [InlineData("block-address", "{}",
        "The argument /args/address (or /args/ip) is missing; it must be a string of 1 to 64 characters.")]
    [InlineData("block-address", """{"ip":"8.8.8.8/secret"}""",
        "The argument /args/ip is no IP address; it must be an IPv4 or IPv6 address without zone, port or mask.")]
    [InlineData("block-address", """{"address":"8.8.8.256","ip":"8.8.8.8"}""",
        "The argument /args/address is no IP address; it must be ")]
    public void A_poison_command_fails_each_time_with_a_sentence_and_no_data(
        string name, string arguments, string expected)
    {
        var command = WorkerBench.Command("c1", name, arguments);
        Assert.Equal(["c1"], _bench.Deliver(command));
        Assert.Equal(["c1"], _bench.Deliver(command));

        Assert.Equal(2, _bench.Sentences.Count());
        Assert.All(_bench.Sentences, sentence => Assert.StartsWith(
            $"ExecuteHigh: message c1 failed. Command c1 ({name}): {expected}", sentence, StringComparison.Ordinal));
        Assert.DoesNotContain(_bench.Output.Lines, line => line.Contains("secret", StringComparison.Ordinal));
        var record = _bench.Record("c1");
        Assert.StartsWith(expected, record.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.False(record.TryGetProperty("outcome", out _) || record.TryGetProperty("leaseUntil", out _));
        Assert.Equal((0, 2), (_bench.Output.Sum("Records"), _bench.Output.Sum("Failed")));
        Assert.Single(_bench.Objects());
    }

    [Fact]
    public void A_poison_command_that_was_mended_is_carried_out_without_a_trace_of_its_error()
    {
        Assert.Equal(["c1"], _bench.Deliver(WorkerBench.Command("c1", "open-incident")));
        _bench.Wait(TimeSpan.FromSeconds(1));

        Assert.Empty(_bench.Deliver(WorkerBench.Command("c1", "open-incident", Open)));
        var record = _bench.Record("c1");
        Assert.Equal("executed", record.GetProperty("outcome").GetString());
        Assert.Equal("2026-03-01T12:00:01.000Z", record.GetProperty("startedAt").GetString());
        Assert.False(record.TryGetProperty("error", out _));
        Assert.Empty(_bench.Deliver(WorkerBench.Command("c1", "open-incident")));
        Assert.Equal(1, _bench.Output.Sum("Dropped.already-executed"));
    }

    [Theory]
    [InlineData("", "The command is not JSON: ")]
    [InlineData("[]", "The command is not a JSON object.")]
    [InlineData("""{"args":{},"cause":{},"id":"a/b"}""",
        "The command's /id is 'a/b'; allowed are letters, digits, '_' and '-'.")]
    [InlineData("""{"args":{},"cause":{},"id":"\ud800"}""",
        "The command has a string with a lone surrogate; allowed is Unicode text.")]
    public void What_is_no_command_fails_and_takes_no_neighbour_along(string body, string expected)
    {
        var good = WorkerBench.Command("c1", "open-incident", Open);

        Assert.Equal(["bad"], _bench.DeliverBodies(("bad", body), ("good", CommandText.Write(good))));
        Assert.StartsWith(
            $"ExecuteHigh: message bad failed. {expected}", Assert.Single(_bench.Sentences), StringComparison.Ordinal);
        Assert.Equal(2, _bench.Objects().Count);
    }

    [Fact]
    public void Ids_that_differ_in_case_only_have_records_of_their_own()
    {
        Assert.Empty(_bench.Deliver(
            WorkerBench.Command("ab", "open-incident", Open), WorkerBench.Command("aB", "open-incident", Open)));

        Assert.Equal(
            ["commands/a%42.json", "commands/ab.json"], _bench.Objects("commands/").Keys);
    }

    [Fact]
    public void Writes_that_meet_another_are_tried_again_and_counted()
    {
        _bench.Bucket.Conflicts = write => write is 0 or 2 or 4;

        Assert.Empty(_bench.Deliver(WorkerBench.Command("c1", "open-incident", Open)));
        Assert.Equal(3, _bench.Output.Sum("Retries"));
    }

    [Fact]
    public void A_store_that_stays_busy_fails_the_message_in_time()
    {
        _bench.Bucket.Conflicts = write => write > 0;

        Assert.Equal(["c1"], _bench.Deliver(WorkerBench.Command("c1", "open-incident", Open)));
        Assert.InRange(_bench.Scheduler.Now - WorkerBench.Start, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(50));
        Assert.Contains(
            "There was no time left to be done with the object incidents/checkout.json",
            Assert.Single(_bench.Sentences), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_is_none_fails_the_message_and_names_the_object()
    {
        _bench.Store("commands/c1.json", """{"name":"open-incident"}""");

        Assert.Equal(["c1"], _bench.Deliver(WorkerBench.Command("c1", "open-incident", Open)));
        Assert.Equal(
            "ExecuteHigh: message c1 failed. The object commands/c1.json is not an execution record. Commands that"
            + " need it wait, and end in the dead-letter queue, until it is repaired or deleted.",
            Assert.Single(_bench.Sentences));
    }
}
