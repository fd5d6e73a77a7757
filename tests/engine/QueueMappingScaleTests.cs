using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>How many batches of a queue are under way at a time.</summary>
public sealed class QueueMappingScaleTests
{
    [Fact]
    [Trait("Rule", "queue-mapping.scaling")]
    public void Five_batches_are_under_way_at_first_and_five_more_each_second_while_messages_wait()
    {
        using var bed = Slow(20, new QueueBedOptions { Mapping = "\"BatchSize\": 1" });
        bed.SendMany(200);
        bed.Run();
        int Until(double seconds) => bed.Times.Count(time => time <= seconds);
        Assert.Equal((5, 5, 6, 10), (Until(0), Until(0.199), Until(0.2), Until(1)));
        // 300 a minute; those that are over meanwhile begin anew.
        Assert.Equal((100, 106 + 6), (Until(19), Until(20.2)));
        Assert.Equal(200, bed.Invocations.Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [Trait("Rule", "queue-mapping.maximum-concurrency")]
    public void Maximum_concurrency_bounds_the_batches_under_way(int most)
    {
        var (under, highest) = (0, 0);
        using var bed = new QueueBed(
            async invocation =>
            {
                highest = Math.Max(highest, ++under);
                await Task.Delay(TimeSpan.FromSeconds(10), invocation.Time);
                under--;
                return Bed.Success;
            },
            new QueueBedOptions
            {
                Mapping = $$"""
                    "BatchSize": 1, "ScalingConfig": { "MaximumConcurrency": {{most}} }
                    """,
            });
        bed.SendMany(60);
        bed.Run();
        Assert.Equal((most, 60), (highest, bed.Invocations.Count));
    }

    [Fact]
    [Trait("Rule", "queue-mapping.scaling")]
    public void The_service_s_own_bound_holds_without_one_in_the_mapping()
    {
        var (under, highest) = (0, 0);
        using var bed = new QueueBed(
            async invocation =>
            {
                highest = Math.Max(highest, ++under);
                await Task.Delay(TimeSpan.FromSeconds(29), invocation.Time);
                under--;
                return Bed.Success;
            },
            new QueueBedOptions
            {
                Mapping = "\"BatchSize\": 1",
                Settings = new QueueBedOptions().Settings with
                {
                    AccountConcurrency = 2000,
                    QueueConcurrencyAddedPerMinute = 100_000,
                },
            });
        bed.SendMany(4000);
        bed.Run();
        Assert.Equal((1250, 4000), (highest, bed.Invocations.Count));
    }

    [Fact]
    public void A_batch_that_takes_long_holds_up_no_other()
    {
        using var bed = new QueueBed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromSeconds(invocation.Text == "0" ? 25 : 1), invocation.Time);
                return Bed.Success;
            },
            new QueueBedOptions { Mapping = "\"BatchSize\": 1" });
        bed.SendMany(10);
        bed.Run();
        Assert.True(bed.Times.Max() < 2);
    }

    [Fact]
    [Trait("Rule", "queue-mapping.backoff")]
    public void Errors_halve_the_batches_under_way_down_to_two_and_hold_growth_for_a_minute()
    {
        using var bed = new QueueBed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromSeconds(10), invocation.Time);
                return invocation.At.TotalSeconds < 1 ? throw new InvalidOperationException("down") : Bed.Success;
            },
            new QueueBedOptions { Mapping = "\"BatchSize\": 1, \"FunctionResponseTypes\": []" });
        bed.SendMany(300);
        bed.Run();
        // From the first errors on, after ten seconds, two go at a time for a minute, then more again.
        var after = bed.Times.Where(time => time >= 10).GroupBy(time => Math.Floor(time / 10)).ToList();
        Assert.All(after.TakeWhile(group => group.Key < 7), group => Assert.True(group.Count() <= 2));
        Assert.Contains(after, group => group.Key >= 7 && group.Count() > 2);
        Assert.Empty(bed.Queue.Look());
    }

    [Fact]
    [Trait("Rule", "queue-mapping.backoff")]
    public void With_reports_asked_for_errors_slow_nothing_down()
    {
        using var bed = new QueueBed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromSeconds(10), invocation.Time);
                return invocation.At.TotalSeconds < 1 ? throw new InvalidOperationException("down") : Bed.Success;
            },
            new QueueBedOptions { Mapping = "\"BatchSize\": 1" });
        bed.SendMany(300);
        bed.Run();
        Assert.True(bed.Times.Count(time => time is >= 10 and < 20) > 20);
    }

    [Fact]
    public void An_empty_queue_gives_back_what_growth_had_allowed()
    {
        using var bed = Slow(10, new QueueBedOptions { Mapping = "\"BatchSize\": 1" });
        bed.SendMany(50);
        bed.At(100, () => bed.SendMany(50));
        bed.Run();
        Assert.Equal(5, bed.Times.Count(time => time is >= 100 and < 100.2));
    }

    private static QueueBed Slow(double seconds, QueueBedOptions options) => new(
        async invocation =>
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), invocation.Time);
            return Bed.Success;
        },
        options);
}
