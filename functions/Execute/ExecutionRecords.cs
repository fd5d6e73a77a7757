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
    /// <exception cref="PortFaultException">The bucket failed or was busy until the deadline.</exception>
    public async ValueTask<Claim> ClaimAsync(Command command, Delivery delivery, CancellationToken cancellation)
    {
        var (key, record) = Open(command, delivery);
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
                // It may be this very claim, whose answer was lost; but another's can look just the same.
                return new Claim(ClaimStatus.Leased, existing, null, IsRedo: false);
            }
            var claim = Next(command, existing, now);
            var condition = stored is null ? WriteCondition.CreateOnly : WriteCondition.Replace(stored.ETag);
            var result = await record.PutAsync(claim.Record.Write(), condition, cancellation);
            if (result is { Status: WriteStatus.Written })
            {
                return claim with { ETag = result.Value.ETag };
            }
            if (IsToWait(result, tries++))
            {
                await record.WaitAsync(cancellation);
            }
            stored = await record.GetAsync(cancellation);
        }
    }

    /// <summary>Finishes a claimed command; false when someone else has taken it over.</summary>
    /// <exception cref="PortFaultException">The bucket failed or was busy until the deadline.</exception>
    public async ValueTask<bool> FinishAsync(
        Command command, Claim claim, Effect effect, Delivery delivery, CancellationToken cancellation)
    {
        var (_, record) = Open(command, delivery);
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
            var result = await record.PutAsync(body, WriteCondition.Replace(claim.ETag!), cancellation);
            if (result is { Status: WriteStatus.Written })
            {
                return true;
            }
            if (result is not null)
            {
                await record.WaitAsync(cancellation);
            }
            var found = await record.GetAsync(cancellation);
            if (found?.ETag != claim.ETag)
            {
                // Someone wrote it: perhaps we did, and the answer was lost.
                return found is not null && found.Body.Span.SequenceEqual(body);
            }
        }
    }

    /// <summary>Records why a command cannot be carried out; false when it was finished before.</summary>
    /// <exception cref="PortFaultException">The bucket failed or was busy until the deadline.</exception>
    public async ValueTask<bool> NoteAsync(
        Command command, string error, Delivery delivery, CancellationToken cancellation)
    {
        var (key, record) = Open(command, delivery);
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
            var result = await record.PutAsync(next.Write(), condition, cancellation);
            if (result is { Status: WriteStatus.Written })
            {
                return true;
            }
            if (IsToWait(result, tries++))
            {
                await record.WaitAsync(cancellation);
            }
            stored = await record.GetAsync(cancellation);
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

    private (string Key, PatientObject Record) Open(Command command, Delivery delivery)
    {
        var key = ExecutionRecord.Key(command.Id);
        var record = new PatientObject(bucket, key, delivery.Deadline, delivery.Patience, time, random)
        {
            Retried = delivery.CountRetry,
        };
        return (key, record);
    }

    /// <summary>
    /// That a record is there already is told by the first write; after a write that broke there was a wait.
    /// </summary>
    private static bool IsToWait(WriteResult? result, int triesBefore) =>
        result is { } answer && (triesBefore > 0 || answer.Status == WriteStatus.Conflict);
}
