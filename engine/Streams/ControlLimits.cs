using System.Globalization;
using Pipeline.Core;

namespace Pipeline.Engine.Streams;

/// <summary>How often an account may call the operations that manage and describe its streams.</summary>
/// <remarks>
/// Source: the pages of the operations. "Quotas and limits" counts SplitShard and MergeShards for each stream; the
/// stricter of the two is kept. A call too many is refused as a <see cref="ServiceException"/> and does not count.
/// </remarks>
internal sealed class ControlLimits
{
    private readonly CallLimit _splits = new(Limits.ReshardCallsPerSecondMax);
    private readonly CallLimit _merges = new(Limits.ReshardCallsPerSecondMax);
    private readonly CallLimit _scalings = new(Limits.ScalingCallsPerSecondMax);
    private readonly CallLimit _summaries = new(Limits.StreamSummaryCallsPerSecondMax);
    private readonly Dictionary<string, CallLimit> _listings = new(StringComparer.Ordinal);

    /// <summary>Counts a call of SplitShard.</summary>
    public void Split(DateTimeOffset now) => Count(_splits, now, $"{Limits.ReshardCallsPerSecondMax} SplitShard");

    /// <summary>Counts a call of MergeShards.</summary>
    public void Merge(DateTimeOffset now) => Count(_merges, now, $"{Limits.ReshardCallsPerSecondMax} MergeShards");

    /// <summary>Counts a call of UpdateShardCount.</summary>
    public void Scale(DateTimeOffset now) =>
        Count(_scalings, now, $"{Limits.ScalingCallsPerSecondMax} UpdateShardCount");

    /// <summary>Counts a call of DescribeStreamSummary.</summary>
    public void Summarize(DateTimeOffset now) =>
        Count(_summaries, now, $"{Limits.StreamSummaryCallsPerSecondMax} DescribeStreamSummary");

    /// <summary>Counts a call of ListShards for a stream.</summary>
    public void List(DateTimeOffset now, string stream)
    {
        if (!_listings.TryGetValue(stream, out var calls))
        {
            _listings.Add(stream, calls = new CallLimit(Limits.ListShardsCallsPerSecondMax));
        }
        Count(calls, now, $"{Limits.ListShardsCallsPerSecondMax} ListShards", $"the stream {stream}");
    }

    private static void Count(CallLimit calls, DateTimeOffset now, FormattableString allowed, string? whom = null)
    {
        if (!calls.TryCall(now))
        {
            throw new ServiceException(
                ServiceException.LimitExceeded,
                $"Rate exceeded for {whom ?? $"account {Template.Account.Id}"}: allowed are "
                + $"{allowed.ToString(CultureInfo.InvariantCulture)} calls a second.")
            {
                PassesWithTime = true,
            };
        }
    }
}
