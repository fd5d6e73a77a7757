namespace Pipeline.Infra.Constructs;

/// <summary>How much one priority of commands gets; what waits longer than it may raises the alarm.</summary>
/// <param name="MemoryMebibytes">Memory of the worker; its share of a processor grows with it.</param>
/// <param name="TimeoutSeconds">Timeout of the worker; a command that failed comes again after six of them.</param>
/// <param name="BatchSize">Most commands of an invocation; they are done one after the other.</param>
/// <param name="BatchingWindowSeconds">How long to wait for a full batch; at least 1 for more than ten.</param>
/// <param name="MaximumConcurrency">Most invocations at once; 2 to 1,000.</param>
/// <param name="AgeSecondsMax">Age of the oldest waiting command above which somebody must look.</param>
public sealed record CommandCapacity(
    int MemoryMebibytes,
    int TimeoutSeconds,
    int BatchSize,
    int BatchingWindowSeconds,
    int MaximumConcurrency,
    int AgeSecondsMax)
{
    // "Creating and configuring an Amazon SQS event source mapping": six times the timeout, so that Lambda has time to
    // retry a batch that found the function throttled.
    private const int TimeoutsPerVisibility = 6;

    /// <summary>How long a received command stays hidden from others.</summary>
    public int VisibilitySeconds => TimeoutsPerVisibility * TimeoutSeconds + BatchingWindowSeconds;

    /// <summary>For what must be done at once.</summary>
    public static CommandCapacity High { get; } = new(
        MemoryMebibytes: 1024,     // the largest share of a processor: nothing here waits for one
        TimeoutSeconds: 30,        // what hangs is tried again after 3 minutes, sooner than any other
        BatchSize: 1,              // no command waits for the one before it
        BatchingWindowSeconds: 0,  // nor for company
        MaximumConcurrency: 50,    // most: promoted commands come here too
        AgeSecondsMax: 60);

    /// <summary>For what is done soon.</summary>
    public static CommandCapacity Normal { get; } = new(
        MemoryMebibytes: 512,      // as much as a stream's filter
        TimeoutSeconds: 60,        // ten commands at 6 s each
        BatchSize: 10,             // the most without waiting
        BatchingWindowSeconds: 0,  // takes what is there
        MaximumConcurrency: 20,    // less than half of high, so that a flood here leaves it room
        AgeSecondsMax: 600);

    /// <summary>For what is done when there is time.</summary>
    public static CommandCapacity Low { get; } = new(
        MemoryMebibytes: 256,      // the work waits for the bucket, not for the processor
        TimeoutSeconds: 120,       // fifty commands at 2.4 s each
        BatchSize: 50,             // few invocations: cost before delay
        BatchingWindowSeconds: 10, // worth waiting for
        MaximumConcurrency: 5,     // a trickle; a low command that waits too long is promoted
        AgeSecondsMax: 3600);
}
