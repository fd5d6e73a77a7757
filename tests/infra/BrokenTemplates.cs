using System.Text.Json.Nodes;
using Xunit;

namespace Pipeline.Tests.Infra;

/// <summary>Ways to break each law, one change of the committed template's resources each.</summary>
internal static partial class BrokenTemplates
{
    public static Dictionary<string, Action<JsonObject>[]> ByLaw { get; } =
        OfMappings()
            .Concat(OfFunctions())
            .Concat(OfStores())
            .Concat(OfReaders())
            .Concat(OfRights())
            .Concat(OfTheWhole())
            .Concat(OfQueues())
            .Concat(OfMonitoring())
            .ToDictionary();

    private static Dictionary<string, Action<JsonObject>[]> OfMappings() => new()
    {
        ["Mappings_read_streams_or_queues"] = [Set("EnrichMapping", Arn("Data"), "EventSourceArn")],
        ["Mappings_set_every_option_on_purpose"] =
        [
            Remove("EnrichMapping", "MaximumRetryAttempts"),
            Set("EnrichMapping", -1, "MaximumRetryAttempts"),
            Remove("ValidateMapping", "BisectBatchOnFunctionError"),
            Remove("ValidateMapping", "FunctionResponseTypes"),
            Set("ValidateMapping", 2, "ParallelizationFactor"),
            Set("ValidateMapping", "LATEST", "StartingPosition"),
            Set("ValidateMapping", false, "Enabled"),
            Set("ValidateMapping", 0, "BatchSize"),
            Remove("ValidateMapping", "MaximumBatchingWindowInSeconds"),
            Set("ValidateMapping", new JsonObject(), "FilterCriteria"),
            Set("ValidateMapping", 60, "TumblingWindowInSeconds"),
            Remove("FilterCriticalMapping", "MetricsConfig"),
            Remove("FilterCriticalMapping", "BisectBatchOnFunctionError"),
        ],
        ["Mappings_give_up_before_the_stream_forgets"] =
        [
            Remove("ValidateMapping", "MaximumRecordAgeInSeconds"),
            Set("ValidateMapping", 604_800, "MaximumRecordAgeInSeconds"),
            Set("Validated", 24, "RetentionPeriodHours"),
        ],
        ["Mappings_keep_what_they_give_up"] =
        [
            Remove("EnrichMapping", "DestinationConfig"),
            Remove("EnrichMapping", "DestinationConfig", "OnFailure"),
            RemoveStatement("EnrichRolePolicy", "/aws/lambda/*"),
            RemoveStatement("EnrichRolePolicy", "s3:ListBucket"),
        ],
    };

    private static Dictionary<string, Action<JsonObject>[]> OfFunctions() => new()
    {
        ["Functions_are_told_their_timeout_and_name"] =
        [
            Set("Enrich", 61, "Timeout"),
            Remove("Enrich", "Environment", "Variables", "FUNCTION_TIMEOUT_SECONDS"),
            Set("Enrich", "Validate", "Environment", "Variables", "PIPELINE_FUNCTION"),
            Set("Enrich", "Validate", "Handler"),
            Set("Enrich", "dotnet10", "Runtime"),
            Remove("Enrich", "Timeout"),
        ],
        ["Functions_have_a_log_group_that_forgets"] =
        [
            Remove("Enrich", "LoggingConfig"),
            Remove("EnrichLogs", "RetentionInDays"),
            Set("Enrich", Ref("ValidateLogs"), "LoggingConfig", "LogGroup"),
        ],
        ["Functions_are_traced"] = [Remove("Validate", "TracingConfig")],
        ["Functions_have_their_own_role"] =
        [
            Set("Enrich", Arn("ValidateRole"), "Role"),
            Set("Enrich", "arn:aws:iam::role/Admin", "Role"),
        ],
        ["Functions_have_enough_slots"] = [Set("Raw", 64, "ShardCount")],
    };

    private static Dictionary<string, Action<JsonObject>[]> OfStores() => new()
    {
        ["Streams_queues_and_buckets_are_encrypted"] =
        [
            Remove("Enriched", "StreamEncryption"),
            Remove("Data", "BucketEncryption"),
            resources => resources["Jobs"] = Resource("AWS::SQS::Queue"),
            Set("CommandsLowDead", false, "SqsManagedSseEnabled"),
        ],
        ["Streams_queues_and_buckets_are_retained"] =
        [
            resources => resources["Raw"]!["DeletionPolicy"] = "Delete",
            resources => resources["Data"]!.AsObject().Remove("UpdateReplacePolicy"),
            resources => resources["CommandsHigh"]!.AsObject().Remove("DeletionPolicy"),
            resources => resources["CommandsHighDead"]!["DeletionPolicy"] = "Delete",
            resources => resources["CommandsHighPolicy"]!["DeletionPolicy"] = "Delete",
        ],
        ["Buckets_are_private_and_take_tls_only"] =
        [
            Set("Data", false, "PublicAccessBlockConfiguration", "IgnorePublicAcls"),
            resources => resources.Remove("DataPolicy"),
            resources => resources["Other"] = Resource("AWS::S3::Bucket"),
        ],
        ["Buckets_tidy_up_after_failures"] =
        [
            Remove("Data", "LifecycleConfiguration"),
            resources => LifecycleRules(resources).RemoveAt(1),
            resources => LifecycleRules(resources).RemoveAt(4),
        ],
        ["Writers_wait_for_the_archive_to_listen"] =
            [resources => resources["EnrichMapping"]!.AsObject().Remove("DependsOn")],
        ["Archives_partition_by_event_date"] =
        [
            Remove("Archive", "ExtendedS3DestinationConfiguration", "DynamicPartitioningConfiguration"),
            Remove("Archive", "ExtendedS3DestinationConfiguration", "ErrorOutputPrefix"),
            Remove("Archive", "ExtendedS3DestinationConfiguration", "ProcessingConfiguration"),
            Set("Archive", "archive/", "ExtendedS3DestinationConfiguration", "Prefix"),
            Set("Archive", 5, "ExtendedS3DestinationConfiguration", "BufferingHints", "SizeInMBs"),
            Set("Archive", 0, "ExtendedS3DestinationConfiguration", "BufferingHints", "IntervalInSeconds"),
            resources => Processors(resources).RemoveAt(0),
            resources => Processors(resources).RemoveAt(1),
            resources => Processors(resources).Add(new JsonObject { ["Type"] = "RecordDeAggregation" }),
        ],
    };

    private static Dictionary<string, Action<JsonObject>[]> OfReaders() => new()
    {
        ["Streams_are_polled_by_two_readers_at_most"] =
        [
            resources =>
            {
                foreach (var id in new[] { "AuditMapping", "CopyMapping" })
                {
                    resources[id] = resources["ValidateMapping"]!.DeepClone();
                }
            },
        ],
        ["Consumers_have_one_reader_each"] =
        [
            Set("FilterCriticalMapping", Arn("Enriched"), "EventSourceArn"),
            resources => resources["AuditMapping"] = resources["FilterCriticalMapping"]!.DeepClone(),
        ],
        ["Consumers_are_few_and_come_one_after_the_other"] =
        [
            resources => AddConsumers(resources, 1, after: _ => null),
            resources => AddConsumers(resources, 2, after: _ => "FilterCriticalConsumer"),
            resources => AddConsumers(resources, 20, after: number => $"Consumer{number - 1}"),
        ],
        ["Consumers_are_named_by_the_rules"] =
        [
            Remove("FilterCriticalConsumer", "ConsumerName"),
            Set("FilterCriticalConsumer", "Pipeline/Enriched", "ConsumerName"),
            Set("FilterCriticalConsumer", new string('c', 129), "ConsumerName"),
            resources => AddConsumers(resources, 1, after: number => $"Consumer{number - 1}"),
        ],
    };

    private static Dictionary<string, Action<JsonObject>[]> OfRights() => new()
    {
        ["Nothing_is_allowed_to_all_or_on_all"] =
        [
            SetStatement("kinesis:PutRecords", "Action", "kinesis:*"),
            SetStatement("kinesis:PutRecords", "Resource", "*"),
            SetStatement("kinesis:PutRecords", "NotAction", "kinesis:DeleteStream"),
            SetStatement("/rejected/", "Resource", Join("Data", "/*")),
            SetStatement("xray:", "Action", new JsonArray("xray:PutTraceSegments", "s3:PutObject")),
            resources => Properties(resources, "ValidateRole")["AssumeRolePolicyDocument"]!["Statement"]![0]!
                ["Principal"] = new JsonObject { ["AWS"] = "*" },
            resources => Statements(resources, "CommandsHighPolicy")[0]!["Effect"] = "Allow",
        ],
        ["Functions_read_their_source_and_write_their_output_only"] =
        [
            SetStatement("kinesis:GetRecords", "Resource", new JsonArray(Arn("Raw"), Arn("Enriched"))),
            SetStatement("kinesis:PutRecords", "Resource", Arn("Raw")),
            SetStatement("kinesis:GetRecords", "Action", "kinesis:DescribeStream"),
            RemoveStatement("FilterCriticalRolePolicy", "kinesis:SubscribeToShard"),
            RemoveStatement("FilterCriticalRolePolicy", "kinesis:GetRecords"),
            RemoveStatement("RouteRolePolicy", "CommandsLow"),
            RemoveStatement("ExecuteLowRolePolicy", "sqs:ReceiveMessage"),
            Set("Route", Ref("CommandsHighDead"), "Environment", "Variables", "QUEUE_HIGH"),
            resources => Statement(resources, "ExecuteLowRolePolicy", "sqs:")["Resource"] = Arn("CommandsHigh"),
            resources => Statement(resources, "ExecuteLowRolePolicy", "sqs:")["Action"] = "sqs:SendMessage",
        ],
        ["Functions_touch_only_their_objects"] =
        [
            SetStatement("/rejected/", "Resource", Join("Data", "/rejected/*")),
            SetStatement("/rejected/", "Action", "s3:DeleteObject"),
            RemoveStatement("EnrichRolePolicy", "/blocklist.json"),
            RemoveStatement("ExecuteHighRolePolicy", "/commands/*"),
            RemoveStatement("ExecuteHighRolePolicy", "s3:ListBucket"),
            resources => Statement(resources, "ExecuteHighRolePolicy", "/incidents/*")["Resource"] =
                Join("Data", "/archive/*"),
        ],
        ["Roles_have_no_managed_policies"] =
            [Set("EnrichRole", new JsonArray("arn:aws:iam::aws:policy/AdministratorAccess"), "ManagedPolicyArns")],
    };

    private static Dictionary<string, Action<JsonObject>[]> OfTheWhole() => new()
    {
        ["Resources_have_no_physical_names"] =
        [
            Set("Raw", "raw", "Name"),
            Set("Data", "data", "BucketName"),
            Set("Enrich", "enrich", "FunctionName"),
            Set("ArchiveLogs", "archive", "LogGroupName"),
            Set("CommandsHigh", "commands", "QueueName"),
            Set("RouteErrorsAlarm", "errors", "AlarmName"),
        ],
        ["Resources_are_of_no_custom_type"] =
        [
            resources => resources["Rows"] = Resource("Custom::S3AutoDeleteObjects"),
            resources => resources["Rows"] = Resource("AWS::CloudFormation::CustomResource"),
        ],
        ["Values_name_no_account_and_no_region"] =
        [
            Set("Raw", "arn:aws:kms:${AWS::Region}:123456789012:key/1", "StreamEncryption", "KeyId"),
            Set("Enrich", "eu-central-1", "Environment", "Variables", "REGION"),
        ],
        ["References_make_no_circle"] =
        [
            Set("CommandsHighDead", new JsonArray(Arn("CommandsHigh")), "RedriveAllowPolicy"),
            resources => resources["ValidateRole"]!["DependsOn"] = new JsonArray("Validate"),
            resources => resources["Raw"]!["DependsOn"] = "Raw",
        ],
    };

    private static void AddConsumers(JsonObject resources, int count, Func<int, string?> after)
    {
        for (var number = 1; number <= count; number++)
        {
            var consumer = resources["FilterCriticalConsumer"]!.DeepClone();
            if (after(number) is { } dependency)
            {
                consumer["DependsOn"] = number == 1 ? "FilterCriticalConsumer" : dependency;
            }

            resources[$"Consumer{number}"] = consumer;
        }
    }

    private static Action<JsonObject> Set(string id, JsonNode value, params string[] path) =>
        resources => Parent(resources, id, path)[path[^1]] = value.DeepClone();

    private static Action<JsonObject> Remove(string id, params string[] path) => resources =>
        Assert.True(Parent(resources, id, path).Remove(path[^1]), $"{id} has no {string.Join('.', path)} to remove.");

    /// <summary>Changes the statement of Validate's policy that holds a text.</summary>
    private static Action<JsonObject> SetStatement(string holding, string member, JsonNode value) =>
        resources => Statement(resources, "ValidateRolePolicy", holding)[member] = value.DeepClone();

    private static Action<JsonObject> RemoveStatement(string policy, string holding) =>
        resources => Statements(resources, policy).Remove(Statement(resources, policy, holding));

    private static JsonObject Parent(JsonObject resources, string id, string[] path) =>
        path[..^1].Aggregate(Properties(resources, id), (node, name) => node[name]!).AsObject();

    private static JsonNode Properties(JsonObject resources, string id) => resources[id]!["Properties"]!;

    private static JsonArray Statements(JsonObject resources, string policy) =>
        Properties(resources, policy)["PolicyDocument"]!["Statement"]!.AsArray();

    private static JsonNode Statement(JsonObject resources, string policy, string holding) =>
        Statements(resources, policy).Single(statement => statement!.ToJsonString().Contains(holding))!;

    private static JsonArray LifecycleRules(JsonObject resources) =>
        Properties(resources, "Data")["LifecycleConfiguration"]!["Rules"]!.AsArray();

    private static JsonArray Processors(JsonObject resources) =>
        Properties(resources, "Archive")["ExtendedS3DestinationConfiguration"]!["ProcessingConfiguration"]!
            ["Processors"]!.AsArray();

    private static JsonObject Resource(string type) => new() { ["Type"] = type, ["Properties"] = new JsonObject() };

    private static JsonObject Ref(string id) => new() { ["Ref"] = id };

    private static JsonObject Arn(string id) => new() { ["Fn::GetAtt"] = new JsonArray(id, "Arn") };

    private static JsonObject Join(string id, string rest) =>
        new() { ["Fn::Join"] = new JsonArray("", new JsonArray(Arn(id), rest)) };
}
