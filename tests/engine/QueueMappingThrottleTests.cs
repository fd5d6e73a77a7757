using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>What the mapping of a queue does when its function has no place to run.</summary>
public sealed class QueueMappingThrottleTests
{
    [Fact]
    [Trait("Rule", "queue-mapping.throttle")]
    public void A_throttled_batch_is_tried_until_its_visibility_timeout_has_passed_and_then_comes_again()
    {
        using var bed = new QueueBed(new QueueBedOptions { ReservedConcurrency = 0, ReceiveCountMax = 2 });
        bed.Send("x");
        bed.Run();
        Assert.Empty(bed.Invocations);
        // Two receives, each tried at 0, 1, 3, 7, 15 and 31 s of its 60 s.
        var work = bed.Engine.Functions.Single(function => function.Name == "Work");
        Assert.Equal((12, 0), (work.Counters.Throttles, work.Counters.Invocations));
        Assert.Single(bed.Dead.Look());
        Assert.Equal(120, bed.Now.TotalSeconds);
    }

    [Fact]
    [Trait("Rule", "queue-mapping.throttle")]
    public void A_batch_that_finds_a_place_in_time_is_not_received_again()
    {
        using var bed = new QueueBed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromSeconds(10), invocation.Time);
                return Bed.Success;
            },
            new QueueBedOptions { Mapping = "\"BatchSize\": 1", ReservedConcurrency = 1, ReceiveCountMax = 1 });
        bed.SendMany(2);
        bed.Run();
        Assert.Equal([0, 15], bed.Times);
        Assert.Equal([1, 1], bed.Invocations.SelectMany(invocation => invocation.ReceiveCounts));
        Assert.Empty(bed.Dead.Look());
        Assert.Empty(bed.Queue.Look());
    }

    [Fact]
    [Trait("Rule", "queue-mapping.throttle")]
    public void Throttling_slows_polling_down()
    {
        using var bed = new QueueBed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromSeconds(20), invocation.Time);
                return Bed.Success;
            },
            new QueueBedOptions { Mapping = "\"BatchSize\": 1", ReservedConcurrency = 1 });
        bed.SendMany(200);
        bed.At(50, () =>
        {
            // Without a throttle there would be a few hundred in flight by now.
            var inFlight = bed.Queue.Look().Count(message => message.ReceiveCount > 0);
            Assert.InRange(inFlight, 1, 10);
        });
        bed.Run();
        Assert.Equal(200, bed.Invocations.Select(invocation => invocation.Text).Distinct().Count());
    }
}
