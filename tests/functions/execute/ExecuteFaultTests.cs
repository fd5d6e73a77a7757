using Pipeline.Core;
using Pipeline.Engine;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>The bucket breaks and comes back while a worker has time: the delivery is not lost.</summary>
public sealed class ExecuteFaultTests
{
    private readonly WorkerBench _bench = new() { Rules = new(TimeSpan.FromDays(1), [], 100) };

    [Theory]
    [MemberData(nameof(ExecuteCrashTests.Cases), MemberType = typeof(ExecuteCrashTests))]
    public void A_request_that_is_lost_is_made_again_in_the_same_invocation(string name, int before)
    {
        var expected = Play(name, before, _ => RequestFault.None, out _);
        var broken = 0;
        for (var isHit = true; isHit; broken++)
        {
            // Three requests in a row, from any on.
            Assert.Equal(
                expected,
                Play(
                    name, before, call => call >= broken && call < broken + 3 ? RequestFault.Lost : default, out isHit,
                    broken));
        }
        Assert.InRange(broken, 4, 12);
    }

    [Theory]
    [MemberData(nameof(ExecuteCrashTests.Cases), MemberType = typeof(ExecuteCrashTests))]
    public void A_lost_answer_costs_the_delivery_only_where_it_left_the_lease_in_doubt(string name, int before)
    {
        var expected = Play(name, before, _ => RequestFault.None, out _);
        var broken = 0;
        for (var isHit = true; isHit; broken++)
        {
            var found = Play(
                name, before, call => call == broken ? RequestFault.AnswerLost : default, out isHit, broken);
            Assert.Equal(broken == 0 ? 1 : 0, found.Failed);
            Assert.Equal(expected with { Failed = found.Failed }, found);
        }
        Assert.InRange(broken, 4, 12);
    }

    [Theory]
    [MemberData(nameof(ExecuteCrashTests.Cases), MemberType = typeof(ExecuteCrashTests))]
    public void A_request_that_arrives_after_it_was_made_again_has_no_second_effect(string name, int before)
    {
        var expected = Play(name, before, _ => RequestFault.None, out _);
        foreach (var late in new[] { 1, 60, 200, 5_000 })
        {
            var broken = 0;
            for (var isHit = true; isHit; broken++)
            {
                var found = Play(
                    name, before, call => call == broken ? RequestFault.Lost : default, out isHit, broken,
                    TimeSpan.FromMilliseconds(late));
                Assert.Equal(expected with { Failed = found.Failed }, found);
                Assert.True(found.Failed == 0 || broken == 0, $"Call {broken}, {late} ms late.");
            }
            Assert.InRange(broken, 4, 12);
        }
    }

    [Fact]
    public void A_bucket_that_stays_away_is_asked_until_the_deadline_and_what_it_said_is_told()
    {
        _bench.Bucket.Breaks = _ => RequestFault.Lost;
        Assert.Equal(["it"], _bench.Deliver(WorkerBench.Command("it", "notify", Arguments(1))));

        Assert.InRange(_bench.Scheduler.Now - WorkerBench.Start, WorkerBench.Timeout / 2, WorkerBench.Timeout);
        Assert.InRange(_bench.Bucket.Calls, 20, 100);
        Assert.Equal(
            "ExecuteHigh: message it failed. There was no time left to be done with the object commands/it.json; it is"
            + " tried again. The last fault: The store broke.",
            Assert.Single(_bench.Sentences));
        Assert.Equal(_bench.Bucket.Calls - 1, _bench.Output.Sum("Retries"));
    }

    [Fact]
    public void A_silent_bucket_leaves_time_for_the_report()
    {
        _bench.Bucket.Breaks = _ => RequestFault.Lost;
        _bench.Bucket.Takes = () => TimeSpan.FromSeconds(Limits.RequestSecondsMax);
        Assert.Equal(["it"], _bench.Deliver(WorkerBench.Command("it", "notify", Arguments(1))));

        Assert.InRange(_bench.Bucket.Calls, 3, 5);
        Assert.InRange(_bench.Scheduler.Now - WorkerBench.Start, TimeSpan.Zero, WorkerBench.Timeout * 5 / 6);
    }

    [Fact]
    public void One_message_that_cannot_be_done_takes_no_time_from_the_others()
    {
        string[] ids = ["a", "b", "c", "d"];
        // A quarter of the 50 s that there are is the first one's; the second is asked while the bucket still breaks.
        _bench.Bucket.Breaks = _ =>
            _bench.Scheduler.Now < WorkerBench.Start + TimeSpan.FromSeconds(13) ? RequestFault.Lost : default;
        Assert.Equal(
            ["a"], _bench.Deliver([.. ids.Select(id => WorkerBench.Command(id, "notify", Arguments(1)))]));
    }

    [Fact]
    public void What_fails_for_good_is_not_tried_again()
    {
        _bench.Bucket.BreaksAreLasting = true;
        _bench.Bucket.Breaks = _ => RequestFault.Lost;
        Assert.Equal(["it"], _bench.Deliver(WorkerBench.Command("it", "notify", Arguments(1))));

        Assert.Equal(1, _bench.Bucket.Calls);
        Assert.Equal(WorkerBench.Start, _bench.Scheduler.Now);
        Assert.Equal("ExecuteHigh: message it failed. The store broke.", Assert.Single(_bench.Sentences));
    }

    [Fact]
    public void A_command_that_cannot_begin_is_noted_when_the_bucket_is_back()
    {
        _bench.Bucket.Breaks = call => call switch
        {
            0 => RequestFault.Lost,
            2 => RequestFault.AnswerLost,
            _ => RequestFault.None,
        };
        Assert.Equal(["it"], _bench.Deliver(WorkerBench.Command("it", "reboot")));

        const string error = "There is no such command; there are ";
        Assert.StartsWith(error, _bench.Record("it").GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains(error, Assert.Single(_bench.Sentences), StringComparison.Ordinal);
    }

    // Commands before, then the command, with faults of the calls from its first one on; until it is done.
    private static (int Failed, int Effects, string Outcome, int Records) Play(
        string name, int before, Func<int, RequestFault> breaks, out bool isHit, int broken = int.MaxValue,
        TimeSpan? late = null)
    {
        var bench = new WorkerBench { Rules = new(TimeSpan.FromDays(1), [], 100) };
        for (var index = 0; index < before; index++)
        {
            Assert.Empty(bench.Deliver(WorkerBench.Command(
                $"before-{index}", name == "close-incident" ? "open-incident" : name, Arguments(100 + index))));
        }
        var first = bench.Bucket.Calls;
        bench.Bucket.Breaks = call => breaks(call - first);
        bench.Bucket.LostArriveAfter = late;
        var command = WorkerBench.Command("it", name, Arguments(7));
        var failed = bench.Deliver(command).Length;
        isHit = bench.Bucket.Calls > first + (long)broken;
        if (failed > 0)
        {
            bench.Bucket.Breaks = _ => RequestFault.None;
            bench.Wait(WorkerBench.Lease);
            Assert.Empty(bench.Deliver(command));
        }
        var effects = bench.EffectsOf("it", "")
            + bench.Objects("incidents").Values.Sum(text => text.Split("\"closedBy\":\"it\"").Length - 1);
        return (
            failed, effects, bench.Record("it").GetProperty("outcome").GetString()!, bench.Objects("commands/").Count);
    }

    private static string Arguments(int number) =>
        $$"""{"service":"a service","channel":"a channel","text":"text {{number}}","address":"8.8.4.{{number}}"}""";
}
