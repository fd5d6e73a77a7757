using Amazon.Lambda.Core;

namespace Pipeline.Functions.Pump;

/// <summary>
/// What an invocation knows of time: its "now", which is its deadline less its timeout, and the time it has left.
/// </summary>
public sealed class InvocationTime
{
    private const int LooksMax = 10;

    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private InvocationTime(DateTimeOffset now, Deadline deadline)
    {
        Now = now;
        Deadline = deadline;
    }

    /// <summary>
    /// When the platform handed the invocation over; the same on every host, whatever its clock says.
    /// </summary>
    public DateTimeOffset Now { get; }

    /// <summary>The timeout, on the monotonic clock, counted from receipt.</summary>
    public Deadline Deadline { get; }

    /// <summary>Starts the clock of an invocation; to be called first of all.</summary>
    public static InvocationTime Start(ILambdaContext context, TimeSpan timeout, TimeProvider time)
    {
        var start = time.GetTimestamp();
        return new InvocationTime(DeadlineOf(context, time) - timeout, new Deadline(time, start, timeout));
    }

    /// <summary>
    /// RemainingTime is the platform's deadline less the host's clock. Added to the same clock, the clock cancels out
    /// and the deadline stands.
    /// </summary>
    /// <remarks>
    /// The clock moves between the two looks at it, but the platform gives the deadline in whole milliseconds: between
    /// looks of less than one there is at most one that it can be.
    /// </remarks>
    private static DateTimeOffset DeadlineOf(ILambdaContext context, TimeProvider time)
    {
        for (var look = 1; ; look++)
        {
            var before = time.GetUtcNow();
            // This is the one place that may read it.
#pragma warning disable RS0030
            var left = context.RemainingTime;
#pragma warning restore RS0030
            var passed = time.GetUtcNow() - before;
            if (passed == TimeSpan.Zero)
            {
                return before + left;
            }
            if ((passed > TimeSpan.Zero && passed < Millisecond) || look == LooksMax)
            {
                var earliest = (before + left).UtcTicks;
                var rest = earliest % TimeSpan.TicksPerMillisecond;
                return new DateTimeOffset(
                    earliest + (rest == 0 ? 0 : TimeSpan.TicksPerMillisecond - rest), TimeSpan.Zero);
            }
        }
    }
}
