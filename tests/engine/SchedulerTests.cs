using Pipeline.Engine.Time;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>One owner of time: what is due runs in order, on one thread, and time jumps between.</summary>
public sealed class SchedulerTests
{
    private readonly Scheduler _scheduler = new(Bed.Start);
    private readonly List<string> _trace = [];

    [Fact]
    public void What_is_due_runs_in_order_of_time_then_of_asking()
    {
        Say("b1", 2);
        Say("a", 1);
        Say("b2", 2);
        Say("b3", 2);

        _scheduler.RunUntilIdle();

        Assert.Equal(["a@1", "b1@2", "b2@2", "b3@2"], _trace);
    }

    [Fact]
    public void Continuations_run_before_time_moves_on()
    {
        _scheduler.Start(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), _scheduler.Clock);
            for (var i = 0; i < 3; i++)
            {
                await Task.Yield();
                Trace($"step{i}");
            }
        });
        Say("next", 1.5);

        _scheduler.RunUntilIdle();

        Assert.Equal(["step0@1", "step1@1", "step2@1", "next@1.5"], _trace);
    }

    [Fact]
    public void Ready_work_runs_first_in_first_out()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            _scheduler.Post(_ => Trace(name), null);
        }

        _scheduler.RunUntilIdle();

        Assert.Equal(["a@0", "b@0", "c@0"], _trace);
    }

    [Fact]
    public void A_timer_that_was_changed_fires_at_its_new_time_only()
    {
        using var timer = Timer(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        _scheduler.Start(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), _scheduler.Clock);
            timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        });

        _scheduler.RunUntilIdle();

        Assert.Equal(["timer@2"], _trace);
    }

    [Fact]
    public void A_timer_that_was_switched_off_or_disposed_never_fires_and_holds_no_time()
    {
        using var off = Timer(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        off.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Timer(TimeSpan.FromSeconds(7), Timeout.InfiniteTimeSpan).Dispose();

        _scheduler.RunUntilIdle();

        Assert.Empty(_trace);
        Assert.Equal(Bed.Start, _scheduler.Now);
    }

    [Fact]
    public void A_periodic_timer_fires_until_it_is_disposed()
    {
        ITimer? timer = null;
        timer = _scheduler.Clock.CreateTimer(
            _ =>
            {
                Trace("tick");
                if (_trace.Count == 3)
                {
                    timer!.Dispose();
                }
            },
            null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _scheduler.RunUntilIdle();

        Assert.Equal(["tick@1", "tick@3", "tick@5"], _trace);
    }

    [Fact]
    public void The_clock_jumps_and_never_stands_between()
    {
        Say("late", TimeSpan.FromDays(40).TotalSeconds);

        _scheduler.RunUntilIdle();

        Assert.Equal(Bed.Start.AddDays(40), _scheduler.Clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromDays(40), _scheduler.Clock.GetElapsedTime(Bed.Start.UtcTicks));
    }

    [Fact]
    public void Work_that_leaves_the_scheduler_s_thread_is_an_error()
    {
        Exception? refused = null;
        _scheduler.Post(
            _ =>
            {
                var stranger = new Thread(() => refused = Record.Exception(() => _scheduler.Post(_ => { }, null)));
                stranger.Start();
                stranger.Join();
            },
            null);

        _scheduler.RunUntilIdle();

        Assert.Equal("Work left the scheduler's thread.", Assert.IsType<InvalidOperationException>(refused).Message);
    }

    [Fact]
    public void What_started_work_throws_ends_the_run()
    {
        _scheduler.Start(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), _scheduler.Clock);
            throw new InvalidOperationException("broken");
        });
        Say("never", 2);

        Assert.Equal("broken", Assert.Throws<InvalidOperationException>(() => _scheduler.RunUntilIdle()).Message);
        Assert.Empty(_trace);
    }

    [Fact]
    public void A_run_gives_the_thread_back_its_own_context()
    {
        var before = SynchronizationContext.Current;
        _scheduler.Post(_ => Assert.Same(_scheduler, SynchronizationContext.Current), null);

        _scheduler.RunUntilIdle();

        Assert.Same(before, SynchronizationContext.Current);
    }

    [Fact]
    public void The_same_start_gives_the_same_trace()
    {
        Assert.Equal(Tangle(7), Tangle(7));
        Assert.NotEqual(Tangle(7), Tangle(8));
    }

    /// <summary>Forty tasks that wait at random and wake one another; their trace.</summary>
    private static List<string> Tangle(int seed)
    {
        var scheduler = new Scheduler(Bed.Start);
        var random = new Random(seed);
        var signal = new Signal();
        var trace = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            var task = i;
            scheduler.Start(async () =>
            {
                for (var step = 0; step < 20; step++)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(5)), scheduler.Clock);
                    signal.Set();
                    await signal.WaitAsync();
                    trace.Add($"{task}.{step}@{scheduler.Now.UtcTicks}");
                }
            });
        }
        scheduler.RunUntilIdle();
        Assert.Equal(40 * 20, trace.Count);
        return trace;
    }

    private void Say(string name, double seconds) => _scheduler.Start(async () =>
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds), _scheduler.Clock);
        Trace(name);
    });

    private ITimer Timer(TimeSpan due, TimeSpan period) =>
        _scheduler.Clock.CreateTimer(_ => Trace("timer"), null, due, period);

    private void Trace(string name) => _trace.Add(FormattableString.Invariant(
        $"{name}@{(_scheduler.Now - Bed.Start).TotalSeconds}"));
}
