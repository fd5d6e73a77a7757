namespace Pipeline.Engine.Streams;

/// <summary>Where reading a shard begins.</summary>
public enum IteratorType
{
    AtSequenceNumber,
    AfterSequenceNumber,
    AtTimestamp,
    TrimHorizon,
    Latest,
}

/// <summary>Which shards are listed.</summary>
public enum ShardFilterType
{
    /// <summary>Those whose ids come after a shard's.</summary>
    AfterShardId,

    /// <summary>Those that were open at the oldest moment still kept.</summary>
    AtTrimHorizon,

    /// <summary>All that still hold records or may take some: what is listed without a filter.</summary>
    FromTrimHorizon,

    /// <summary>The open ones.</summary>
    AtLatest,

    /// <summary>Those that were open at a moment.</summary>
    AtTimestamp,

    /// <summary>Those that were open at a moment or later.</summary>
    FromTimestamp,
}

/// <summary>A filter of ListShards.</summary>
/// <param name="ShardId">For <see cref="ShardFilterType.AfterShardId"/>.</param>
/// <param name="Timestamp">For the two types that name a moment.</param>
public sealed record ShardFilter(ShardFilterType Type, string? ShardId = null, DateTimeOffset? Timestamp = null);

/// <summary>A shard as ListShards tells it.</summary>
/// <param name="EndingSequenceNumber">Null while the shard is open.</param>
public sealed record ShardDescription(
    string ShardId, string? ParentShardId, string? AdjacentParentShardId, HashRange HashKeyRange,
    string StartingSequenceNumber, string? EndingSequenceNumber);

/// <summary>The answer of ListShards.</summary>
/// <param name="NextToken">Null when there are no more.</param>
public sealed record ShardList(IReadOnlyList<ShardDescription> Shards, string? NextToken);

/// <summary>The answer of GetRecords.</summary>
/// <param name="NextShardIterator">Null when a closed shard was read to its end.</param>
/// <param name="MillisBehindLatest">How old the first record is that was not read; 0 when there is none.</param>
/// <param name="ChildShards">What goes on after the end of a closed shard; null before.</param>
public sealed record RecordsAnswer(
    IReadOnlyList<LoggedRecord> Records, string? NextShardIterator, long MillisBehindLatest,
    IReadOnlyList<ChildShard>? ChildShards);

/// <summary>A shard that took over what a closed one had.</summary>
public sealed record ChildShard(string ShardId, IReadOnlyList<string> ParentShards, HashRange HashKeyRange);

/// <summary>The answer of DescribeStreamSummary.</summary>
/// <param name="ConsumerCount">Consumers with a rate of their own (enhanced fan-out).</param>
public sealed record StreamSummary(
    string StreamName, string StreamArn, StreamStatus Status, int RetentionPeriodHours,
    DateTimeOffset CreatedAt, int OpenShardCount, int ConsumerCount, int MaxRecordSizeInKiB);

/// <summary>The answer of UpdateShardCount.</summary>
public sealed record ShardCountAnswer(string StreamName, int CurrentShardCount, int TargetShardCount);
