using System.Text.Json;
using Pipeline.Core;

namespace Pipeline.Engine.Streams;

/// <summary>One ListShards and how far it is; its text is the token with which it goes on.</summary>
/// <param name="After">The number of the last shard that was told; -1 at first.</param>
internal sealed record ShardListing(
    string Stream, ShardFilter? Filter, int? MaxResults, int After, DateTimeOffset CreatedAt)
{
    /// <summary>Reads a token; null when the text is none.</summary>
    public static ShardListing? Parse(string token)
    {
        try
        {
            return JsonSerializer.Deserialize<ShardListing>(Convert.FromBase64String(token));
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The next shards of a stream.</summary>
    /// <exception cref="ServiceException">The filter or the count is none.</exception>
    public static ShardList List(DataStream stream, ShardListing listing)
    {
        var most = listing.MaxResults ?? Limits.ListShardsCountDefault;
        if (most is < 1 or > Limits.ListShardsCountMax)
        {
            throw Invalid($"MaxResults {most}; allowed are 1 to {Limits.ListShardsCountMax}.");
        }
        var passes = Passes(stream, listing);
        var found = stream.Shards
            .Where(shard => shard.Index > listing.After && !stream.IsExpired(shard) && passes(shard))
            .Take(most + 1).ToList();
        var hasMore = found.Count > most;
        var told = found.Take(most).ToList();
        return new ShardList(
            [.. told.Select(Describe)], hasMore ? (listing with { After = told[^1].Index }).Token() : null);
    }

    private static Func<Shard, bool> Passes(DataStream stream, ShardListing listing)
    {
        var filter = listing.Filter ?? new ShardFilter(ShardFilterType.FromTrimHorizon);
        var horizon = listing.CreatedAt - stream.Model.Retention;
        horizon = horizon > stream.CreatedAt ? horizon : stream.CreatedAt;
        switch (filter.Type)
        {
            case ShardFilterType.AfterShardId:
                var after = filter.ShardId ?? throw Invalid("the filter AFTER_SHARD_ID needs a ShardId.");
                return shard => string.CompareOrdinal(shard.Id, after) > 0;
            case ShardFilterType.AtTrimHorizon:
                return shard => WasOpen(shard, horizon);
            case ShardFilterType.AtLatest:
                return shard => !shard.IsClosed;
            case ShardFilterType.AtTimestamp:
                var at = Moment(filter, listing, horizon);
                return shard => WasOpen(shard, at);
            case ShardFilterType.FromTimestamp:
                var from = Moment(filter, listing, horizon);
                return shard => shard.ClosedAt is null || shard.ClosedAt >= from;
            default:
                return _ => true;
        }
    }

    /// <summary>The filter's moment; one before the oldest still kept means that one.</summary>
    private static DateTimeOffset Moment(ShardFilter filter, ShardListing listing, DateTimeOffset horizon)
    {
        var moment = filter.Timestamp ?? throw Invalid("the filters AT_TIMESTAMP and FROM_TIMESTAMP need a Timestamp.");
        return moment > listing.CreatedAt
            ? throw Invalid($"Timestamp {moment:O} is in the future; allowed is up to {listing.CreatedAt:O}.")
            : moment > horizon ? moment : horizon;
    }

    private static bool WasOpen(Shard shard, DateTimeOffset moment) =>
        shard.CreatedAt <= moment && (shard.ClosedAt is null || shard.ClosedAt > moment);

    private static ShardDescription Describe(Shard shard) => new(
        shard.Id, shard.Parents.ElementAtOrDefault(0)?.Id, shard.Parents.ElementAtOrDefault(1)?.Id, shard.Range,
        shard.StartingSequenceNumber, shard.EndingSequenceNumber);

    private string Token() => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(this));

    private static ServiceException Invalid(string what) => new(ServiceException.InvalidArgument, what);
}
