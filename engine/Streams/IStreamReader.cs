namespace Pipeline.Engine.Streams;

/// <summary>A consumer of a stream, with a cursor of its own in each shard.</summary>
public interface IStreamReader
{
    /// <summary>Its name in the template.</summary>
    string LogicalId { get; }

    DataStream Stream { get; }

    /// <summary>The place up to which a shard is done.</summary>
    LogCursor Checkpoint(Shard shard);

    /// <summary>Takes up a saved checkpoint; to be called before the start.</summary>
    void Restore(Shard shard, LogCursor checkpoint);

    /// <summary>Begins to read.</summary>
    void Start();
}
