using Pipeline.Core;
using Pipeline.Engine.Time;

namespace Pipeline.Tests.Functions;

/// <summary>A bucket that keeps what is written, and refuses or fails as a test says.</summary>
internal sealed class FakeBucket(Scheduler scheduler, List<string> effects) : IBucketPort
{
    /// <summary>Asked for each write by its number, from 0: true fails it before it took effect.</summary>
    public Func<int, bool> Fails { get; set; } = _ => false;

    /// <summary>Asked for each write by its number, from 0: true answers that another write is under way.</summary>
    public Func<int, bool> Conflicts { get; set; } = _ => false;

    /// <summary>Every write with the moment it was tried.</summary>
    public List<(DateTimeOffset At, string Key, byte[] Body, WriteCondition Condition)> Writes { get; } = [];

    public SortedDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    public async ValueTask<WriteResult> PutAsync(
        string key, ReadOnlyMemory<byte> body, WriteCondition condition, CancellationToken cancellation)
    {
        var write = Writes.Count;
        Writes.Add((scheduler.Now, key, body.ToArray(), condition));
        await Task.Delay(TimeSpan.Zero, scheduler.Clock, cancellation);
        if (Fails(write))
        {
            throw new PortFaultException("The store failed.");
        }
        if (Conflicts(write))
        {
            return new WriteResult(WriteStatus.Conflict, null);
        }
        if (condition.IfNoneMatch && Objects.ContainsKey(key))
        {
            return new WriteResult(WriteStatus.PreconditionFailed, null);
        }
        Objects[key] = body.ToArray();
        effects.Add("store " + string.Join(' ', BadRowText.Rows(body.Span).Select(row => row.Position)));
        return new WriteResult(WriteStatus.Written, "etag");
    }

    public ValueTask<StoredObject?> GetAsync(string key, CancellationToken cancellation) =>
        ValueTask.FromResult(Objects.TryGetValue(key, out var body) ? new StoredObject(body, "etag") : null);
}
