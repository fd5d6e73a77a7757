using Pipeline.Engine.Streams;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Mappings;

/// <summary>
/// A shard read by GetRecords: polled about once a second, and what one answer brought is there at once. All who poll
/// a shard share what it answers.
/// </summary>
internal sealed class PolledShard(Shard shard, Scheduler scheduler, EngineSettings settings) : IShardSource
{
    private long _before;
    private DateTimeOffset _nextPoll = DateTimeOffset.MinValue;

    // A poll that is due later than the moment is waited for all the same: it is how the window gets its records.
    public async ValueTask ReadyAsync(LogCursor cursor, DateTimeOffset until)
    {
        if (cursor.Next < _before)
        {
            return;
        }
        if (scheduler.Now < _nextPoll)
        {
            await Task.Delay(_nextPoll - scheduler.Now, scheduler.Clock);
        }
        _before = await shard.PollAsync(cursor, scheduler);
        _nextPoll = scheduler.Now + settings.PollInterval;
    }

    public bool TryPeek(ref LogCursor cursor, out LoggedRecord record) =>
        shard.Log.TryRead(ref cursor, _before, scheduler.Now, out record);

    public void Take(in LoggedRecord record)
    {
        // What an answer brings was counted when it was answered.
    }
}
