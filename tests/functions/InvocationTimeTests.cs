using Pipeline.Functions.Pump;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>An invocation's "now" is its deadline less its timeout, whatever the host's clock does.</summary>
public sealed class InvocationTimeTests
{
    private static readonly DateTimeOffset s_deadline = new(2026, 3, 1, 12, 1, 0, 137, TimeSpan.Zero);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(0, "")]
    [InlineData(3, "")]
    [InlineData(9_999, "")]
    [InlineData(3, "50000 40000 70000")]
    [InlineData(3, "-50000")]
    public void Now_is_the_platform_s_to_the_millisecond_though_the_clock_moves_between_two_looks(
        int ticksPerLook, string firstLooks)
    {
        var host = new Host(ticksPerLook, [.. firstLooks.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(
            text => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture))]);
        var invocation = InvocationTime.Start(new FakeContext(s_deadline, host), s_timeout, host);
        Assert.Equal(s_deadline - s_timeout, invocation.Now);
    }

    [Fact]
    public void A_clock_that_nobody_can_look_at_twice_in_a_millisecond_gives_a_now_near_by()
    {
        var host = new Host(30_000, []);
        var invocation = InvocationTime.Start(new FakeContext(s_deadline, host), s_timeout, host);
        Assert.InRange(
            invocation.Now, s_deadline - s_timeout - TimeSpan.FromMilliseconds(3), s_deadline - s_timeout);
    }

    /// <summary>A host whose clock, far from the platform's, moves by so much at every look.</summary>
    private sealed class Host(long ticksPerLook, List<long> first) : TimeProvider
    {
        private DateTimeOffset _now = new(2031, 7, 7, 7, 7, 7, 456, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow()
        {
            _now += TimeSpan.FromTicks(first.Count > 0 ? first[0] : ticksPerLook);
            if (first.Count > 0)
            {
                first.RemoveAt(0);
            }
            return _now;
        }
    }
}
