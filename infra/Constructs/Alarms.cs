using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.SQS;
using Constructs;

namespace Pipeline.Infra.Constructs;

/// <summary>
/// What somebody must look at: everything that waits too long, was put aside, or is kept from running.
/// </summary>
/// <remarks>
/// No alarm speaks of missing data: a pipeline at rest sends none. What would fall silent because it is stuck shows
/// as errors, throttles, or in what waits behind it.
/// </remarks>
public sealed class Alarms : Construct
{
    private const int Minute = 60;
    private const int FiveMinutes = 300;

    // A stream keeps records for a day at least: hours remain to mend what is behind.
    private const int IteratorAgeMillisecondsMax = 5 * 60 * 1000;

    // Ten times the buffer's interval: Firehose goes on trying while it cannot write, and gives up after a day.
    private const int ArchiveAgeSecondsMax = 600;

    private readonly string? _topic;
    private readonly List<CfnAlarm> _all = [];

    public Alarms(
        Construct scope, StackOptions options, StreamFilter[] filters, CommandWorker[] workers, Archive archive)
        : base(scope, "Alarms")
    {
        _topic = options.AlarmTopic;
        foreach (var filter in filters)
        {
            WatchFunction(filter.Function);
            WatchFilter(filter);
        }

        foreach (var worker in workers)
        {
            WatchFunction(worker.Function);
            WatchQueue(worker.Queue);
        }

        Add(
            archive.Node.Id + "Age",
            $"{archive.Node.Id}: the oldest event that is not in the bucket yet is over ten minutes old.",
            Measure.OfArchive(archive, "DeliveryToS3.DataFreshness", "Maximum", Minute),
            above: ArchiveAgeSecondsMax,
            times: 3);
    }

    /// <summary>All of them, in the order of the pipeline.</summary>
    public IEnumerable<CfnAlarm> All => _all;

    private void WatchFunction(PipelineFunction function)
    {
        Add(
            function.Name + "Errors",
            $"{function.Name}: an invocation died or ran out of time. Bad data never does that; see the log.",
            Measure.OfFunction(function, "Errors", "Sum", FiveMinutes),
            above: 0);
        Add(
            function.Name + "Throttles",
            $"{function.Name}: throttled for five minutes; the account or the function lacks concurrency.",
            Measure.OfFunction(function, "Throttles", "Sum", Minute),
            above: 0,
            times: 5);
    }

    private void WatchFilter(StreamFilter filter)
    {
        var name = filter.Function.Name;
        Add(
            name + "IteratorAge",
            $"{name}: over five minutes behind its stream.",
            Measure.OfFunction(filter.Function, "IteratorAge", "Maximum", Minute),
            above: IteratorAgeMillisecondsMax,
            times: 3);
        Add(
            name + "GivenUp",
            $"{name}: its mapping gave records up; they are kept below aws/lambda/ in the bucket.",
            Measure.OfMapping(filter.Mapping, "OnFailureDestinationDeliveredEventCount", "Sum", FiveMinutes),
            above: 0);
        Add(
            name + "Lost",
            $"{name}: its mapping gave records up and could not keep them; read the stream again while it has them.",
            Measure.OfMapping(filter.Mapping, "DroppedEventCount", "Sum", FiveMinutes),
            above: 0);
        Add(
            name + "Defects",
            $"{name}: failed at an event by a fault of its own; the event is kept below rejected/{name}/.",
            Measure.OfPipeline(filter.Function, "Rejected.defect", "Sum", FiveMinutes),
            above: 0);
    }

    private void WatchQueue(CommandQueue queue)
    {
        var name = queue.Node.Id;
        Add(
            name + "Age",
            $"{name}: the oldest waiting command is over {queue.Capacity.AgeSecondsMax} seconds old.",
            WaitingAge(queue.Queue),
            above: queue.Capacity.AgeSecondsMax,
            times: 3);
        Add(
            name + "Dead",
            $"{name}: a command could not be carried out; it waits in {name}Dead, and the worker's log says why.",
            Measure.OfQueue(queue.Dead, "ApproximateNumberOfMessagesVisible", "Maximum", Minute),
            above: 0);
    }

    // A promoted command waits in the next queue with a delay of minutes. Whether the age of the oldest message counts
    // that delay is not documented; a queue where nothing is visible is not behind.
    private static CfnAlarm.MetricDataQueryProperty[] WaitingAge(Queue queue) =>
    [
        new()
        {
            Id = "waiting",
            Expression = "IF(visible > 0, age, 0)",
            Label = "Age of the oldest waiting command",
            ReturnData = true,
        },
        Measure.OfQueue(queue, "ApproximateAgeOfOldestMessage", "Maximum", Minute).AsQuery("age", returned: false),
        Measure.OfQueue(queue, "ApproximateNumberOfMessagesVisible", "Minimum", Minute)
            .AsQuery("visible", returned: false),
    ];

    private void Add(string id, string description, Measure measure, int above, int times = 1) =>
        Add(id, description, [measure.AsQuery("measured", returned: true)], above, times);

    private void Add(
        string id, string description, CfnAlarm.MetricDataQueryProperty[] queries, int above, int times)
    {
        var alarm = new CfnAlarm(this, id, new CfnAlarmProps
        {
            AlarmDescription = description,
            Metrics = queries,
            ComparisonOperator = "GreaterThanThreshold",
            Threshold = above,
            EvaluationPeriods = times,
            DatapointsToAlarm = times,
            TreatMissingData = "notBreaching",
            AlarmActions = _topic is null ? null : [_topic],
        });
        alarm.OverrideLogicalId(id + "Alarm");
        _all.Add(alarm);
    }
}
