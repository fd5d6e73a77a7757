using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.Lambda;
using Amazon.CDK.AWS.SQS;

namespace Pipeline.Infra.Constructs;

/// <summary>A metric of one part of the pipeline, as alarms and the dashboard both ask for it.</summary>
/// <param name="Namespace">Whose metric it is.</param>
/// <param name="Dimension">The name of the dimension that tells the parts apart.</param>
/// <param name="Part">The part's name in that dimension.</param>
/// <param name="Metric">The metric's name.</param>
/// <param name="Statistic">How a period's values become one.</param>
/// <param name="Period">The period, in seconds.</param>
public sealed record Measure(
    string Namespace, string Dimension, string Part, string Metric, string Statistic, int Period)
{
    /// <summary>What Lambda measures of a function: "Types of metrics for Lambda functions".</summary>
    public static Measure OfFunction(PipelineFunction function, string metric, string statistic, int period) =>
        new("AWS/Lambda", "FunctionName", function.FunctionName, metric, statistic, period);

    /// <summary>What Lambda measures of a mapping that asks for it: the same page.</summary>
    public static Measure OfMapping(CfnEventSourceMapping mapping, string metric, string statistic, int period) =>
        new("AWS/Lambda", "EventSourceMappingUUID", mapping.Ref, metric, statistic, period);

    /// <summary>What a function writes of itself: one line an invocation, in the embedded metric format.</summary>
    public static Measure OfPipeline(PipelineFunction function, string metric, string statistic, int period) =>
        new("Pipeline", "Function", function.Name, metric, statistic, period);

    /// <summary>What SQS measures: "Available CloudWatch metrics for Amazon SQS".</summary>
    public static Measure OfQueue(Queue queue, string metric, string statistic, int period) =>
        new("AWS/SQS", "QueueName", queue.QueueName, metric, statistic, period);

    /// <summary>What Kinesis measures of a stream: "Monitor the Kinesis Data Streams service".</summary>
    public static Measure OfStream(EventStream stream, string metric, string statistic, int period) =>
        new("AWS/Kinesis", "StreamName", stream.Stream.StreamName, metric, statistic, period);

    /// <summary>What Firehose measures: "Monitor Amazon Data Firehose with CloudWatch metrics".</summary>
    public static Measure OfArchive(Archive archive, string metric, string statistic, int period) =>
        new("AWS/Firehose", "DeliveryStreamName", archive.DeliveryStream.Ref, metric, statistic, period);

    /// <summary>The metric as an alarm asks for it.</summary>
    /// <param name="returned">Whether the alarm judges by it, or by an expression that uses it.</param>
    public CfnAlarm.MetricDataQueryProperty AsQuery(string id, bool returned) => new()
    {
        Id = id,
        ReturnData = returned,
        MetricStat = new CfnAlarm.MetricStatProperty
        {
            Metric = new CfnAlarm.MetricProperty
            {
                Namespace = Namespace,
                MetricName = Metric,
                Dimensions = new[] { new CfnAlarm.DimensionProperty { Name = Dimension, Value = Part } },
            },
            Period = Period,
            Stat = Statistic,
        },
    };
}
