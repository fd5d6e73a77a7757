using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>
/// One object of the bucket and the time there is for it: a call that broke is made again, with backoff, until then.
/// </summary>
/// <remarks>
/// A call that broke is made again only if it may take as long as requests may (<see cref="Limits.RequestSecondsMax"/>)
/// and still end before the work must stop, so that a bucket that is silent leaves time for the report.
/// </remarks>
/// <param name="deadline">When work must stop.</param>
/// <param name="patience">When no call that broke is made again any more.</param>
public sealed class PatientObject(
    IBucketPort bucket, string key, Deadline deadline, Deadline patience, TimeProvider time, Random random)
{
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(Limits.RequestSecondsMax);

    private readonly Backoff _backoff = new(time, random);

    /// <summary>Called each time something is tried again.</summary>
    public Action? Retried { get; init; }

    /// <summary>Reads the object; null when there is none.</summary>
    /// <exception cref="PortFaultException">The bucket failed until the deadline, or fails for good.</exception>
    public async ValueTask<StoredObject?> GetAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await bucket.GetAsync(key, cancellation);
            }
            catch (PortFaultException fault) when (!fault.IsLasting)
            {
                await WaitAsync(fault, cancellation);
            }
        }
    }

    /// <summary>
    /// Writes the object once. When that broke, it waits and answers null: whether the object was written is unknown,
    /// and only a look at it can tell.
    /// </summary>
    /// <exception cref="PortFaultException">The bucket failed at the deadline, or fails for good.</exception>
    public async ValueTask<WriteResult?> PutAsync(
        ReadOnlyMemory<byte> body, WriteCondition condition, CancellationToken cancellation)
    {
        try
        {
            return await bucket.PutAsync(key, body, condition, cancellation);
        }
        catch (PortFaultException fault) when (!fault.IsLasting)
        {
            await WaitAsync(fault, cancellation);
            return null;
        }
    }

    /// <summary>Waits, because another writer was there.</summary>
    /// <exception cref="PortFaultException">There is no time for that.</exception>
    public ValueTask WaitAsync(CancellationToken cancellation) => WaitAsync(null, cancellation);

    /// <summary>What to throw when there is no time left for the object.</summary>
    public PortFaultException TimeIsUp() => TimeIsUp(null);

    private async ValueTask WaitAsync(PortFaultException? fault, CancellationToken cancellation)
    {
        var hasTime = fault is null
            ? await _backoff.WaitAsync(deadline, cancellation)
            : await _backoff.WaitAsync(patience, cancellation) && deadline.Left >= RequestTime;
        if (!hasTime)
        {
            throw TimeIsUp(fault);
        }
        Retried?.Invoke();
    }

    private PortFaultException TimeIsUp(PortFaultException? fault)
    {
        var sentence = $"There was no time left to be done with the object {key}; it is tried again.";
        return fault is null
            ? new PortFaultException(sentence)
            : new PortFaultException($"{sentence} The last fault: {fault.Message}", fault);
    }
}
