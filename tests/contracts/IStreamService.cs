using Pipeline.Core;

namespace Pipeline.Tests.Contracts;

/// <summary>A shard as ListShards answers it.</summary>
public sealed record ShardDescription(
    string ShardId, UInt128 First, UInt128 Last, string? ParentShardId = null, string? AdjacentParentShardId = null,
    bool IsClosed = false);

/// <summary>A record as GetRecords answers it.</summary>
public sealed record StreamedRecord(string SequenceNumber, string PartitionKey, string Data);

/// <summary>What GetRecords answers.</summary>
/// <param name="NextIterator">Null when the shard is closed and read to its end.</param>
public sealed record RecordsAnswer(IReadOnlyList<StreamedRecord> Records, string? NextIterator);

/// <summary>
/// Kinesis, as far as putting records goes; every refusal of a request is a <see cref="ServiceErrorException"/>.
/// </summary>
public interface IStreamService
{
    /// <summary>Where the implementation does not do what AWS documents.</summary>
    IReadOnlyCollection<Deviation> Deviations { get; }

    /// <summary>CreateStream, with a name that is new; answers it when the stream is active.</summary>
    Task<string> CreateAsync(int shards);

    /// <summary>PutRecords.</summary>
    Task<IReadOnlyList<PutResult>> PutAsync(string stream, IReadOnlyList<PutEntry> entries);

    /// <summary>ListShards, in the order of their ids.</summary>
    Task<IReadOnlyList<ShardDescription>> ShardsAsync(string stream);

    /// <summary>Everything in a shard, from the trim horizon on.</summary>
    Task<IReadOnlyList<StreamedRecord>> ReadAsync(string stream, string shardId);
}

/// <summary>Kinesis with its control plane: iterators, splits and merges.</summary>
public interface IStreamControl : IStreamService
{
    /// <summary>GetShardIterator.</summary>
    Task<string> IteratorAsync(string stream, string shardId, string type, string? sequenceNumber = null);

    /// <summary>GetRecords.</summary>
    Task<RecordsAnswer> RecordsAsync(string iterator, int limit = Limits.GetRecordsCountMax);

    /// <summary>SplitShard; comes back when the stream is active again.</summary>
    Task SplitAsync(string stream, string shardId, UInt128 newStart);

    /// <summary>MergeShards; comes back when the stream is active again.</summary>
    Task MergeAsync(string stream, string shardId, string adjacentShardId);
}

/// <summary>Reading by the control plane.</summary>
internal static class StreamReading
{
    /// <summary>Everything in a shard, up to the first answer without a record.</summary>
    public static async Task<IReadOnlyList<StreamedRecord>> ReadAllAsync(
        this IStreamControl service, string stream, string shardId)
    {
        var all = new List<StreamedRecord>();
        string? iterator = await service.IteratorAsync(stream, shardId, "TRIM_HORIZON");
        do
        {
            var answer = await service.RecordsAsync(iterator);
            all.AddRange(answer.Records);
            iterator = answer.Records.Count == 0 ? null : answer.NextIterator;
        }
        while (iterator is not null);
        return all;
    }
}
