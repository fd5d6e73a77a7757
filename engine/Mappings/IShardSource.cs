using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Mappings;

/// <summary>How the records of one shard come to a mapping, and how soon.</summary>
internal interface IShardSource
{
    /// <summary>Waits until there may be a record at the cursor, at most until a moment.</summary>
    ValueTask ReadyAsync(LogCursor cursor, DateTimeOffset until);

    /// <summary>
    /// The record at the cursor, if it has come; the cursor moves past it, and past what retention ended before it.
    /// </summary>
    bool TryPeek(ref LogCursor cursor, out LoggedRecord record);

    /// <summary>Counts a record that was taken.</summary>
    void Take(in LoggedRecord record);
}
