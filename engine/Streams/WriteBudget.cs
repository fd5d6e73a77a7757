using Pipeline.Core;

namespace Pipeline.Engine.Streams;

/// <summary>A shard's write limits: two buckets that hold one second's worth and fill evenly.</summary>
/// <remarks>
/// AWS publishes the limits (1,000 records/s, 1 MiB/s) and not the algorithm; a bucket of one second is our choice.
/// A record larger than the bucket, where the stream allows such, goes when the bucket is full and overdraws it.
/// </remarks>
public sealed class WriteBudget(DateTimeOffset start)
{
    private double _records = Limits.ShardRecordsPerSecondMax;
    private double _bytes = Limits.ShardBytesPerSecondMax;
    private DateTimeOffset _filledAt = start;

    /// <summary>Takes a record's share of both limits; false, and nothing taken, when either is short.</summary>
    public bool TryTake(int bytes, DateTimeOffset now)
    {
        var seconds = Math.Max(0, (now - _filledAt).TotalSeconds);
        _filledAt = now;
        _records = Math.Min(Limits.ShardRecordsPerSecondMax, _records + (seconds * Limits.ShardRecordsPerSecondMax));
        _bytes = Math.Min(Limits.ShardBytesPerSecondMax, _bytes + (seconds * Limits.ShardBytesPerSecondMax));
        if (_records < 1 || _bytes < Math.Min(bytes, Limits.ShardBytesPerSecondMax))
        {
            return false;
        }
        _records--;
        _bytes -= bytes;
        return true;
    }
}
