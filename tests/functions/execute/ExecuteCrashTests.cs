using Pipeline.Core.Commands;
using Pipeline.Engine;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>
/// A worker dies at any call of a port, before or after it took effect; the command comes again; the effect is there
/// once.
/// </summary>
public sealed class ExecuteCrashTests
{
    /// <summary>Each handler in each state of its object that makes it take another way.</summary>
    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var name in new[] { "open-incident", "close-incident", "notify", "block-address" })
            {
                for (var before = 0; before <= WorkerBench.PageMax + 2; before++)
                {
                    cases.Add(name, before);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_death_at_any_call_leaves_one_effect(string name, int before)
    {
        foreach (var fault in new[] { RequestFault.Lost, RequestFault.AnswerLost })
        {
            var expected = Play(name, before, -1, fault, after: 0, out _);
            var crash = 0;
            for (var isHit = true; isHit; crash++)
            {
                Assert.Equal(expected, Play(name, before, crash, fault, after: 0, out isHit));
            }
            Assert.InRange(crash, 4, 12);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Others_that_go_on_meanwhile_never_hide_the_effect_from_its_redo(string name, int before)
    {
        // So many that pages are turned, and incidents closed and opened, before the command comes again.
        const int after = (2 * WorkerBench.PageMax) + 1;
        for (var (crash, isHit) = (0, true); isHit; crash++)
        {
            var found = Play(name, before, crash, RequestFault.AnswerLost, after, out isHit);
            // With nothing open, closing has no effect to leave.
            Assert.InRange(found.Effects, name == "close-incident" && before == 0 ? 0 : 1, 1);
            Assert.Equal("executed", found.Outcome);
        }
    }

    // Commands before, the command with its crash, commands while it waits, the command again until it is done.
    private static (int Effects, string Outcome, int Others) Play(
        string name, int before, int crash, RequestFault fault, int after, out bool isHit)
    {
        var bench = new WorkerBench { Rules = new(TimeSpan.FromDays(1), [], 100) };
        for (var index = 0; index < before; index++)
        {
            Assert.Empty(bench.Deliver(Setting($"before-{index}", name, index)));
        }
        var first = bench.Bucket.Calls;
        bench.Bucket.BreaksAreDeaths = true;
        bench.Bucket.Breaks = call => call - first == crash ? fault : RequestFault.None;
        var command = WorkerBench.Command("it", name, Arguments(7));
        var failed = bench.Deliver(command);
        isHit = crash >= 0 && bench.Bucket.Calls > first + crash;
        Assert.Equal(isHit, failed.Length > 0);
        bench.Bucket.Breaks = _ => RequestFault.None;
        for (var index = 0; index < after; index++)
        {
            Assert.Empty(bench.Deliver(Setting($"after-{index}", name, index)));
            Assert.Empty(bench.Deliver(
                WorkerBench.Command($"close-{index}", "close-incident", """{"service":"a service"}""")));
        }
        if (after > 0)
        {
            // An incident that a second close must not take for the one that the first has closed.
            Assert.Empty(bench.Deliver(Setting("last", name, after)));
        }
        bench.Wait(WorkerBench.Lease);
        Assert.Empty(bench.Deliver(command));
        Assert.Empty(bench.Deliver(command));
        var effects = bench.EffectsOf("it", "") + ClosedBy(bench);
        return (effects, bench.Record("it").GetProperty("outcome").GetString()!, bench.Objects("commands/").Count);
    }

    private static int ClosedBy(WorkerBench bench) =>
        bench.Objects("incidents").Values.Sum(text => text.Split("\"closedBy\":\"it\"").Length - 1);

    // A close needs something open before it.
    private static Command Setting(string id, string name, int index) =>
        WorkerBench.Command(id, name == "close-incident" ? "open-incident" : name, Arguments(100 + index));

    private static string Arguments(int number) =>
        $$"""{"service":"a service","channel":"a channel","text":"text {{number}}","address":"8.8.4.{{number}}"}""";
}
