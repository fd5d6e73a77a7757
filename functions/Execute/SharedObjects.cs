using Pipeline.Core;
using Pipeline.Functions.Pump;

namespace Pipeline.Functions.Execute;

/// <summary>What becomes of an object after a look at it.</summary>
/// <param name="Body">Its new bytes; null to leave it as it is.</param>
public readonly record struct Change(ReadOnlyMemory<byte>? Body, Effect Effect);

/// <summary>
/// Objects that several workers change at once: read, decide, write under the condition that no one wrote in between;
/// again, with backoff, when someone did.
/// </summary>
public sealed class SharedObjects(IBucketPort bucket, TimeProvider time, Random random)
{
    /// <summary>Decides what becomes of an object.</summary>
    /// <param name="stored">What is there; null for nothing.</param>
    /// <param name="mayBeDone">The command's effect may be there already, if only in an earlier part.</param>
    public delegate ValueTask<Change> Decide(StoredObject? stored, bool mayBeDone);

    /// <summary>Changes an object.</summary>
    /// <exception cref="PortFaultException">The bucket failed, or others kept writing until the deadline.</exception>
    public async ValueTask<Effect> ChangeAsync(
        string key, Attempt attempt, Decide decide, CancellationToken cancellation)
    {
        var backoff = new Backoff(time, random);
        var mayBeDone = attempt.IsRedo;
        while (true)
        {
            var stored = await bucket.GetAsync(key, cancellation);
            // The lease outlives the deadline: what was read before it was read before anyone could take the command
            // over, and the condition of the write speaks of what was read. So a late worker never has a second effect.
            if (attempt.Delivery.Deadline.HasPassed)
            {
                throw TimeIsUp(key);
            }
            var change = await decide(stored, mayBeDone);
            if (change.Body is not { } body)
            {
                return change.Effect;
            }
            var condition = stored is null ? WriteCondition.CreateOnly : WriteCondition.Replace(stored.ETag);
            var result = await bucket.PutAsync(key, body, condition, cancellation);
            if (result.Status == WriteStatus.Written)
            {
                return change.Effect;
            }
            // The other writer may have been an attempt of this very command.
            mayBeDone = true;
            await WaitAsync(key, backoff, attempt.Delivery, cancellation);
        }
    }

    /// <summary>Stores an object whose bytes are fixed by its key; one that is there already is the same.</summary>
    /// <exception cref="PortFaultException">The bucket failed, or was busy until the deadline.</exception>
    public async ValueTask KeepAsync(
        string key, ReadOnlyMemory<byte> body, Delivery delivery, CancellationToken cancellation)
    {
        var backoff = new Backoff(time, random);
        while (true)
        {
            var result = await bucket.PutAsync(key, body, WriteCondition.CreateOnly, cancellation);
            if (result.Status != WriteStatus.Conflict)
            {
                return;
            }
            await WaitAsync(key, backoff, delivery, cancellation);
        }
    }

    /// <summary>Reads an object; null when there is none.</summary>
    /// <exception cref="PortFaultException">The bucket failed.</exception>
    public ValueTask<StoredObject?> GetAsync(string key, CancellationToken cancellation) =>
        bucket.GetAsync(key, cancellation);

    private static async ValueTask WaitAsync(
        string key, Backoff backoff, Delivery delivery, CancellationToken cancellation)
    {
        if (!await backoff.WaitAsync(delivery.Deadline, cancellation))
        {
            throw TimeIsUp(key);
        }
        delivery.CountRetry();
    }

    private static PortFaultException TimeIsUp(string key) =>
        new($"The invocation's time was up before the object {key} could be changed; it is tried again.");
}
