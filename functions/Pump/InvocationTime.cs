using Amazon.Lambda.Core;

namespace Pipeline.Functions.Pump;

/// <summary>
/// What an invocation knows of time: its "now", which is its deadline less its timeout, and the time it has left.
/// </summary>
public sealed class InvocationTime
{
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
        // RemainingTime is the platform's deadline less the host's clock. Added to the same clock, the clock cancels
        // out and the deadline stands. This is the one place that may read it.
#pragma warning disable RS0030
        var deadline = time.GetUtcNow() + context.RemainingTime;
#pragma warning restore RS0030
        return new InvocationTime(deadline - timeout, new Deadline(time, start, timeout));
    }
}
