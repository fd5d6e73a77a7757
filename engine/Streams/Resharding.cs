using Pipeline.Core;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Streams;

/// <summary>Whether a stream is being resharded.</summary>
public enum StreamStatus
{
    /// <summary>It is not.</summary>
    Active,

    /// <summary>It is; reads and writes go on meanwhile.</summary>
    Updating,
}

/// <summary>Shards that are closed, and the ranges of those that take their place.</summary>
internal sealed record Replacement(IReadOnlyList<Shard> Parents, IReadOnlyList<HashRange> Ranges);

/// <summary>The splits and merges of one stream: one operation at a time, each taking a while.</summary>
/// <remarks>
/// An operation is checked and answered at once; its shards change when its time is over, all at one moment. AWS
/// publishes neither how long it takes nor when within that time. Source: SplitShard, MergeShards, UpdateShardCount.
/// </remarks>
public sealed class Resharding
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly DataStream _stream;
    private readonly Scheduler _scheduler;
    private readonly TimeSpan _time;
    private readonly List<DateTimeOffset> _scalings;

    internal Resharding(
        DataStream stream, Scheduler scheduler, TimeSpan time, IReadOnlyList<DateTimeOffset> scalings)
    {
        (_stream, _scheduler, _time, _scalings) = (stream, scheduler, time, [.. scalings]);
    }

    public StreamStatus Status { get; private set; } = StreamStatus.Active;

    /// <summary>When UpdateShardCount was called in the last 24 hours.</summary>
    public IReadOnlyList<DateTimeOffset> Scalings => _scalings;

    /// <summary>SplitShard.</summary>
    /// <param name="newStart">The upper child's first hash key: above the second of the shard, below its last.</param>
    /// <exception cref="ServiceException">The API would refuse it.</exception>
    public void Split(string shardId, UInt128 newStart)
    {
        var shard = FindOpen(shardId);
        var range = shard.Range;
        // A sum cannot overflow this way round. Source of the bounds: kinesalite.
        if (newStart <= range.First || newStart - range.First < 2 || newStart >= range.Last)
        {
            throw Refused(
                ServiceException.InvalidArgument,
                $"NewStartingHashKey {newStart} does not split {shardId}; allowed are keys above {range.First} + 1 and"
                + $" below {range.Last}.");
        }
        CheckCount(_stream.Open.Count + 1);
        Begin(() => [new Replacement([shard], [new(range.First, newStart - 1), new(newStart, range.Last)])]);
    }

    /// <summary>MergeShards: the first becomes the child's parent, the other its adjacent parent.</summary>
    /// <param name="shardId">The lower of the two. AWS does not say so; kinesalite found that it must be.</param>
    /// <exception cref="ServiceException">The API would refuse it.</exception>
    public void Merge(string shardId, string adjacentShardId)
    {
        var (shard, adjacent) = (FindOpen(shardId), FindOpen(adjacentShardId));
        if (!shard.Range.IsFollowedBy(adjacent.Range))
        {
            throw Refused(
                ServiceException.InvalidArgument,
                $"{shardId} and {adjacentShardId} are not adjacent; allowed are shards with no hash key between them,"
                + " the lower one first.");
        }
        var range = new HashRange(shard.Range.First, adjacent.Range.Last);
        Begin(() => [new Replacement([shard, adjacent], [range])]);
    }

    /// <summary>UpdateShardCount, uniform: so many shards of equal ranges in the end, by splits and merges.</summary>
    /// <exception cref="ServiceException">The API would refuse it.</exception>
    public void Scale(int count)
    {
        CheckActive();
        CheckCount(count);
        var open = _stream.Open.Count;
        if (count < 1 || count > 2L * open || 2L * count < open)
        {
            throw Refused(
                ServiceException.InvalidArgument,
                $"TargetShardCount {count}; of {open} open shards, {Math.Max(1, (open + 1) / 2)} to {2 * open} can be"
                + " made at once.");
        }
        _scalings.RemoveAll(at => _scheduler.Now - at >= Day);
        if (_scalings.Count >= Limits.ScalingsPerDayMax)
        {
            throw Refused(
                ServiceException.LimitExceeded,
                $"the shards were counted anew {_scalings.Count} times within 24 hours; allowed are"
                + $" {Limits.ScalingsPerDayMax}.");
        }
        _scalings.Add(_scheduler.Now);
        Begin(() => UniformScaling.NextRound(_stream.Open, count));
    }

    /// <summary>Changes shards in rounds of equal time, until a round has nothing to do.</summary>
    private void Begin(Func<IReadOnlyList<Replacement>> nextRound)
    {
        var round = nextRound();
        Status = StreamStatus.Updating;
        _scheduler.Start(async () =>
        {
            do
            {
                await Task.Delay(_time, _scheduler.Clock);
                _stream.Replace(round);
                round = [.. nextRound().Where(next => !next.Parents[0].IsClosed)];
            }
            while (round.Count > 0);
            Status = StreamStatus.Active;
        });
    }

    private Shard FindOpen(string shardId)
    {
        CheckActive();
        var shard = _stream.Find(shardId);
        return shard.IsClosed
            ? throw Refused(
                ServiceException.InvalidArgument,
                $"{shardId} is closed: it was split or merged before; allowed are open shards"
                + $" ({string.Join(", ", _stream.Open.Take(10).Select(open => open.Id))}"
                + $"{(_stream.Open.Count > 10 ? ", …" : "")}).")
            : shard;
    }

    private void CheckActive()
    {
        if (Status != StreamStatus.Active)
        {
            throw new ServiceException(
                ServiceException.ResourceInUse,
                $"the stream {_stream.Name}: it is being resharded; wait until its status is ACTIVE again.")
            {
                PassesWithTime = true,
            };
        }
    }

    private void CheckCount(int count)
    {
        if (count > Limits.ShardsMax)
        {
            throw Refused(
                ServiceException.LimitExceeded, $"{count} shards; allowed are at most {Limits.ShardsMax} open ones.");
        }
    }

    private ServiceException Refused(string code, string why) =>
        new(code, $"the stream {_stream.Name}: {why}");
}
