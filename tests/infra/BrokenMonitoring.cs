using System.Text.Json.Nodes;

namespace Pipeline.Tests.Infra;

internal static partial class BrokenTemplates
{
    private static Dictionary<string, Action<JsonObject>[]> OfMonitoring() => new()
    {
        ["Alarms_set_every_option_on_purpose"] =
        [
            Remove("RouteErrorsAlarm", "TreatMissingData"),
            Remove("RouteErrorsAlarm", "AlarmDescription"),
            Remove("RouteErrorsAlarm", "Threshold"),
            Set("RouteErrorsAlarm", 2, "DatapointsToAlarm"),
            Set("RouteErrorsAlarm", "LessThanThreshold", "ComparisonOperator"),
            resources => Query(resources, "RouteErrorsAlarm", 0)["ReturnData"] = false,
            resources => Query(resources, "CommandsHighAgeAlarm", 1)["ReturnData"] = true,
        ],
        ["Alarms_watch_what_exists"] =
        [
            resources => resources.Remove("Route"),
            resources => Watch(resources, "RouteErrorsAlarm", 0, Ref("CommandsHigh")),
            resources => Watch(resources, "RouteErrorsAlarm", 0, "Router"),
            resources => Query(resources, "RouteErrorsAlarm", 0)["MetricStat"]!["Metric"]!["Namespace"] = "AWS/SQS",
            Set("RouteErrorsAlarm", new JsonArray(), "Metrics"),
        ],
        ["Functions_have_alarms_for_errors_and_throttles"] =
        [
            resources => resources.Remove("ExecuteLowErrorsAlarm"),
            resources => resources.Remove("ValidateThrottlesAlarm"),
            resources => Watch(resources, "RouteErrorsAlarm", 0, Ref("Enrich")),
        ],
        ["Stream_mappings_have_alarms_for_age_and_for_what_they_give_up"] =
        [
            resources => resources.Remove("FilterCriticalIteratorAgeAlarm"),
            resources => resources.Remove("FilterCriticalGivenUpAlarm"),
            resources => resources.Remove("FilterCriticalLostAlarm"),
        ],
        ["Filters_have_an_alarm_for_defects"] =
        [
            resources => resources.Remove("RouteDefectsAlarm"),
            resources => Watch(resources, "RouteDefectsAlarm", 0, "Enrich"),
        ],
        ["Queues_have_an_alarm_for_age_and_dead_letters_one_for_any"] =
        [
            resources => resources.Remove("CommandsHighAgeAlarm"),
            resources => resources.Remove("CommandsHighDeadAlarm"),
            Set("CommandsHighDeadAlarm", 10, "Threshold"),
            resources => Watch(resources, "CommandsHighAgeAlarm", 1, QueueName("CommandsLow")),
            resources => Watch(resources, "CommandsHighDeadAlarm", 0, QueueName("CommandsHigh")),
        ],
        ["Archives_have_an_alarm_for_age"] = [resources => resources.Remove("ArchiveAgeAlarm")],
        ["Dashboards_show_everything"] =
        [
            resources => resources.Remove("Dashboard"),
            resources => resources["Audit"] = Resource("AWS::Lambda::Function"),
            resources => resources["Audited"] = Resource("AWS::Kinesis::Stream"),
            resources => resources["CommandsHig"] = Resource(QueueLaws.QueueType),
            resources => resources["AuditErrorsAlarm"] = Resource(MonitoringLaws.AlarmType),
        ],
        ["Dashboards_are_laid_out_without_overlap"] =
        [
            resources => ChangeBody(resources, "\"x\":4,\"y\":4,", "\"x\":3,\"y\":4,"),
            resources => ChangeBody(resources, "\"width\":24,", "\"width\":25,"),
        ],
    };

    private static JsonObject QueueName(string id) => new() { ["Fn::GetAtt"] = new JsonArray(id, "QueueName") };

    private static JsonNode Query(JsonObject resources, string alarm, int index) =>
        Properties(resources, alarm)["Metrics"]![index]!;

    private static void Watch(JsonObject resources, string alarm, int index, JsonNode part) =>
        Query(resources, alarm, index)["MetricStat"]!["Metric"]!["Dimensions"]![0]!["Value"] = part;

    private static void ChangeBody(JsonObject resources, string from, string to)
    {
        var parts = Properties(resources, "Dashboard")["DashboardBody"]!["Fn::Join"]![1]!.AsArray();
        var index = Enumerable.Range(0, parts.Count)
            .First(place => parts[place] is JsonValue text && text.ToString().Contains(from));
        parts[index] = parts[index]!.ToString().Replace(from, to);
    }
}
