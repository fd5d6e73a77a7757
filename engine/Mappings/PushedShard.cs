using Pipeline.Core;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Mappings;

/// <summary>
/// A shard read through a consumer of its own (enhanced fan-out): records are pushed soon after they came, at most
/// 2 MiB a second.
/// </summary>
/// <remarks>
/// AWS publishes the rate and not how it is metered; one second's worth that fills evenly, and that one record may
/// overdraw, is our choice. Source: "Develop enhanced fan-out consumers with dedicated throughput".
/// </remarks>
internal sealed class PushedShard(Shard shard, Scheduler scheduler, EngineSettings settings) : IShardSource
{
    private double _bytes = Limits.ConsumerBytesPerSecondMax;
    private DateTimeOffset _filledAt = scheduler.Now;

    public async ValueTask ReadyAsync(LogCursor cursor, DateTimeOffset until)
    {
        if (shard.Log.TryRead(ref cursor, long.MaxValue, scheduler.Now, out var record))
        {
            var ready = ReadyAt(record);
            ready = ready < until ? ready : until;
            if (ready > scheduler.Now)
            {
                // A delay is cut to whole milliseconds; one that ended just short of the moment would bring nothing.
                var wait = TimeSpan.FromMilliseconds(Math.Ceiling((ready - scheduler.Now).TotalMilliseconds));
                await Task.Delay(wait, scheduler.Clock);
            }
        }
    }

    public bool TryPeek(ref LogCursor cursor, out LoggedRecord record)
    {
        var after = cursor;
        var found = shard.Log.TryRead(ref after, long.MaxValue, scheduler.Now, out record);
        if (found && ReadyAt(record) > scheduler.Now)
        {
            return false;
        }
        cursor = after;
        return found;
    }

    public void Take(in LoggedRecord record) => _bytes -= record.Data.Length + record.PartitionKey.Length;

    private DateTimeOffset ReadyAt(in LoggedRecord record)
    {
        var now = scheduler.Now;
        var filled = _bytes + ((now - _filledAt).TotalSeconds * Limits.ConsumerBytesPerSecondMax);
        (_bytes, _filledAt) = (Math.Min(Limits.ConsumerBytesPerSecondMax, filled), now);
        var pushed = record.ArrivedAt + settings.PushLatency;
        var paid = _bytes > 0 ? now : now + TimeSpan.FromSeconds((1 - _bytes) / Limits.ConsumerBytesPerSecondMax);
        return pushed > paid ? pushed : paid;
    }
}
