using System.Text;
using Pipeline.Core;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Streams;

/// <summary>
/// A Kinesis data stream: records go to the open shard whose range holds their hash key, and are answered one by one.
/// </summary>
public sealed class DataStream
{
    private readonly StreamLogs _logs;
    private readonly Scheduler _scheduler;
    private readonly PutRules _rules;
    private readonly byte[] _key = new byte[4 * Limits.PartitionKeyCharactersMax];
    private readonly List<Shard> _shards = [];

    /// <param name="saved">Where a run before stopped; null for a new stream with the shards of the template.</param>
    public DataStream(
        StreamModel model, StreamLogs logs, Scheduler scheduler, EngineSettings settings, StreamState? saved = null)
    {
        (Model, _logs, _scheduler) = (model, logs, scheduler);
        _rules = new PutRules(model.Name, model.RecordBytesMax);
        if (saved is null)
        {
            for (var i = 0; i < model.ShardCount; i++)
            {
                _shards.Add(Create(HashRange.Of(i, model.ShardCount), scheduler.Now, []));
            }
        }
        else
        {
            Restore(saved.Shards);
        }
        Open = InOrder(_shards.Where(shard => !shard.IsClosed));
        Resharding = new Resharding(this, scheduler, settings.ReshardingTime, saved?.Scalings ?? []);
    }

    public StreamModel Model { get; }

    public string Name => Model.Name;

    public string Arn => Model.Arn;

    /// <summary>When it came to be.</summary>
    public DateTimeOffset CreatedAt => _shards[0].CreatedAt;

    /// <summary>All shards there ever were, by the numbers in their ids.</summary>
    public IReadOnlyList<Shard> Shards => _shards;

    /// <summary>The shards that take records: ascending by range, covering all hash keys.</summary>
    public IReadOnlyList<Shard> Open { get; private set; }

    /// <summary>Its splits and merges.</summary>
    public Resharding Resharding { get; }

    /// <summary>Shards were closed, and new ones took their ranges over.</summary>
    public event Action? Resharded;

    /// <summary>Called for each record taken: the shard, its counter, its data.</summary>
    public Action<Shard, long, ReadOnlyMemory<byte>>? Taken { get; set; }

    /// <summary>May refuse an entry as throttled, for tests; called with the shard.</summary>
    public Func<Shard, bool>? RefusePut { get; set; }

    /// <summary>
    /// PutRecords: one result per entry, in the request's order; a refused entry does not stop later ones.
    /// </summary>
    /// <exception cref="ServiceException">The request breaks a limit of the API; nothing was taken.</exception>
    public IReadOnlyList<PutResult> PutRecords(IReadOnlyList<PutEntry> entries)
    {
        _rules.Check(entries);
        var results = new PutResult[entries.Count];
        for (var i = 0; i < entries.Count; i++)
        {
            results[i] = Put(entries[i]);
        }
        return results;
    }

    /// <summary>PutRecord: takes one record.</summary>
    /// <param name="sequenceNumberForOrdering">The number that the record before it got; may be null.</param>
    /// <exception cref="ServiceException">A limit is broken or used up; nothing was taken.</exception>
    public PutResult PutRecord(in PutEntry entry, string? sequenceNumberForOrdering = null)
    {
        _rules.CheckRecord(entry);
        // Numbers only grow within a shard and its children, so that the record comes after is so already.
        if (sequenceNumberForOrdering is { } before
            && (!SequenceParts.TryParse(before, out var parts)
                || parts.Arrival > _scheduler.Now.ToUnixTimeSeconds()))
        {
            throw new ServiceException(
                ServiceException.InvalidArgument,
                $"SequenceNumberForOrdering '{before}' is no number that {Name} gave so far.");
        }
        var result = Put(entry);
        return result.Accepted ? result : throw new ServiceException(result.ErrorCode!, result.ErrorMessage!);
    }

    /// <summary>Whether a shard is gone: closed for longer than its records are kept.</summary>
    public bool IsExpired(Shard shard) =>
        shard.ClosedAt is { } closedAt && _scheduler.Now - closedAt > Model.Retention;

    /// <summary>The shard of an id.</summary>
    /// <exception cref="ServiceException">There is none, or no longer.</exception>
    public Shard Find(string shardId) =>
        _shards.Find(shard => shard.Id == shardId) is { } found && !IsExpired(found)
            ? found
            : throw new ServiceException(
                ServiceException.ResourceNotFound, $"there is no shard '{shardId}' in the stream {Name}.");

    /// <summary>Saves its shards; their logs go to their files.</summary>
    public StreamState Save()
    {
        foreach (var shard in _shards.Where(shard => shard.IsClosed))
        {
            shard.Log.Trim(_scheduler.Now);
        }
        return new StreamState(
            Model,
            [.. _shards.Select(shard => new ShardState(
                shard.Range, shard.CreatedAt, shard.ClosedAt, [.. shard.Parents.Select(parent => parent.Index)],
                shard.Log.End, [.. shard.Log.Save()]))],
            [.. Resharding.Scalings]);
    }

    /// <summary>Closes shards and opens those that take their ranges over, all at one moment.</summary>
    internal void Replace(IReadOnlyList<Replacement> replacements)
    {
        var now = _scheduler.Now;
        foreach (var (parents, ranges) in replacements)
        {
            // Numbers begin with the second of the shard's creation, and a child's are above its parents'.
            var after = parents.Max(parent => parent.CreatedAt) + TimeSpan.FromSeconds(1);
            var children = new List<Shard>();
            foreach (var range in ranges)
            {
                children.Add(Create(range, now > after ? now : after, parents));
                _shards.Add(children[^1]);
            }
            foreach (var parent in parents)
            {
                parent.Close(now, children);
            }
        }
        Open = InOrder(_shards.Where(shard => !shard.IsClosed));
        foreach (var parent in replacements.SelectMany(replacement => replacement.Parents))
        {
            parent.Announce();
        }
        Resharded?.Invoke();
    }

    private Shard Create(HashRange range, DateTimeOffset createdAt, IReadOnlyList<Shard> parents)
    {
        var sequence = new SequenceCounter(createdAt, _shards.Count);
        return new Shard(_shards.Count, range, createdAt, _logs.Open(Model, _shards.Count, sequence))
        {
            Parents = parents,
        };
    }

    private void Restore(List<ShardState> saved)
    {
        for (var i = 0; i < saved.Count; i++)
        {
            var sequence = new SequenceCounter(saved[i].CreatedAt, i, saved[i].Next);
            var log = _logs.Open(Model, i, sequence, saved[i].Segments);
            _shards.Add(new Shard(i, saved[i].Range, saved[i].CreatedAt, log)
            {
                Parents = [.. saved[i].Parents.Select(parent => _shards[parent])],
            });
        }
        for (var i = 0; i < saved.Count; i++)
        {
            if (saved[i].ClosedAt is { } closedAt)
            {
                var parent = _shards[i];
                parent.Close(closedAt, [.. _shards.Where(shard => shard.Parents.Contains(parent))]);
            }
        }
    }

    private PutResult Put(in PutEntry entry)
    {
        var shard = ShardOf(_rules.HashKeyOf(entry));
        var key = _key.AsSpan(0, Encoding.UTF8.GetBytes(entry.PartitionKey, _key));
        if (RefusePut?.Invoke(shard) == true
            || !shard.TryAppend(key, entry.Data.Span, _scheduler.Now, out var sequence))
        {
            return new PutResult(
                null, null, ServiceException.ThroughputExceeded,
                $"Rate exceeded for shard {shard.Id} in stream {Name} under account {Account.Id}.");
        }
        Taken?.Invoke(shard, shard.Log.End - 1, entry.Data);
        return new PutResult(shard.Id, sequence.ToString(), null, null);
    }

    private Shard ShardOf(UInt128 hashKey)
    {
        var (low, high) = (0, Open.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = Open[middle].Range.First <= hashKey ? (middle, high) : (low, middle - 1);
        }
        return Open[low];
    }

    private static Shard[] InOrder(IEnumerable<Shard> shards) => [.. shards.OrderBy(shard => shard.Range.First)];
}
