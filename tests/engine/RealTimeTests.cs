using Pipeline.Engine.Time;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>While someone follows real time, the clock goes no faster; otherwise nothing waits.</summary>
public sealed class RealTimeTests
{
    private readonly SteppedTime _real = new();
    private readonly Scheduler _scheduler;
    private readonly List<string> _trace = [];

    public RealTimeTests() => _scheduler = new Scheduler(Bed.Start, _real);

    [Fact]
    public void Without_a_follower_no_real_time_passes()
    {
        Say("day", TimeSpan.FromDays(1));
        _scheduler.RunUntilIdle();
        Assert.Equal(["day@86400"], _trace);
        Assert.Equal(TimeSpan.Zero, _real.Elapsed);
    }

    [Fact]
    public void What_is_due_waits_until_real_time_gets_there()
    {
        var following = _scheduler.FollowRealTime();
        Say("first", TimeSpan.FromSeconds(2));
        Say("second", TimeSpan.FromSeconds(5), following.Dispose);
        Say("later", TimeSpan.FromHours(1));
        _scheduler.RunUntilIdle();
        Assert.Equal(["first@2", "second@5", "later@3600"], _trace);
        // The rest of the hour passed at once.
        Assert.Equal(TimeSpan.FromSeconds(5), _real.Elapsed);
    }

    [Fact]
    public void The_clock_goes_on_only_when_the_last_follower_ends()
    {
        var first = _scheduler.FollowRealTime();
        var second = _scheduler.FollowRealTime();
        Say("first", TimeSpan.FromSeconds(1), () =>
        {
            first.Dispose();
            first.Dispose();
        });
        Say("second", TimeSpan.FromSeconds(2), second.Dispose);
        Say("free", TimeSpan.FromSeconds(9));
        _scheduler.RunUntilIdle();
        Assert.Equal(["first@1", "second@2", "free@9"], _trace);
        Assert.Equal(TimeSpan.FromSeconds(2), _real.Elapsed);
    }

    [Fact]
    public void What_comes_from_outside_runs_at_the_real_time_it_came()
    {
        var following = _scheduler.FollowRealTime();
        _real.At(TimeSpan.FromSeconds(3), () => _scheduler.PostOutside(() =>
        {
            Trace("outside");
            following.Dispose();
        }));
        Say("before", TimeSpan.FromSeconds(2));
        Say("after", TimeSpan.FromSeconds(60));
        _scheduler.RunUntilIdle();
        Assert.Equal(["before@2", "outside@3", "after@60"], _trace);
    }

    [Fact]
    public void What_comes_from_outside_may_call_off_what_was_due_and_the_clock_does_not_jump()
    {
        var following = _scheduler.FollowRealTime();
        var due = _scheduler.Clock.CreateTimer(
            _ => Trace("called off"), null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        _real.At(TimeSpan.FromSeconds(3), () => _scheduler.PostOutside(due.Dispose));
        Say("end", TimeSpan.FromSeconds(10), following.Dispose);
        _scheduler.RunUntilIdle();
        Assert.Equal(["end@10"], _trace);
        Assert.Equal(TimeSpan.FromSeconds(10), _real.Elapsed);
    }

    [Fact]
    public void Awaited_work_comes_back_to_the_scheduler_s_thread()
    {
        var thread = Environment.CurrentManagedThreadId;
        var seen = new List<int>();
        _scheduler.Start(async () =>
        {
            using var following = _scheduler.FollowRealTime();
            var came = new Signal();
            var other = new Thread(() => _scheduler.PostOutside(came.Set));
            other.Start();
            await came.WaitAsync();
            seen.Add(Environment.CurrentManagedThreadId);
            other.Join();
        });
        _scheduler.RunUntilIdle();
        Assert.Equal([thread], seen);
    }

    [Fact]
    public void A_wait_for_something_ends_when_it_comes_or_when_the_time_is_over()
    {
        var mailbox = new Mailbox<string>(_real);
        Assert.False(mailbox.Wait(TimeSpan.FromDays(3)));
        Assert.Equal(TimeSpan.FromDays(3), _real.Elapsed);
        _real.At(TimeSpan.FromDays(3.5), () => mailbox.Post("a"));
        Assert.True(mailbox.Wait(Timeout.InfiniteTimeSpan));
        Assert.Equal(TimeSpan.FromDays(3.5), _real.Elapsed);
        mailbox.Post("b");
        Assert.True(mailbox.TryTake(out var first));
        Assert.True(mailbox.Wait(TimeSpan.Zero));
        Assert.True(mailbox.TryTake(out var second));
        Assert.False(mailbox.TryTake(out _));
        Assert.Equal(("a", "b"), (first, second));
    }

    [Fact]
    public void A_scheduler_without_real_time_has_none_to_follow() =>
        Assert.Throws<InvalidOperationException>(() => new Scheduler(Bed.Start).FollowRealTime());

    private void Say(string what, TimeSpan after, Action? then = null) => _scheduler.Start(async () =>
    {
        await Task.Delay(after, _scheduler.Clock);
        Trace(what);
        then?.Invoke();
    });

    private void Trace(string what) => _trace.Add($"{what}@{(_scheduler.Now - Bed.Start).TotalSeconds}");

    /// <summary>A real clock that stands until someone waits, and then is at once where the wait ends.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        private readonly SortedList<TimeSpan, Action> _happenings = [];

        public TimeSpan Elapsed { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;

        /// <summary>Does something when a wait gets there; the wait then ends there.</summary>
        public void At(TimeSpan when, Action happening) => _happenings.Add(when, happening);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var end = dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : Elapsed + dueTime;
            if (_happenings.Count > 0 && _happenings.GetKeyAtIndex(0) <= end)
            {
                Elapsed = _happenings.GetKeyAtIndex(0);
                var happening = _happenings.GetValueAtIndex(0);
                _happenings.RemoveAt(0);
                happening();
            }
            else if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Elapsed = end;
                callback(state);
            }
            return new Nothing();
        }

        private sealed class Nothing : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
