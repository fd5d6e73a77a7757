namespace Pipeline.Engine.Time;

/// <summary>
/// A timer on the scheduler. A change or disposal leaves its old entry behind, which then is no longer due.
/// </summary>
internal sealed class ScheduledTimer(Scheduler scheduler, TimerCallback callback, object? state) : ITimer
{
    private const long Never = long.MaxValue;

    private long _due = Never;
    private TimeSpan _period;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan)
        {
            _due = Never;
            return true;
        }
        _period = period;
        Arm(scheduler.Now + dueTime);
        return true;
    }

    public bool IsDue(long ticks) => _due == ticks;

    public void Fire()
    {
        _due = Never;
        if (_period > TimeSpan.Zero)
        {
            Arm(scheduler.Now + _period);
        }
        callback(state);
    }

    public void Dispose() => _due = Never;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Arm(DateTimeOffset due)
    {
        _due = due.UtcTicks;
        scheduler.Schedule(this, due);
    }
}
