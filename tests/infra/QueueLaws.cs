using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Core;
using static Pipeline.Tests.Infra.Checks;

namespace Pipeline.Tests.Infra;

/// <summary>The laws about queues, what reads them, and where their dead letters go.</summary>
internal static class QueueLaws
{
    public const string QueueType = "AWS::SQS::Queue";
    public const string PolicyType = "AWS::SQS::QueuePolicy";

    private const string MappingType = "AWS::Lambda::EventSourceMapping";

    // "Creating and configuring an Amazon SQS event source mapping" advises five, for throttled receives count.
    private const int ReceivesMin = 5;

    // The same page: six timeouts.
    private const int TimeoutsPerVisibility = 6;

    private const int BatchSizeWithoutWindowMax = 10;

    public static Func<Template, IEnumerable<string>>[] All { get; } =
    [
        Queues_have_a_dead_letter_queue_or_are_one,
        Queues_keep_dead_letters_longer_than_commands,
        Queues_hide_a_command_for_six_timeouts,
        Queues_have_one_reader_and_dead_letters_none,
        Queues_take_the_largest_message,
        Queues_are_the_dead_letter_queue_of_no_other,
        Queues_take_tls_only,
        Queue_mappings_set_every_option_on_purpose,
        Functions_reserve_what_their_mappings_use,
    ];

    /// <summary>The queues that get the dead letters of another.</summary>
    public static IReadOnlyCollection<Resource> DeadLetterQueues(Template template) =>
    [
        .. template.OfType(QueueType)
            .Select(queue => template.Referred(queue["RedrivePolicy", "deadLetterTargetArn"]))
            .OfType<Resource>(),
    ];

    /// <summary>The queues that are worked on.</summary>
    public static IEnumerable<Resource> WorkQueues(Template template) =>
        template.OfType(QueueType).Except(DeadLetterQueues(template));

    private static IEnumerable<string> Queues_have_a_dead_letter_queue_or_are_one(Template template)
    {
        var dead = DeadLetterQueues(template);
        foreach (var queue in template.OfType(QueueType))
        {
            var target = template.Referred(queue["RedrivePolicy", "deadLetterTargetArn"]);
            if (dead.Contains(queue))
            {
                if (queue.At("RedrivePolicy") is not null || dead.Count(other => other == queue) > 1)
                {
                    yield return $"{queue.Id}: takes the dead letters of many, or passes its own on";
                }
            }
            else if (target?.Type != QueueType)
            {
                yield return $"{queue.Id}: has no dead-letter queue";
            }
            else if (Between(queue, ReceivesMin, Limits.ReceiveCountMax, "RedrivePolicy", "maxReceiveCount") is { } few)
            {
                yield return few;
            }
        }
    }

    private static IEnumerable<string> Queues_keep_dead_letters_longer_than_commands(Template template) =>
        from queue in WorkQueues(template)
        let dead = template.Referred(queue["RedrivePolicy", "deadLetterTargetArn"])
        let broken = Between(
            dead ?? queue,
            Number(queue["MessageRetentionPeriod"]) + 1,
            Limits.QueueRetentionSecondsMax,
            "MessageRetentionPeriod")
        where broken is not null
        select broken;

    private static IEnumerable<string> Queues_hide_a_command_for_six_timeouts(Template template) =>
        from mapping in QueueMappings(template)
        let timeout = Number(template.Referred(mapping["FunctionName"])!["Timeout"])
        let least = (TimeoutsPerVisibility * timeout) + Number(mapping["MaximumBatchingWindowInSeconds"])
        let broken = Between(
            template.Referred(mapping["EventSourceArn"])!, least, Limits.VisibilitySecondsMax, "VisibilityTimeout")
        where broken is not null
        select broken;

    private static IEnumerable<string> Queues_have_one_reader_and_dead_letters_none(Template template)
    {
        var dead = DeadLetterQueues(template);
        return from queue in template.OfType(QueueType)
               let readers = QueueMappings(template)
                   .Count(mapping => template.Referred(mapping["EventSourceArn"]) == queue)
               where readers != (dead.Contains(queue) ? 0 : 1)
               select $"{queue.Id}: has {readers} readers";
    }

    private static IEnumerable<string> Queues_take_the_largest_message(Template template) =>
        from queue in template.OfType(QueueType)
        let most = Limits.MessageBytesMax.ToString(CultureInfo.InvariantCulture)
        let broken = Expect(queue, most, "MaximumMessageSize")
        where broken is not null
        select broken;

    private static IEnumerable<string> Queues_are_the_dead_letter_queue_of_no_other(Template template) =>
        from queue in WorkQueues(template)
        let broken = Expect(queue, "denyAll", "RedriveAllowPolicy", "redrivePermission")
        where broken is not null
        select broken;

    private static IEnumerable<string> Queues_take_tls_only(Template template) =>
        from queue in template.OfType(QueueType)
        let policies = template.OfType(PolicyType)
            .Where(policy => Template.List(policy.At("Queues") ?? new JsonArray())
                .Any(named => template.Referred(Template.Text(named)) == queue))
        where !policies.SelectMany(policy => policy.Objects()).Any(statement =>
            Template.Text(statement["Effect"]) == "Deny"
            && Template.Text(statement["Action"]) == "sqs:*"
            && template.Referred(Template.Text(statement["Resource"])) == queue
            && Template.Text(statement["Condition"]?["Bool"]?["aws:SecureTransport"]) == "false")
        select $"{queue.Id}: answers without TLS";

    private static IEnumerable<string> Queue_mappings_set_every_option_on_purpose(Template template) =>
        from mapping in QueueMappings(template)
        let window = Number(mapping["MaximumBatchingWindowInSeconds"])
        let most = window > 0 ? Limits.MappingBatchSizeMax : BatchSizeWithoutWindowMax
        from broken in new[]
        {
            Expect(mapping, "true", "Enabled"),
            Expect(mapping, """["ReportBatchItemFailures"]""", "FunctionResponseTypes"),
            Expect(mapping, null, "FilterCriteria"),
            Expect(mapping, null, "StartingPosition"),
            Between(mapping, 1, most, "BatchSize"),
            Between(mapping, 0, Limits.MappingBatchingWindowSecondsMax, "MaximumBatchingWindowInSeconds"),
            Between(
                mapping,
                Limits.QueueConcurrencyMin,
                Limits.QueueConcurrencyMax,
                "ScalingConfig",
                "MaximumConcurrency"),
        }
        where broken is not null
        select broken;

    private static IEnumerable<string> Functions_reserve_what_their_mappings_use(Template template) =>
        from mapping in template.OfType(MappingType)
        let function = template.Referred(mapping["FunctionName"])
        where function["ReservedConcurrentExecutions"] is not null
        let used = mapping["ScalingConfig", "MaximumConcurrency"]
            ?? template.StreamOf(mapping["EventSourceArn"])?["ShardCount"]
        let broken = Between(function, Number(used), double.PositiveInfinity, "ReservedConcurrentExecutions")
        where broken is not null
        select broken;

    private static IEnumerable<Resource> QueueMappings(Template template) => template.OfType(MappingType)
        .Where(mapping => template.Referred(mapping["EventSourceArn"])?.Type == QueueType);
}
