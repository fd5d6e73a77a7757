using Pipeline.Engine.Streams;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Mappings;

/// <summary>
/// One source read by several lanes: what one of them took has come for all, and is counted once; the others read it
/// from the log when they get there.
/// </summary>
/// <param name="pollInterval">How often the source polls; null for one that is pushed.</param>
internal sealed class SharedSource(Shard shard, IShardSource source, TimeSpan? pollInterval, Scheduler scheduler)
    : IShardSource
{
    private long _takenBefore;
    private Task? _polling;
    private DateTimeOffset _polledAt = DateTimeOffset.MinValue;

    public async ValueTask ReadyAsync(LogCursor cursor, DateTimeOffset until)
    {
        if (cursor.Next < _takenBefore)
        {
            return;
        }
        if (pollInterval is not { } interval)
        {
            await source.ReadyAsync(cursor, until);
        }
        else if (until > scheduler.Now || _polledAt + interval <= scheduler.Now)
        {
            // Lanes that want a poll at the same time share it. A window that is over waits for none of another lane's.
            _polling = _polling is { IsCompleted: false } ? _polling : PollAsync(cursor, until);
            await _polling;
        }
    }

    private async Task PollAsync(LogCursor cursor, DateTimeOffset until)
    {
        await source.ReadyAsync(cursor, until);
        _polledAt = scheduler.Now;
    }

    public bool TryPeek(ref LogCursor cursor, out LoggedRecord record) =>
        (cursor.Next < _takenBefore && shard.Log.TryRead(ref cursor, _takenBefore, scheduler.Now, out record))
        || source.TryPeek(ref cursor, out record);

    public void Take(in LoggedRecord record)
    {
        if (record.Counter >= _takenBefore)
        {
            source.Take(record);
            _takenBefore = record.Counter + 1;
        }
    }
}
