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
    /// <exception cref="PortFaultException">The bucket failed or others kept writing until the deadline.</exception>
    public async ValueTask<Effect> ChangeAsync(
        string key, Attempt attempt, Decide decide, CancellationToken cancellation)
    {
        var shared = Open(key, attempt.Delivery);
        var mayBeDone = attempt.IsRedo;
        while (true)
        {
            var stored = await shared.GetAsync(cancellation);
            // The lease outlives the deadline: what was read before it was read before anyone could take the command
            // over, and the condition of the write speaks of what was read. So a late worker never has a second effect.
            if (attempt.Delivery.Deadline.HasPassed)
            {
                throw shared.TimeIsUp();
            }
            var change = await decide(stored, mayBeDone);
            if (change.Body is not { } body)
            {
                return change.Effect;
            }
            var condition = stored is null ? WriteCondition.CreateOnly : WriteCondition.Replace(stored.ETag);
            var result = await shared.PutAsync(body, condition, cancellation);
            if (result is { Status: WriteStatus.Written })
            {
                return change.Effect;
            }
            // The other writer may have been an attempt of this very command, or this one whose answer was lost.
            mayBeDone = true;
            if (result is not null)
            {
                await shared.WaitAsync(cancellation);
            }
        }
    }

    /// <summary>Stores an object whose bytes are fixed by its key; one that is there already is the same.</summary>
    /// <exception cref="PortFaultException">The bucket failed or was busy until the deadline.</exception>
    public async ValueTask KeepAsync(
        string key, ReadOnlyMemory<byte> body, Delivery delivery, CancellationToken cancellation)
    {
        var kept = Open(key, delivery);
        while (true)
        {
            var result = await kept.PutAsync(body, WriteCondition.CreateOnly, cancellation);
            if (result is { Status: not WriteStatus.Conflict })
            {
                return;
            }
            if (result is not null)
            {
                await kept.WaitAsync(cancellation);
            }
        }
    }

    /// <summary>Reads an object; null when there is none.</summary>
    /// <exception cref="PortFaultException">The bucket failed until the deadline.</exception>
    public ValueTask<StoredObject?> GetAsync(string key, Delivery delivery, CancellationToken cancellation) =>
        Open(key, delivery).GetAsync(cancellation);

    private PatientObject Open(string key, Delivery delivery) =>
        new(bucket, key, delivery.Deadline, delivery.Patience, time, random) { Retried = delivery.CountRetry };
}
