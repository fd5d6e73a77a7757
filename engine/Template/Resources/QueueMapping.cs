using System.Globalization;
using Pipeline.Core;

namespace Pipeline.Engine.Template;

/// <summary>An event source mapping from a standard SQS queue to a function.</summary>
/// <param name="Enabled">False when the template or the run switches it off.</param>
/// <param name="BatchSize">Most messages of an invocation, 1 to 10,000; 10 when the template gives none.</param>
/// <param name="BatchingWindow">How long a batch may wait to fill, 0 (the default) to 300 s.</param>
/// <param name="MaximumConcurrency">
/// Most batches under way, 2 to 1,000; null when only the service bounds them.
/// </param>
/// <param name="ReportBatchItemFailures">Whether the function's answer names what failed.</param>
/// <remarks>Source: CreateEventSourceMapping, Lambda API model 2015-03-31; "Using Lambda with Amazon SQS".</remarks>
public sealed record QueueMappingModel(
    string LogicalId,
    FunctionModel Function,
    QueueModel Queue,
    bool Enabled,
    int BatchSize,
    TimeSpan BatchingWindow,
    int? MaximumConcurrency,
    bool ReportBatchItemFailures) : ResourceModel(LogicalId);

/// <summary>Reads mappings whose source is an SQS queue.</summary>
internal sealed class QueueMappingSource : MappingSource
{
    private const int BatchSizeDefault = 10;

    /// <summary>A larger batch needs a window.</summary>
    private const int BatchSizeWithoutWindowMax = 10;

    private static readonly string[] s_streamProperties =
    [
        "BisectBatchOnFunctionError", "MaximumRecordAgeInSeconds", "MaximumRetryAttempts", "ParallelizationFactor",
        "StartingPosition", "StartingPositionTimestamp", "TumblingWindowInSeconds",
    ];

    public override string Service => "sqs";

    public override ResourceModel? Read(PropertyReader properties, ResourceReading resource)
    {
        var queue = resource.Resolve<QueueModel>(properties, "EventSourceArn", QueueType.Id);
        var function = resource.Resolve<FunctionModel>(properties, "FunctionName", FunctionType.Id, byName: true);
        var enabled = properties.Flag("Enabled", @default: true);
        var (batch, window) = ReadBatch(properties);
        var scaling = properties.Object("ScalingConfig");
        var concurrency = scaling?.OptionalWhole(
            "MaximumConcurrency", Limits.QueueConcurrencyMin, Limits.QueueConcurrencyMax);
        scaling?.Finish();
        var report = properties.Lists("FunctionResponseTypes", "ReportBatchItemFailures");
        Refuse(properties);
        properties.Ignore("KmsKeyArn", "MetricsConfig", "Tags");
        properties.Finish();
        if (queue is null || function is null)
        {
            return null;
        }
        CheckVisibility(properties, queue, function);
        return new QueueMappingModel(
            resource.LogicalId, function, queue,
            enabled && !resource.Options.Disable.Contains(function.Function, StringComparer.Ordinal), batch,
            TimeSpan.FromSeconds(window), concurrency, report);
    }

    private static (int Batch, int WindowSeconds) ReadBatch(PropertyReader properties)
    {
        const string Window = "MaximumBatchingWindowInSeconds";
        var batch = properties.Whole("BatchSize", 1, Limits.MappingBatchSizeMax, BatchSizeDefault);
        var window = properties.OptionalWhole(Window, 0, Limits.MappingBatchingWindowSecondsMax);
        if (batch > BatchSizeWithoutWindowMax && (window == 0 || !properties.Has(Window)))
        {
            properties.Problem(
                Window, properties.Has(Window) ? "0" : "nothing",
                $"1 to {Limits.MappingBatchingWindowSecondsMax} with a BatchSize over {BatchSizeWithoutWindowMax}");
        }
        return (batch, window ?? 0);
    }

    private static void Refuse(PropertyReader properties)
    {
        foreach (var name in s_streamProperties)
        {
            properties.Refuse(name, "nothing, since only the mapping of a stream has it");
        }
        properties.Refuse(
            "DestinationConfig", "nothing, since the queue's RedrivePolicy says where messages go that fail");
        properties.Refuse("FilterCriteria", "nothing, since messages are not filtered before the function here");
        properties.Refuse("ProvisionedPollerConfig", "nothing, since only on-demand polling is run here");
    }

    /// <summary>Else a message would come again while its first invocation still runs; AWS refuses it too.</summary>
    private static void CheckVisibility(PropertyReader properties, QueueModel queue, FunctionModel function)
    {
        static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        if (queue.VisibilityTimeout < function.Timeout)
        {
            properties.Problem(
                "EventSourceArn", $"{queue.LogicalId} with a VisibilityTimeout of {Seconds(queue.VisibilityTimeout)}",
                $"queues with one of at least {Seconds(function.Timeout)}, the Timeout of {function.LogicalId}");
        }
    }
}
