using Pipeline.Engine;
using Pipeline.Engine.Time;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>A run in which time stands still ends and says so, whatever keeps it from moving.</summary>
public sealed class LivelockTests
{
    private readonly Scheduler _scheduler = new(Bed.Start);

    [Fact]
    public void Work_that_calls_for_more_work_at_once_ends_the_run()
    {
        Spin(async () =>
        {
            while (true)
            {
                await Task.Yield();
            }
        });
        StandsStill("more than 1,000,000 steps of work");
    }

    [Fact]
    public void A_timer_that_is_due_at_once_again_and_again_ends_the_run()
    {
        ITimer? timer = null;
        timer = _scheduler.Clock.CreateTimer(
            _ => timer!.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan), null, TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan);
        StandsStill("more than 1,000,000 steps of work");
    }

    [Fact]
    public void Waiting_at_one_moment_for_a_later_one_ends_the_run()
    {
        Spin(async () =>
        {
            // A delay is cut to whole milliseconds, so that this one is over at once.
            for (var later = _scheduler.Now.AddMicroseconds(1); _scheduler.Now < later;)
            {
                await Task.Delay(later - _scheduler.Now, _scheduler.Clock);
            }
        });
        StandsStill("more than 100,000,000 questions for the time");
    }

    [Fact]
    public void Who_catches_what_ends_the_run_does_not_keep_it()
    {
        var deaf = 0;
        Spin(async () =>
        {
            while (deaf++ < 3)
            {
                try
                {
                    while (_scheduler.Now < DateTimeOffset.MaxValue)
                    {
                    }
                }
                catch (LivelockException)
                {
                    await Task.Yield();
                }
            }
        });
        StandsStill("questions for the time");
        Assert.Equal(1, deaf);
    }

    [Fact]
    public void Much_work_at_one_moment_is_allowed_and_each_moment_counts_anew()
    {
        var done = 0L;
        Spin(async () =>
        {
            for (var moment = 0; moment < 3; moment++)
            {
                for (; done < (moment + 1) * (InstantGuard.StepsMax / 2); done++)
                {
                    await Task.Yield();
                }
                await Task.Delay(TimeSpan.FromMilliseconds(1), _scheduler.Clock);
            }
        });
        _scheduler.RunUntilIdle();
        Assert.Equal(3 * InstantGuard.StepsMax / 2, done);
    }

    [Fact]
    public void A_function_that_never_waits_for_time_ends_the_run()
    {
        using var bed = new Bed(async _ =>
        {
            while (true)
            {
                await Task.Yield();
            }
        });
        bed.Put("a");
        Assert.Throws<LivelockException>(bed.Run);
    }

    [Fact]
    public void A_mapping_that_delivers_a_batch_again_at_once_for_ever_ends_the_run()
    {
        var faults = new RedeliversForEver();
        using var bed = new Bed(new BedOptions
        {
            Faults = faults,
            Settings = new EngineSettings
            {
                CreationTimes = new Dictionary<string, TimeSpan>(),
                InvocationBase = TimeSpan.Zero,
                InvocationPerRecord = TimeSpan.Zero,
            },
        });
        faults.Forget = bed.Invocations.Clear;
        bed.Put("a");
        Assert.Throws<LivelockException>(bed.Run);
    }

    private void Spin(Func<Task> work) => _scheduler.Start(async () =>
    {
        await Task.Delay(TimeSpan.FromSeconds(1), _scheduler.Clock);
        await work();
    });

    private void StandsStill(string done)
    {
        var livelock = Assert.Throws<LivelockException>(() => _scheduler.RunUntilIdle());
        Assert.Equal(Bed.Start.AddSeconds(1), livelock.At);
        Assert.Contains("2026-03-01 12:00:01.0000000Z", livelock.Message, StringComparison.Ordinal);
        Assert.Contains(done, livelock.Message, StringComparison.Ordinal);
        Assert.Contains("a defect of the pipeline or the engine", livelock.Message, StringComparison.Ordinal);
    }

    private sealed class RedeliversForEver : Faults
    {
        public Action Forget { get; set; } = () => { };

        public override bool OnBatchDone(string function)
        {
            Forget();
            return true;
        }
    }
}
