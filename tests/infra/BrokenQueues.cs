using System.Text.Json.Nodes;

namespace Pipeline.Tests.Infra;

internal static partial class BrokenTemplates
{
    private static Dictionary<string, Action<JsonObject>[]> OfQueues() => new()
    {
        ["Queues_have_a_dead_letter_queue_or_are_one"] =
        [
            Remove("CommandsHigh", "RedrivePolicy"),
            Set("CommandsHigh", 4, "RedrivePolicy", "maxReceiveCount"),
            Set("CommandsHigh", Arn("Data"), "RedrivePolicy", "deadLetterTargetArn"),
            Set("CommandsHigh", Arn("CommandsLowDead"), "RedrivePolicy", "deadLetterTargetArn"),
            resources => Properties(resources, "CommandsHighDead")["RedrivePolicy"] =
                Properties(resources, "CommandsLow")["RedrivePolicy"]!.DeepClone(),
            resources => resources["Jobs"] = Resource(QueueLaws.QueueType),
        ],
        ["Queues_keep_dead_letters_longer_than_commands"] =
        [
            Remove("CommandsHigh", "MessageRetentionPeriod"),
            Remove("CommandsHighDead", "MessageRetentionPeriod"),
            Set("CommandsHighDead", 345_600, "MessageRetentionPeriod"),
            Set("CommandsHigh", 1_209_600, "MessageRetentionPeriod"),
        ],
        ["Queues_hide_a_command_for_six_timeouts"] =
        [
            Remove("CommandsHigh", "VisibilityTimeout"),
            Set("CommandsHigh", 179, "VisibilityTimeout"),
            Set("ExecuteHigh", 31, "Timeout"),
            Set("ExecuteLowMapping", 11, "MaximumBatchingWindowInSeconds"),
        ],
        ["Queues_have_one_reader_and_dead_letters_none"] =
        [
            resources => resources.Remove("ExecuteHighMapping"),
            resources => resources["CopyMapping"] = resources["ExecuteHighMapping"]!.DeepClone(),
            Set("ExecuteHighMapping", Arn("CommandsHighDead"), "EventSourceArn"),
        ],
        ["Queues_take_the_largest_message"] =
        [
            Remove("CommandsLow", "MaximumMessageSize"),
            Set("CommandsLowDead", 262_144, "MaximumMessageSize"),
        ],
        ["Queues_are_the_dead_letter_queue_of_no_other"] =
        [
            Remove("CommandsLow", "RedriveAllowPolicy"),
            Set("CommandsLow", "allowAll", "RedriveAllowPolicy", "redrivePermission"),
        ],
        ["Queues_take_tls_only"] =
        [
            resources => resources.Remove("CommandsHighDeadPolicy"),
            Set("CommandsHighPolicy", new JsonArray(Ref("CommandsLow")), "Queues"),
            resources => Statements(resources, "CommandsHighPolicy")[0]!["Resource"] = Arn("CommandsLow"),
            resources => Statements(resources, "CommandsHighPolicy")[0]!["Action"] = "sqs:SendMessage",
            resources => Statements(resources, "CommandsHighPolicy")[0]!["Condition"] = new JsonObject(),
        ],
        ["Queue_mappings_set_every_option_on_purpose"] =
        [
            Remove("ExecuteHighMapping", "Enabled"),
            Remove("ExecuteHighMapping", "FunctionResponseTypes"),
            Remove("ExecuteHighMapping", "BatchSize"),
            Remove("ExecuteHighMapping", "MaximumBatchingWindowInSeconds"),
            Remove("ExecuteHighMapping", "ScalingConfig"),
            Set("ExecuteHighMapping", 1, "ScalingConfig", "MaximumConcurrency"),
            Set("ExecuteHighMapping", 11, "BatchSize"),
            Set("ExecuteLowMapping", 0, "MaximumBatchingWindowInSeconds"),
            Set("ExecuteLowMapping", new JsonObject(), "FilterCriteria"),
            Set("ExecuteLowMapping", "LATEST", "StartingPosition"),
        ],
        ["Functions_reserve_what_their_mappings_use"] =
        [
            Set("ExecuteHigh", 49, "ReservedConcurrentExecutions"),
            Set("FilterCritical", 1, "ReservedConcurrentExecutions"),
        ],
    };
}
