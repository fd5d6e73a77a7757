namespace Pipeline.Functions.Pump;

/// <summary>
/// Waits longer after each failure in a row, with jitter (half to all of the bound), so that many senders do not come
/// back together.
/// </summary>
public sealed class Backoff(TimeProvider time, Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private int _failures;

    /// <summary>The last attempt went well.</summary>
    public void Reset() => _failures = 0;

    /// <summary>Follows an attempt: waits when some of it failed; false when the deadline would pass then.</summary>
    public ValueTask<bool> AfterAsync(int failed, Deadline deadline, CancellationToken cancellation)
    {
        if (failed > 0)
        {
            return WaitAsync(deadline, cancellation);
        }
        Reset();
        return ValueTask.FromResult(true);
    }

    /// <summary>Waits before the next attempt; false, at once, when the deadline would pass meanwhile.</summary>
    public async ValueTask<bool> WaitAsync(Deadline deadline, CancellationToken cancellation)
    {
        var bound = Math.Min(Longest.Ticks, First.Ticks << Math.Min(_failures, 10));
        _failures++;
        var delay = TimeSpan.FromTicks(random.NextInt64(bound / 2, bound + 1));
        if (delay >= deadline.Left)
        {
            return false;
        }
        await Task.Delay(delay, time, cancellation);
        return true;
    }
}
