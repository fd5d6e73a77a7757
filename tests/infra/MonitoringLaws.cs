using System.Text.Json.Nodes;
using Pipeline.Core;
using Pipeline.Functions.Pump;
using static Pipeline.Tests.Infra.Checks;

namespace Pipeline.Tests.Infra;

/// <summary>The laws about alarms and the dashboard: nothing that can go wrong does so unseen.</summary>
internal static class MonitoringLaws
{
    public const string AlarmType = "AWS::CloudWatch::Alarm";
    public const string DashboardType = "AWS::CloudWatch::Dashboard";

    private const string DeliveryType = "AWS::KinesisFirehose::DeliveryStream";
    private const string FunctionType = "AWS::Lambda::Function";
    private const string MappingType = "AWS::Lambda::EventSourceMapping";
    private const string StreamType = "AWS::Kinesis::Stream";

    // "Dashboard body structure and syntax".
    private const int GridWidth = 24;

    private static readonly Dictionary<(string Namespace, string Dimension), string> Measured = new()
    {
        [("AWS/Lambda", "FunctionName")] = FunctionType,
        [("AWS/Lambda", "EventSourceMappingUUID")] = MappingType,
        [("AWS/SQS", "QueueName")] = QueueLaws.QueueType,
        [("AWS/Kinesis", "StreamName")] = StreamType,
        [("AWS/Firehose", "DeliveryStreamName")] = DeliveryType,
        [(InvocationMetrics.Namespace, "Function")] = FunctionType,
    };

    public static Func<Template, IEnumerable<string>>[] All { get; } =
    [
        Alarms_set_every_option_on_purpose,
        Alarms_watch_what_exists,
        Functions_have_alarms_for_errors_and_throttles,
        Stream_mappings_have_alarms_for_age_and_for_what_they_give_up,
        Filters_have_an_alarm_for_defects,
        Queues_have_an_alarm_for_age_and_dead_letters_one_for_any,
        Archives_have_an_alarm_for_age,
        Dashboards_show_everything,
        Dashboards_are_laid_out_without_overlap,
    ];

    private static IEnumerable<string> Alarms_set_every_option_on_purpose(Template template)
    {
        foreach (var alarm in template.OfType(AlarmType))
        {
            var judging = (alarm.At("Metrics") as JsonArray ?? [])
                .Count(query => Template.Text(query!["ReturnData"]) == "true");
            string?[] broken =
            [
                Expect(alarm, "notBreaching", "TreatMissingData"),
                Expect(alarm, "GreaterThanThreshold", "ComparisonOperator"),
                Expect(alarm, alarm["EvaluationPeriods"] ?? "set", "DatapointsToAlarm"),
                Between(alarm, 0, double.MaxValue, "Threshold"),
                judging == 1 ? null : $"{alarm.Id}: judges by {judging} metrics",
                alarm["AlarmDescription"] is { Length: > 0 } ? null : $"{alarm.Id}: does not say what is wrong",
            ];
            foreach (var violation in broken.OfType<string>())
            {
                yield return violation;
            }
        }
    }

    private static IEnumerable<string> Alarms_watch_what_exists(Template template) =>
        from alarm in template.OfType(AlarmType)
        let metrics = Metrics(template, alarm).ToList()
        where metrics.Count == 0 || metrics.Any(metric => metric.Part is null)
        select $"{alarm.Id}: watches something that is not there";

    private static IEnumerable<string> Functions_have_alarms_for_errors_and_throttles(Template template) =>
        from function in template.OfType(FunctionType)
        from metric in new[] { "Errors", "Throttles" }
        from broken in Unwatched(template, metric, function)
        select broken;

    private static IEnumerable<string> Stream_mappings_have_alarms_for_age_and_for_what_they_give_up(
        Template template) =>
        from mapping in template.OfType(MappingType)
        where template.StreamOf(mapping["EventSourceArn"]) is not null
        let function = template.Referred(mapping["FunctionName"])
        from broken in Unwatched(template, "IteratorAge", function)
            .Concat(Unwatched(template, "OnFailureDestinationDeliveredEventCount", mapping))
            .Concat(Unwatched(template, "DroppedEventCount", mapping))
        select broken;

    private static IEnumerable<string> Filters_have_an_alarm_for_defects(Template template) =>
        from function in template.OfType(FunctionType)
        where IamLaws.Granted(template, function)
            .Any(right => right.Resource.Contains("/rejected/", StringComparison.Ordinal))
        let metric = InvocationMetrics.RejectedPrefix + RejectReason.Defect.Name()
        from broken in Unwatched(template, metric, function)
        select broken;

    private static IEnumerable<string> Queues_have_an_alarm_for_age_and_dead_letters_one_for_any(Template template) =>
        QueueLaws.WorkQueues(template)
            .SelectMany(queue => Unwatched(template, "ApproximateAgeOfOldestMessage", queue))
            .Concat(QueueLaws.DeadLetterQueues(template)
                .SelectMany(queue => Unwatched(template, "ApproximateNumberOfMessagesVisible", queue, threshold: "0")));

    private static IEnumerable<string> Archives_have_an_alarm_for_age(Template template) =>
        from archive in template.OfType(DeliveryType)
        from broken in Unwatched(template, "DeliveryToS3.DataFreshness", archive)
        select broken;

    private static IEnumerable<string> Dashboards_show_everything(Template template)
    {
        var shown = string.Concat(template.OfType(DashboardType).Select(dashboard => dashboard["DashboardBody"]));
        return from resource in template.Resources
               where resource.Type is FunctionType or StreamType or DeliveryType or AlarmType or QueueLaws.QueueType
               where !shown.Contains($"${{{resource.Id}}}", StringComparison.Ordinal)
                   && !shown.Contains($"${{{resource.Id}.", StringComparison.Ordinal)
               select $"{resource.Id}: is on no dashboard";
    }

    private static IEnumerable<string> Dashboards_are_laid_out_without_overlap(Template template)
    {
        foreach (var dashboard in template.OfType(DashboardType))
        {
            var taken = new HashSet<(int, int)>();
            foreach (var widget in Widgets(dashboard))
            {
                var (x, y) = ((int)widget["x"]!, (int)widget["y"]!);
                var (width, height) = ((int)widget["width"]!, (int)widget["height"]!);
                var cells = from column in Enumerable.Range(x, width)
                            from row in Enumerable.Range(y, height)
                            select (column, row);
                if (x < 0 || x + width > GridWidth || cells.Any(cell => !taken.Add(cell)))
                {
                    yield return $"{dashboard.Id}: the widget '{widget["properties"]?["title"]}' has no room";
                }
            }
        }
    }

    /// <summary>What a dashboard shows; references in it are text.</summary>
    public static IEnumerable<JsonNode> Widgets(Resource dashboard) =>
        JsonNode.Parse(dashboard["DashboardBody"]!)!["widgets"]!.AsArray().OfType<JsonNode>();

    private static IEnumerable<string> Unwatched(
        Template template, string metric, Resource? part, string? threshold = null) =>
        template.OfType(AlarmType).Any(alarm => (threshold is null || alarm["Threshold"] == threshold)
            && Metrics(template, alarm).Contains((metric, part)))
            ? []
            : [$"{part?.Id}: no alarm watches its {metric}"];

    /// <summary>The metrics of an alarm, each with the resource it is about; null when there is none.</summary>
    private static IEnumerable<(string Metric, Resource? Part)> Metrics(Template template, Resource alarm) =>
        from metric in alarm.Objects()
        where metric["MetricName"] is not null
        let dimension = (metric["Dimensions"] as JsonArray)?.SingleOrDefault()
        let value = Template.Text(dimension?["Value"])
        let part = template.Referred(value)
        let type = Measured.GetValueOrDefault(
            (Template.Text(metric["Namespace"]), Template.Text(dimension?["Name"])), "none")
        select (Template.Text(metric["MetricName"]), part?.Type == type ? part : null);
}
