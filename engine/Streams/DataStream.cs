using System.Globalization;
using System.Text;
using Pipeline.Core;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Streams;

/// <summary>
/// A Kinesis data stream: records go to the shard whose range holds their hash key, and are answered one by one.
/// </summary>
public sealed class DataStream
{
    private readonly Scheduler _scheduler;
    private readonly Dictionary<string, UInt128> _hashKeys = new(StringComparer.Ordinal);
    private readonly byte[] _key = new byte[4 * Limits.PartitionKeyCharactersMax];

    /// <param name="shards">Ascending by range, covering all hash keys.</param>
    public DataStream(string name, string arn, IReadOnlyList<Shard> shards, Scheduler scheduler)
    {
        (Name, Arn, Shards, _scheduler) = (name, arn, shards, scheduler);
    }

    public string Name { get; }

    public string Arn { get; }

    public IReadOnlyList<Shard> Shards { get; }

    /// <summary>Called for each record taken: the shard, its counter, its data.</summary>
    public Action<Shard, long, ReadOnlyMemory<byte>>? Taken { get; set; }

    /// <summary>May refuse an entry as throttled, for tests; called with the shard.</summary>
    public Func<Shard, bool>? RefusePut { get; set; }

    /// <summary>
    /// PutRecords: one result per entry, in the request's order; a refused entry does not stop later ones.
    /// </summary>
    /// <exception cref="PortFaultException">The request breaks a limit of the API; nothing was taken.</exception>
    public IReadOnlyList<PutResult> PutRecords(IReadOnlyList<PutEntry> entries)
    {
        Check(entries);
        var results = new PutResult[entries.Count];
        for (var i = 0; i < entries.Count; i++)
        {
            results[i] = Put(entries[i]);
        }
        return results;
    }

    private PutResult Put(in PutEntry entry)
    {
        var shard = ShardOf(entry.ExplicitHashKey is { } text ? ParseHashKey(text) : HashKey.Of(entry.PartitionKey));
        var key = _key.AsSpan(0, Encoding.UTF8.GetBytes(entry.PartitionKey, _key));
        if (RefusePut?.Invoke(shard) == true
            || !shard.TryAppend(key, entry.Data.Span, _scheduler.Now, out var sequence))
        {
            return new PutResult(
                null, null, "ProvisionedThroughputExceededException",
                $"Rate exceeded for shard {shard.Id} in stream {Name}.");
        }
        Taken?.Invoke(shard, shard.Log.End - 1, entry.Data);
        return new PutResult(shard.Id, sequence.ToString(), null, null);
    }

    private Shard ShardOf(UInt128 hashKey)
    {
        var (low, high) = (0, Shards.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = Shards[middle].Range.First <= hashKey ? (middle, high) : (low, middle - 1);
        }
        return Shards[low];
    }

    private UInt128 ParseHashKey(string text)
    {
        if (!_hashKeys.TryGetValue(text, out var hashKey))
        {
            if (!HashKey.TryParse(text, out hashKey))
            {
                throw Invalid($"ExplicitHashKey '{text}' is no number from 0 to 2^128-1.");
            }
            if (_hashKeys.Count < Limits.SlotsMax)
            {
                _hashKeys.Add(text, hashKey);
            }
        }
        return hashKey;
    }

    private void Check(IReadOnlyList<PutEntry> entries)
    {
        if (entries.Count is 0 or > Limits.PutRecordsCountMax)
        {
            throw Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"{entries.Count} records; allowed are 1 to {Limits.PutRecordsCountMax}."));
        }
        long total = 0;
        foreach (var entry in entries)
        {
            if (CharactersOf(entry.PartitionKey) is 0 or > Limits.PartitionKeyCharactersMax)
            {
                throw Invalid(string.Create(
                    CultureInfo.InvariantCulture,
                    $"a partition key of {CharactersOf(entry.PartitionKey)} characters; allowed are 1 to 256."));
            }
            if (entry.ExplicitHashKey is { } hashKey)
            {
                ParseHashKey(hashKey);
            }
            var size = Encoding.UTF8.GetByteCount(entry.PartitionKey) + entry.Data.Length;
            if (size > Limits.RecordBytesMax)
            {
                throw Invalid($"a record of {size} bytes with its key; allowed are {Limits.RecordBytesMax}.");
            }
            total += size;
        }
        if (total > Limits.PutRecordsBytesMax)
        {
            throw Invalid($"a request of {total} bytes; allowed are {Limits.PutRecordsBytesMax}.");
        }
    }

    /// <summary>Unicode characters: a surrogate pair is one.</summary>
    private static int CharactersOf(string key) =>
        key.Length <= Limits.PartitionKeyCharactersMax ? key.Length : key.EnumerateRunes().Count();

    private PortFaultException Invalid(string what) => new($"InvalidArgumentException: PutRecords on {Name}: {what}");
}
