using Pipeline.Engine.Time;

namespace Pipeline.Engine.Streams;

/// <summary>
/// Has the shards of a stream read, the new ones too: a child only when all its parents are read to their end and done.
/// </summary>
/// <param name="read">Reads a shard; its task ends when the shard is closed and everything in it is done.</param>
internal sealed class ShardLineage(DataStream stream, Scheduler scheduler, Func<Shard, Task> read)
{
    private readonly HashSet<Shard> _begun = [];
    private readonly HashSet<Shard> _done = [];

    /// <summary>Begins with the shards there are, and goes on with those that come.</summary>
    public void Start()
    {
        stream.Resharded += () => Begin(stream.Shards);
        Begin(stream.Shards);
    }

    private void Begin(IReadOnlyList<Shard> shards)
    {
        foreach (var shard in shards)
        {
            if (shard.Parents.All(_done.Contains) && _begun.Add(shard))
            {
                scheduler.Start(() => ReadAsync(shard));
            }
        }
    }

    private async Task ReadAsync(Shard shard)
    {
        await read(shard);
        _done.Add(shard);
        Begin(shard.Children);
    }
}
