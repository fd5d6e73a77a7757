using System.Globalization;
using Pipeline.Core;

namespace Pipeline.Engine.Template;

/// <summary>Where a mapping starts when it has no checkpoint.</summary>
public enum StartingPosition
{
    /// <summary>With the oldest record that the stream keeps.</summary>
    TrimHorizon,

    /// <summary>With the first record after the mapping began.</summary>
    Latest,

    /// <summary>With the first record that arrived at a moment or after it.</summary>
    AtTimestamp,
}

/// <summary>An event source mapping from a Kinesis stream to a function.</summary>
/// <param name="Uuid">Its id, derived from the logical id.</param>
/// <param name="Consumer">The consumer of its own that it reads through; null when it polls the stream.</param>
/// <param name="Enabled">False when the template or the run switches it off.</param>
/// <param name="BatchSize">Most records of an invocation, 1 to 10,000; 100 when the template gives none.</param>
/// <param name="BatchingWindow">How long a batch may wait to fill, 0 (the default) to 300 s.</param>
/// <param name="MaximumRetryAttempts">Retries after the first attempt, 0 to 10,000; null for ever, the default.</param>
/// <param name="MaximumRecordAge">Age at which a record is given up, 60 s to 7 days; null never, the default.</param>
/// <param name="BisectOnError">Whether a batch that fails is cut in two.</param>
/// <param name="ReportBatchItemFailures">Whether the function's answer names what failed.</param>
/// <param name="OnFailure">The bucket or the queue that takes what is given up; null when that is lost.</param>
/// <remarks>Source: CreateEventSourceMapping, Lambda API model 2015-03-31.</remarks>
public sealed record KinesisMappingModel(
    string LogicalId,
    Guid Uuid,
    FunctionModel Function,
    StreamModel Stream,
    StreamConsumerModel? Consumer,
    bool Enabled,
    StartingPosition StartingPosition,
    int BatchSize,
    TimeSpan BatchingWindow,
    int? MaximumRetryAttempts,
    TimeSpan? MaximumRecordAge,
    bool BisectOnError,
    bool ReportBatchItemFailures,
    ResourceModel? OnFailure) : ResourceModel(LogicalId)
{
    /// <summary>Batches of a shard that may be under way at a time: 1 (the default) to 10.</summary>
    public int ParallelizationFactor { get; init; } = 1;

    /// <summary>The moment of a start at <see cref="StartingPosition.AtTimestamp"/>; null for any other.</summary>
    public DateTimeOffset? StartingTimestamp { get; init; }
}

/// <summary>Reads mappings whose source is a Kinesis stream.</summary>
internal sealed class KinesisMappingSource : MappingSource
{
    private const int BatchSizeDefault = 100;
    private const string Honoured = "TRIM_HORIZON, LATEST, AT_TIMESTAMP";

    /// <summary>The last second of the year 9999.</summary>
    private const decimal SecondsMax = 253_402_300_799;

    public override string Service => "kinesis";

    public override ResourceModel? Read(PropertyReader properties, ResourceReading resource)
    {
        var consumer = IsConsumer(properties)
            ? resource.Resolve<StreamConsumerModel>(properties, "EventSourceArn", StreamConsumerType.Id)
            : null;
        var stream = IsConsumer(properties)
            ? consumer?.Stream
            : resource.Resolve<StreamModel>(properties, "EventSourceArn", StreamType.Id);
        var function = resource.Resolve<FunctionModel>(properties, "FunctionName", FunctionType.Id, byName: true);
        var enabled = properties.Flag("Enabled", @default: true);
        var (start, timestamp) = ReadStart(properties);
        var batch = properties.Whole("BatchSize", 1, Limits.MappingBatchSizeMax, BatchSizeDefault);
        var window = properties.Whole(
            "MaximumBatchingWindowInSeconds", 0, Limits.MappingBatchingWindowSecondsMax, 0);
        var attempts = properties.WholeOrNoLimit("MaximumRetryAttempts", 0, Limits.MappingRetryAttemptsMax);
        var age = properties.WholeOrNoLimit(
            "MaximumRecordAgeInSeconds", Limits.MappingRecordAgeSecondsMin, Limits.MappingRecordAgeSecondsMax);
        var bisect = properties.Flag("BisectBatchOnFunctionError", @default: false);
        var report = properties.Lists("FunctionResponseTypes", "ReportBatchItemFailures");
        var onFailure = ReadOnFailure(properties, resource);
        var factor = properties.Whole("ParallelizationFactor", 1, Limits.MappingParallelizationMax, 1);
        properties.Refuse("TumblingWindowInSeconds", "nothing, since tumbling windows are not run here");
        properties.Refuse("FilterCriteria", "nothing, since records are not filtered before the function here");
        properties.Ignore("KmsKeyArn", "MetricsConfig", "Tags");
        properties.Finish();
        if (stream is null || function is null)
        {
            return null;
        }
        return new KinesisMappingModel(
            resource.LogicalId, Account.Uuid(resource.LogicalId), function, stream, consumer,
            enabled && !resource.Options.Disable.Contains(function.Function, StringComparer.Ordinal), start, batch,
            TimeSpan.FromSeconds(window), attempts, age is { } seconds ? TimeSpan.FromSeconds(seconds) : null, bisect,
            report, onFailure)
        {
            ParallelizationFactor = factor,
            StartingTimestamp = timestamp,
        };
    }

    private static bool IsConsumer(PropertyReader properties) =>
        properties.Text("EventSourceArn")?.Contains(StreamConsumerType.Mark, StringComparison.Ordinal) == true;

    private static (StartingPosition Position, DateTimeOffset? Timestamp) ReadStart(PropertyReader properties)
    {
        const string Timestamp = "StartingPositionTimestamp";
        var position = properties.RequiredText("StartingPosition", Honoured);
        switch (position)
        {
            case "AT_TIMESTAMP":
                return (StartingPosition.AtTimestamp, ReadTimestamp(properties, Timestamp));
            case null or "TRIM_HORIZON" or "LATEST":
                break;
            default:
                properties.Problem("StartingPosition", $"'{position}'", Honoured);
                break;
        }
        properties.Refuse(Timestamp, "nothing, unless StartingPosition is AT_TIMESTAMP");
        return (position == "LATEST" ? StartingPosition.Latest : StartingPosition.TrimHorizon, null);
    }

    private static DateTimeOffset ReadTimestamp(PropertyReader properties, string name)
    {
        const string Seconds = "seconds since 1970, 0 to 253402300799";
        if (properties.RequiredText(name, Seconds) is not { } text)
        {
            return DateTimeOffset.UnixEpoch;
        }
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and <= SecondsMax)
        {
            return DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000));
        }
        properties.Problem(name, text, Seconds);
        return DateTimeOffset.UnixEpoch;
    }

    private static ResourceModel? ReadOnFailure(PropertyReader properties, ResourceReading resource)
    {
        var destinations = properties.Object("DestinationConfig");
        var onFailure = destinations?.Object("OnFailure");
        destinations?.Finish();
        var target = onFailure is null ? null : ReadDestination(onFailure, resource);
        onFailure?.Finish();
        return target;
    }

    private static ResourceModel? ReadDestination(PropertyReader onFailure, ResourceReading resource)
    {
        const string Destination = "Destination";
        if (onFailure.RequiredText(Destination) is not { } arn)
        {
            return null;
        }
        var stack = resource.Stack;
        var found = stack.Find(BucketType.Id, arn, byName: false) ?? stack.Find(QueueType.Id, arn, byName: false);
        if (found is not null)
        {
            return stack.Model(found);
        }
        var ids = string.Join(", ", stack.LogicalIds(BucketType.Id).Concat(stack.LogicalIds(QueueType.Id))
            .DefaultIfEmpty("none"));
        onFailure.Problem(
            Destination, $"'{arn}'",
            $"ARNs of the {BucketType.Id} and {QueueType.Id} resources of this template ({ids})");
        return null;
    }
}
