using System.Security.Cryptography;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Time;

namespace Pipeline.Tests.Functions;

/// <summary>
/// A bucket with ETags and conditions as S3 has them, whose calls take time, break, or end the worker as a test says.
/// </summary>
internal sealed class WorkerBucket(Scheduler scheduler) : IBucketPort
{
    public SortedDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Asked for each call by its number, from 0: it breaks off there.</summary>
    public Func<int, RequestFault> Breaks { get; set; } = _ => RequestFault.None;

    /// <summary>What breaks off is the worker, by its death, and not the call, by a fault it could catch.</summary>
    public bool BreaksAreDeaths { get; set; }

    /// <summary>A request that is lost arrives after all, so much later; null when it does not.</summary>
    public TimeSpan? LostArriveAfter { get; set; }

    /// <summary>A fault is one that stays, however soon the call is made again.</summary>
    public bool BreaksAreLasting { get; set; }

    /// <summary>Asked for each write by its number, from 0: true answers that another write is under way.</summary>
    public Func<int, bool> Conflicts { get; set; } = _ => false;

    /// <summary>How long a call takes until it has its effect, and from there until its answer is heard.</summary>
    public Func<TimeSpan> Takes { get; set; } = () => TimeSpan.Zero;

    public int Calls { get; private set; }

    public int Writes { get; private set; }

    public ValueTask<WriteResult> PutAsync(
        string key, ReadOnlyMemory<byte> body, WriteCondition condition, CancellationToken cancellation)
    {
        var copy = body.ToArray();
        var write = Writes++;
        return CallAsync(() => Put(write, key, copy, condition), cancellation);
    }

    public ValueTask<StoredObject?> GetAsync(string key, CancellationToken cancellation) => CallAsync(
        () => Objects.TryGetValue(key, out var body) ? new StoredObject(body, ETagOf(body)) : null, cancellation);

    private WriteResult Put(int write, string key, byte[] body, WriteCondition condition)
    {
        if (Conflicts(write))
        {
            return new WriteResult(WriteStatus.Conflict, null);
        }
        var isThere = Objects.TryGetValue(key, out var before);
        if (condition.IfMatch is not null && !isThere)
        {
            throw new PortFaultException($"NoSuchKey: there is no object '{key}' to replace.");
        }
        if ((condition.IfNoneMatch && isThere) || (condition.IfMatch is { } etag && ETagOf(before!) != etag))
        {
            return new WriteResult(WriteStatus.PreconditionFailed, null);
        }
        Objects[key] = body;
        return new WriteResult(WriteStatus.Written, ETagOf(body));
    }

    private async ValueTask<T> CallAsync<T>(Func<T> effect, CancellationToken cancellation)
    {
        var fault = Breaks(Calls++);
        await Task.Delay(Takes(), scheduler.Clock, cancellation);
        if (fault == RequestFault.Lost)
        {
            if (LostArriveAfter is { } late)
            {
                scheduler.Start(() => ArriveAsync(effect, late));
            }
            throw Broken();
        }
        var answer = effect();
        await Task.Delay(Takes(), scheduler.Clock, cancellation);
        return fault == RequestFault.None ? answer : throw Broken();
    }

    private async Task ArriveAsync<T>(Func<T> effect, TimeSpan late)
    {
        await Task.Delay(late, scheduler.Clock);
        try
        {
            effect();
        }
        catch (PortFaultException)
        {
            // Nobody hears the answer.
        }
    }

    private Exception Broken() => BreaksAreDeaths
        ? new OperationCanceledException("The worker died.")
        : new PortFaultException("The store broke.") { IsLasting = BreaksAreLasting };

    private static string ETagOf(byte[] body) => Convert.ToHexStringLower(MD5.HashData(body));
}
