using Pipeline.Core;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Streams;

/// <summary>One shard: a hash range, a write budget, a log. Once closed it is only read.</summary>
public sealed class Shard(int index, HashRange range, DateTimeOffset createdAt, ShardLog log)
{
    private readonly WriteBudget _budget = new(createdAt);

    /// <summary>The number in its id.</summary>
    public int Index => index;

    /// <summary>Such as <c>shardId-000000000003</c>.</summary>
    public string Id { get; } = IdOf(index);

    public HashRange Range => range;

    public DateTimeOffset CreatedAt => createdAt;

    public ShardLog Log => log;

    /// <summary>
    /// The shards it came from: none, the one that was split, or the two that were merged, first the one to merge.
    /// </summary>
    public IReadOnlyList<Shard> Parents { get; init; } = [];

    /// <summary>The shards that took its range over; empty while it is open.</summary>
    public IReadOnlyList<Shard> Children { get; private set; } = [];

    /// <summary>When it was split or merged; null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    public bool IsClosed => ClosedAt is not null;

    /// <summary>What its readers share, but for those with a consumer of their own.</summary>
    public ReadLimits Reads { get; } = new();

    /// <summary>How often iterators may be asked for.</summary>
    public CallLimit Iterators { get; } = new(Limits.ShardIteratorsPerSecondMax);

    /// <summary>A number that none of its records' is below.</summary>
    public string StartingSequenceNumber =>
        new SequenceParts(createdAt.ToUnixTimeSeconds(), index, 0, createdAt.ToUnixTimeSeconds()).ToString();

    /// <summary>A number above all of its records'; null while it is open. Source of the form: kinesalite.</summary>
    public string? EndingSequenceNumber => ClosedAt is { } closedAt
        ? new SequenceParts(
            createdAt.ToUnixTimeSeconds(), index, long.MaxValue, closedAt.ToUnixTimeSeconds()).ToString()
        : null;

    /// <summary>The id of the shard with a number.</summary>
    public static string IdOf(int index) => $"shardId-{index:D12}";

    /// <summary>Takes a record, or refuses it when the shard's write limits are used up.</summary>
    public bool TryAppend(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, DateTimeOffset now, out SequenceNumber sequence)
    {
        if (!_budget.TryTake(key.Length + data.Length, now))
        {
            sequence = default;
            return false;
        }
        sequence = log.Append(key, data, now);
        return true;
    }

    /// <summary>
    /// One GetRecords call of a reader that waits for its turn among all who poll the shard.
    /// </summary>
    /// <returns>The counter before which the records are that the call brought.</returns>
    public async ValueTask<long> PollAsync(LogCursor cursor, Scheduler scheduler)
    {
        do
        {
            await WaitAsync(Reads.FreeAt, scheduler);
            await WaitAsync(Reads.Reserve(scheduler.Now), scheduler);
        }
        while (Reads.FreeAt > scheduler.Now);
        var (before, bytes) = log.Measure(cursor, Limits.GetRecordsCountMax, scheduler.Now);
        Reads.Answered(bytes, scheduler.Now);
        return before;
    }

    /// <summary>Ends it; its children take its range over. Who reads it is told by <see cref="Announce"/>.</summary>
    internal void Close(DateTimeOffset now, IReadOnlyList<Shard> children) => (ClosedAt, Children) = (now, children);

    /// <summary>Wakes the readers of a shard that was closed.</summary>
    internal void Announce() => log.Close();

    private static async ValueTask WaitAsync(DateTimeOffset moment, Scheduler scheduler)
    {
        if (moment > scheduler.Now)
        {
            // A delay is cut to whole milliseconds; one that ended just short of the moment would be no turn.
            var wait = TimeSpan.FromMilliseconds(Math.Ceiling((moment - scheduler.Now).TotalMilliseconds));
            await Task.Delay(wait, scheduler.Clock);
        }
    }
}
