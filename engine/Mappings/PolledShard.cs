using Pipeline.Engine.Streams;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Mappings;

/// <summary>
/// A shard read by GetRecords: polled about once a second, and what one answer brought is there at once.
/// </summary>
internal sealed class PolledShard(Shard shard, Scheduler scheduler, EngineSettings settings) : IShardSource
{
    private ReadAllowance _allowance;
    private DateTimeOffset _nextPoll = DateTimeOffset.MinValue;

    // A poll that is due later than the moment is waited for all the same: it is how the window gets its records.
    public async ValueTask ReadyAsync(LogCursor cursor, DateTimeOffset until)
    {
        if (_allowance.HasRoom && cursor.Next < _allowance.Before)
        {
            return;
        }
        if (scheduler.Now < _nextPoll)
        {
            await Task.Delay(_nextPoll - scheduler.Now, scheduler.Clock);
        }
        _nextPoll = scheduler.Now + settings.PollInterval;
        _allowance = new ReadAllowance(shard.Log.End);
    }

    public bool TryPeek(ref LogCursor cursor, out LoggedRecord record)
    {
        record = default;
        return _allowance.HasRoom && shard.Log.TryRead(ref cursor, _allowance.Before, scheduler.Now, out record);
    }

    public void Take(in LoggedRecord record) => _allowance.Take(record.Data.Length);
}
