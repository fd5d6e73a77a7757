namespace Pipeline.Engine.Time;

/// <summary>
/// The scheduler's time as a <see cref="TimeProvider"/>: its timers fire when the scheduler gets there.
/// </summary>
internal sealed class VirtualClock(Scheduler scheduler) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => scheduler.Now;

    public override long GetTimestamp() => scheduler.Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ScheduledTimer(scheduler, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
