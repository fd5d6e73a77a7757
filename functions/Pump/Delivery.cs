namespace Pipeline.Functions.Pump;

/// <summary>One delivery of a message: the time it is, the time it has, the retries it cost.</summary>
public sealed class Delivery
{
    private readonly InvocationTime _invocation;
    private readonly TimeProvider _time;
    private readonly long _start;

    /// <param name="invocation">The invocation that delivers it.</param>
    /// <param name="start">The monotonic clock when the invocation began.</param>
    /// <param name="deadline">When work on it must stop.</param>
    /// <param name="patience">When no call that broke is made again any more.</param>
    public Delivery(
        InvocationTime invocation, long start, Deadline deadline, Deadline patience, TimeProvider time)
    {
        (_invocation, _start, Deadline, Patience, _time) = (invocation, start, deadline, patience, time);
    }

    /// <summary>
    /// The invocation's "now" plus the monotonic time since, in whole milliseconds, as times are written.
    /// </summary>
    public DateTimeOffset Now
    {
        get
        {
            var ticks = (_invocation.Now + _time.GetElapsedTime(_start)).UtcTicks;
            return new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
        }
    }

    /// <summary>When work on it must stop.</summary>
    public Deadline Deadline { get; }

    /// <summary>When no call that broke is made again any more, because others wait for their turn.</summary>
    public Deadline Patience { get; }

    /// <summary>Calls made again, because one broke or another writer was there.</summary>
    public int Retries { get; private set; }

    public void CountRetry() => Retries++;
}
