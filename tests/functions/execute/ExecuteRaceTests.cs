using CsCheck;
using Pipeline.Core.Commands;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>Several workers at once, on the same command and on the same objects, at any pace.</summary>
public sealed class ExecuteRaceTests
{
    private const int CommandCount = 8;

    [Theory]
    [InlineData("open-incident", "incidents")]
    [InlineData("notify", "notifications")]
    [InlineData("block-address", "blocklist.json")]
    public void Whoever_runs_when_and_however_long_every_command_has_one_effect(string name, string prefix) =>
        Gen.Int.Sample(
            seed =>
            {
                var bench = Race(seed, index => WorkerBench.Command($"c{index}", name, Arguments(index)));

                for (var index = 0; index < CommandCount; index++)
                {
                    Assert.Equal(1, bench.EffectsOf($"c{index}", prefix));
                    Assert.Equal("executed", bench.Record($"c{index}").GetProperty("outcome").GetString());
                }
                Assert.Equal(CommandCount, bench.Output.Sum("Emitted"));
                Assert.Equal(
                    bench.Output.Sum("Records"), bench.Output.Sum("Emitted") + bench.Output.SumOf("Dropped."));
            },
            iter: 40,
            threads: 1);

    [Fact]
    public void Incidents_that_open_and_close_in_a_race_are_all_kept_and_linked() => Gen.Int.Sample(
        seed =>
        {
            var bench = Race(seed, index => WorkerBench.Command(
                $"c{index}", index % 3 == 2 ? "close-incident" : "open-incident", Arguments(index)));

            var chain = Chain(bench).ToList();
            var opened = Enumerable.Range(0, CommandCount).Where(index => index % 3 != 2).Select(index => $"c{index}");
            Assert.Equal(opened, chain.SelectMany(page => page.Commands).Order(StringComparer.Ordinal));
            Assert.Equal(chain.Count, bench.Objects("incidents").Count);
            Assert.All(chain, page => Assert.InRange(page.Commands.Count, 0, WorkerBench.PageMax));
            var closedBy = chain.Select(page => page.ClosedBy).OfType<string>().ToList();
            Assert.Equal(closedBy.Distinct(), closedBy);
        },
        iter: 60,
        threads: 1);

    [Fact]
    public void A_worker_that_is_late_changes_nothing_once_another_took_its_command_over()
    {
        var bench = new WorkerBench();
        var command = WorkerBench.Command("it", "open-incident", Arguments(1));
        // Its calls: the record, the incident's read, and then a write that takes effect long after the lease.
        var call = 0;
        bench.Bucket.Takes = () => call++ == 4 ? TimeSpan.FromMinutes(10) : TimeSpan.Zero;
        var late = bench.Begin([("message", CommandText.Write(command))]);
        var other = bench.Begin([("message", CommandText.Write(command))], WorkerBench.Lease);
        bench.Scheduler.RunUntilIdle();

        Assert.Empty(other);
        Assert.Equal(["message"], late);
        Assert.Equal(1, bench.EffectsOf("it", "incidents"));
        Assert.Equal("2026-03-01T12:01:30.000Z", bench.Record("it").GetProperty("finishedAt").GetString());
        Assert.Equal(1, bench.Output.Sum("Emitted"));
    }

    // Each command three times, as redelivery and promotion would have it, by workers of random pace.
    private static WorkerBench Race(int seed, Func<int, Command> command)
    {
        var bench = new WorkerBench { Seed = seed, Rules = new(TimeSpan.FromDays(30), [], 100) };
        var random = new Random(seed);
        bench.Bucket.Takes = () => random.Next(12) == 0
            ? TimeSpan.FromSeconds(random.Next(200))
            : TimeSpan.FromMilliseconds(random.Next(300));
        bench.Bucket.Conflicts = _ => random.Next(10) == 0;
        for (var copy = 0; copy < 3; copy++)
        {
            for (var index = 0; index < CommandCount; index++)
            {
                var after = TimeSpan.FromMilliseconds(random.Next(copy == 2 ? 600_000 : 2000));
                bench.DeliverUntilDone(command(index), after, attemptsMax: 200);
            }
        }
        bench.Scheduler.RunUntilIdle();
        return bench;
    }

    private static IEnumerable<(List<string> Commands, string? ClosedBy)> Chain(WorkerBench bench)
    {
        for (var key = "incidents/a.json"; key is not null;)
        {
            var page = bench.Json(key);
            var commands = page.GetProperty("commands").EnumerateArray();
            yield return (
                [.. commands.Select(entry => entry.GetProperty("command").GetString()!)],
                page.TryGetProperty("closedBy", out var closedBy) ? closedBy.GetString() : null);
            var part = page.GetProperty("part").GetInt32();
            key = part > 1 ? KeyOf(page.GetProperty("id").GetString()!, part - 1)
                : page.TryGetProperty("previous", out var previous)
                    ? KeyOf(previous.GetProperty("id").GetString()!, previous.GetProperty("part").GetInt32())
                : null;
        }
    }

    private static string KeyOf(string id, int part) =>
        part == 1 ? $"incidents/a/{id}.json" : $"incidents/a/{id}-{part}.json";

    private static string Arguments(int index) =>
        $$"""{"service":"a","channel":"a","text":"text","ip":"8.8.4.{{index}}"}""";
}
