namespace Pipeline.Functions.Pump;

/// <summary>A moment by which work must stop, on the monotonic clock.</summary>
public readonly struct Deadline(TimeProvider time, long start, TimeSpan limit)
{
    /// <summary>No deadline: the work goes on until it is done.</summary>
    public static Deadline Never(TimeProvider time) => new(time, time.GetTimestamp(), TimeSpan.MaxValue);

    /// <summary>Time left; never negative.</summary>
    public TimeSpan Left => limit == TimeSpan.MaxValue
        ? TimeSpan.MaxValue
        : TimeSpan.FromTicks(Math.Max(0, (limit - time.GetElapsedTime(start)).Ticks));

    public bool HasPassed => Left == TimeSpan.Zero;

    /// <summary>The same deadline, earlier by a margin.</summary>
    public Deadline LessMargin(TimeSpan margin) =>
        limit == TimeSpan.MaxValue ? this : new Deadline(time, start, limit > margin ? limit - margin : TimeSpan.Zero);
}
