using Pipeline.Core;
using Pipeline.Core.Commands;
using Pipeline.Functions.Pump;

namespace Pipeline.Functions.Execute;

/// <summary>Whether a command may be carried out now.</summary>
public enum ClaimStatus
{
    /// <summary>It may, by us, until the lease ends.</summary>
    Claimed,

    /// <summary>Someone else is carrying it out; its lease has not ended.</summary>
    Leased,

    /// <summary>It needs nothing more.</summary>
    Finished,

    /// <summary>Its deadline had passed before anyone began; it is recorded so.</summary>
    Expired,
}

/// <summary>The right to carry a command out.</summary>
/// <param name="ETag">The record's version; whoever takes the command over changes it.</param>
/// <param name="IsRedo">An earlier attempt began; it may have had the effect.</param>
public sealed record Claim(ClaimStatus Status, ExecutionRecord Record, string? ETag, bool IsRedo);

/// <summary>
/// The records of commands: one object each, created before the effect and finished after it, so that a command is
/// carried out once however often it is delivered.
/// </summary>
/// <param name="lease">How long one attempt keeps others away; longer than an invocation can last.</param>
public sealed class ExecutionRecords(IBucketPort bucket, TimeSpan lease, TimeProvider time, Random random)
{
    /// <summary>Claims a command that was just delivered.</summary>
    /// <exception cref="PortFaultException">The bucket failed, or was busy until the deadline.</exception>
    public async ValueTask<Claim> ClaimAsync(Command command, Delivery delivery, CancellationToken cancellation)
    {
        var key = ExecutionRecord.Key(command.Id);
        var backoff = new Backoff(time, random);
        StoredObject? stored = null;
        var tries = 0;
        while (true)
        {
            var existing = stored is null ? null : ExecutionRecord.Read(key, stored.Body);
            if (existing is { IsFinished: true })
            {
                return new Claim(ClaimStatus.Finished, existing, null, IsRedo: false);
            }
            var now = delivery.Now;
            if (now < existing?.LeaseUntil)
            {
                return new Claim(ClaimStatus.Leased, existing, null, IsRedo: false);
            }
            var claim = Next(command, existing, now);
            var condition = stored is null ? WriteCondition.CreateOnly : WriteCondition.Replace(stored.ETag);
            var result = await bucket.PutAsync(key, claim.Record.Write(), condition, cancellation);
            if (result.Status == WriteStatus.Written)
            {
                return claim with { ETag = result.ETag };
            }
            if (tries++ > 0 || result.Status == WriteStatus.Conflict)
            {
                await WaitAsync(command, backoff, delivery, cancellation);
            }
            stored = await bucket.GetAsync(key, cancellation);
        }
    }

    /// <summary>Finishes a claimed command; false when someone else has taken it over.</summary>
    /// <exception cref="PortFaultException">The bucket failed, or was busy until the deadline.</exception>
    public async ValueTask<bool> FinishAsync(
        Command command, Claim claim, Effect effect, Delivery delivery, CancellationToken cancellation)
    {
        var key = ExecutionRecord.Key(command.Id);
        var backoff = new Backoff(time, random);
        var finished = claim.Record with
        {
            FinishedAt = delivery.Now,
            Outcome = effect.Outcome,
            Detail = effect.Detail,
            LeaseUntil = null,
        };
        var body = finished.Write();
        while (true)
        {
            var result = await bucket.PutAsync(key, body, WriteCondition.Replace(claim.ETag!), cancellation);
            if (result.Status != WriteStatus.Conflict)
            {
                return result.Status == WriteStatus.Written;
            }
            await WaitAsync(command, backoff, delivery, cancellation);
        }
    }

    /// <summary>Records why a command cannot be carried out; false when it was finished before.</summary>
    /// <exception cref="PortFaultException">The bucket failed, or was busy until the deadline.</exception>
    public async ValueTask<bool> NoteAsync(
        Command command, string error, Delivery delivery, CancellationToken cancellation)
    {
        var key = ExecutionRecord.Key(command.Id);
        var backoff = new Backoff(time, random);
        StoredObject? stored = null;
        var tries = 0;
        while (true)
        {
            var existing = stored is null ? null : ExecutionRecord.Read(key, stored.Body);
            if (existing is { IsFinished: true })
            {
                return false;
            }
            if (existing?.Error == error)
            {
                return true;
            }
            // A lease stays: an attempt that began before, under other rules, may have had the effect.
            var next = (existing ?? ExecutionRecord.Of(command, delivery.Now)) with { Error = error };
            var condition = stored is null ? WriteCondition.CreateOnly : WriteCondition.Replace(stored.ETag);
            var result = await bucket.PutAsync(key, next.Write(), condition, cancellation);
            if (result.Status == WriteStatus.Written)
            {
                return true;
            }
            if (tries++ > 0 || result.Status == WriteStatus.Conflict)
            {
                await WaitAsync(command, backoff, delivery, cancellation);
            }
            stored = await bucket.GetAsync(key, cancellation);
        }
    }

    private Claim Next(Command command, ExecutionRecord? existing, DateTimeOffset now)
    {
        if (existing is { LeaseUntil: not null })
        {
            var taken = existing with { LeaseUntil = now + lease, Error = null };
            return new Claim(ClaimStatus.Claimed, taken, null, IsRedo: true);
        }
        var record = ExecutionRecord.Of(command, now);
        return now > command.Deadline
            ? new Claim(
                ClaimStatus.Expired,
                record with { FinishedAt = now, Outcome = CommandOutcome.Expired },
                null,
                IsRedo: false)
            : new Claim(ClaimStatus.Claimed, record with { LeaseUntil = now + lease }, null, IsRedo: false);
    }

    private static async ValueTask WaitAsync(
        Command command, Backoff backoff, Delivery delivery, CancellationToken cancellation)
    {
        if (!await backoff.WaitAsync(delivery.Deadline, cancellation))
        {
            throw new PortFaultException(
                $"The invocation's time was up before the record of command {command.Id} could be written.");
        }
        delivery.CountRetry();
    }
}
