using System.Globalization;
using Pipeline.Core;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Streams;

/// <summary>
/// The operations of Kinesis Data Streams on the engine's streams, by name, with the API's rules and error codes.
/// </summary>
/// <param name="consumers">How many consumers of its own a stream has, by its ARN; null for none.</param>
/// <remarks>Whatever an operation refuses, it refuses as <see cref="ServiceException"/>.</remarks>
public sealed class StreamApi(
    IReadOnlyCollection<DataStream> streams, Scheduler scheduler, Func<string, int>? consumers = null)
{
    private static readonly TimeSpan IteratorLife = TimeSpan.FromSeconds(Limits.ShardIteratorSecondsMax);

    private readonly ControlLimits _limits = new();

    /// <summary>PutRecord: one record, to the open shard of its hash key.</summary>
    public PutResult PutRecord(string stream, in PutEntry entry, string? sequenceNumberForOrdering = null) =>
        Find(stream).PutRecord(entry, sequenceNumberForOrdering);

    /// <summary>PutRecords: one result per entry, in the request's order.</summary>
    public IReadOnlyList<PutResult> PutRecords(string stream, IReadOnlyList<PutEntry> entries) =>
        Find(stream).PutRecords(entries);

    /// <summary>SplitShard; the stream is UPDATING afterwards.</summary>
    /// <param name="newStartingHashKey">A decimal number: the first hash key of the upper child.</param>
    public void SplitShard(string stream, string shardToSplit, string newStartingHashKey)
    {
        _limits.Split(scheduler.Now);
        Find(stream).Resharding.Split(shardToSplit, HashKey.TryParse(newStartingHashKey, out var key)
            ? key
            : throw Invalid($"NewStartingHashKey '{newStartingHashKey}' is no number from 0 to 2^128-1."));
    }

    /// <summary>MergeShards; the stream is UPDATING afterwards.</summary>
    public void MergeShards(string stream, string shardToMerge, string adjacentShardToMerge)
    {
        _limits.Merge(scheduler.Now);
        Find(stream).Resharding.Merge(shardToMerge, adjacentShardToMerge);
    }

    /// <summary>UpdateShardCount with UNIFORM_SCALING; the stream is UPDATING afterwards.</summary>
    public ShardCountAnswer UpdateShardCount(string stream, int targetShardCount)
    {
        _limits.Scale(scheduler.Now);
        var found = Find(stream);
        var current = found.Open.Count;
        found.Resharding.Scale(targetShardCount);
        return new ShardCountAnswer(found.Name, current, targetShardCount);
    }

    /// <summary>DescribeStreamSummary.</summary>
    public StreamSummary DescribeStreamSummary(string stream)
    {
        _limits.Summarize(scheduler.Now);
        var found = Find(stream);
        return new StreamSummary(
            found.Name, found.Arn, found.Resharding.Status, (int)found.Model.Retention.TotalHours, found.CreatedAt,
            found.Open.Count, consumers?.Invoke(found.Arn) ?? 0, found.Model.RecordBytesMax / 1024);
    }

    /// <summary>ListShards: the stream's shards by id, those left out whose records retention ended.</summary>
    public ShardList ListShards(string stream, ShardFilter? filter = null, int? maxResults = null) =>
        List(new ShardListing(stream, filter, maxResults, -1, scheduler.Now));

    /// <summary>ListShards: goes on where an answer ended, within five minutes.</summary>
    public ShardList ListMoreShards(string nextToken)
    {
        var listing = ShardListing.Parse(nextToken)
            ?? throw Invalid($"NextToken '{nextToken}' is none that ListShards gave.");
        return scheduler.Now - listing.CreatedAt <= IteratorLife
            ? List(listing with { CreatedAt = scheduler.Now })
            : throw new ServiceException(
                ServiceException.ExpiredNextToken,
                $"NextToken was given {Age(listing.CreatedAt)} ms ago; allowed are {IteratorLife.TotalMilliseconds}.");
    }

    /// <summary>GetShardIterator: a place in a shard, good for five minutes.</summary>
    /// <param name="sequenceNumber">For the two types that name one: a number of a record of the shard.</param>
    /// <param name="timestamp">For <see cref="IteratorType.AtTimestamp"/>; not in the future.</param>
    public string GetShardIterator(
        string stream, string shardId, IteratorType type, string? sequenceNumber = null,
        DateTimeOffset? timestamp = null)
    {
        var found = Find(stream);
        var shard = found.Find(shardId);
        var counter = type switch
        {
            IteratorType.TrimHorizon => shard.Log.TrimHorizon.Next,
            IteratorType.Latest => shard.Log.End,
            IteratorType.AtTimestamp => CounterAt(shard, timestamp),
            IteratorType.AtSequenceNumber => CounterOf(shard, sequenceNumber),
            _ => Math.Min(CounterOf(shard, sequenceNumber), long.MaxValue - 1) + 1,
        };
        if (!shard.Iterators.TryCall(scheduler.Now))
        {
            throw TooFast(found, shard, $"{Limits.ShardIteratorsPerSecondMax} GetShardIterator calls a second");
        }
        return new ShardIterator(found.Name, shard.Index, Math.Min(counter, shard.Log.End), scheduler.Now).ToString();
    }

    /// <summary>GetRecords: what there is at an iterator, up to 10 MiB, and the iterator after it.</summary>
    /// <param name="limit">Most records, 1 to 10,000.</param>
    public RecordsAnswer GetRecords(string shardIterator, int limit = Limits.GetRecordsCountMax)
    {
        if (limit is < 1 or > Limits.GetRecordsCountMax)
        {
            throw Invalid($"Limit {limit}; allowed are 1 to {Limits.GetRecordsCountMax}.");
        }
        var iterator = ShardIterator.Parse(shardIterator)
            ?? throw Invalid($"ShardIterator '{shardIterator}' is none that GetShardIterator gave.");
        var now = scheduler.Now;
        if (now - iterator.CreatedAt > IteratorLife)
        {
            throw new ServiceException(
                ServiceException.ExpiredIterator,
                $"ShardIterator was given {Age(iterator.CreatedAt)} ms ago; allowed are"
                + $" {IteratorLife.TotalMilliseconds}.");
        }
        var stream = Find(iterator.Stream);
        var shard = stream.Find(Shard.IdOf(iterator.Shard));
        if (!shard.Reads.TryCall(now))
        {
            throw TooFast(
                stream, shard,
                $"{Limits.ShardReadsPerSecondMax} GetRecords calls and 2 MiB a second to all who poll it");
        }
        var cursor = shard.Log.Seek(iterator.Counter);
        var (before, bytes) = shard.Log.Measure(cursor, limit, now);
        shard.Reads.Answered(bytes, now);
        var records = new List<LoggedRecord>();
        while (shard.Log.TryRead(ref cursor, before, now, out var record))
        {
            records.Add(record);
        }
        var ended = shard.IsClosed && before >= shard.Log.End;
        return new RecordsAnswer(
            records,
            ended ? null : (iterator with { Counter = before, CreatedAt = now }).ToString(),
            Behind(shard, cursor),
            ended ? [.. shard.Children.Select(Describe)] : null);
    }

    private ShardList List(ShardListing listing)
    {
        var stream = Find(listing.Stream);
        _limits.List(scheduler.Now, stream.Name);
        return ShardListing.List(stream, listing);
    }

    private long Behind(Shard shard, LogCursor cursor) =>
        shard.Log.TryRead(ref cursor, long.MaxValue, scheduler.Now, out var next)
            ? Math.Max(1, (long)(scheduler.Now - next.ArrivedAt).TotalMilliseconds)
            : 0;

    private long CounterAt(Shard shard, DateTimeOffset? timestamp) => timestamp is { } moment
        ? moment <= scheduler.Now
            ? shard.Log.Seek(moment).Next
            : throw Invalid($"Timestamp {moment:O} is in the future; allowed is up to {scheduler.Now:O}.")
        : throw Invalid($"ShardIteratorType AT_TIMESTAMP needs a Timestamp.");

    private static long CounterOf(Shard shard, string? sequenceNumber)
    {
        if (sequenceNumber is null)
        {
            throw Invalid($"ShardIteratorType AT_ and AFTER_SEQUENCE_NUMBER need a StartingSequenceNumber.");
        }
        return SequenceParts.TryParse(sequenceNumber, out var parts)
            && parts.Shard == shard.Index && parts.Created == shard.CreatedAt.ToUnixTimeSeconds()
            && (parts.Counter < shard.Log.End || parts.Counter is 0 or long.MaxValue)
            ? parts.Counter
            : throw Invalid($"StartingSequenceNumber '{sequenceNumber}' is none of {shard.Id}.");
    }

    private static ChildShard Describe(Shard child) =>
        new(child.Id, [.. child.Parents.Select(parent => parent.Id)], child.Range);

    private DataStream Find(string name) =>
        streams.FirstOrDefault(stream => stream.Name == name)
        ?? throw new ServiceException(
            ServiceException.ResourceNotFound, $"there is no stream '{name}' under account {Template.Account.Id}.");

    private string Age(DateTimeOffset moment) =>
        (scheduler.Now - moment).TotalMilliseconds.ToString(CultureInfo.InvariantCulture);

    private static ServiceException TooFast(DataStream stream, Shard shard, string allowed) => new(
        ServiceException.ThroughputExceeded,
        $"Rate exceeded for shard {shard.Id} in stream {stream.Name} under account {Template.Account.Id}: a shard"
        + $" answers {allowed}.");

    private static ServiceException Invalid(FormattableString what) =>
        new(ServiceException.InvalidArgument, what.ToString(CultureInfo.InvariantCulture));
}
