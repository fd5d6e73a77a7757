using System.Text.Json.Nodes;
using Xunit;

namespace Pipeline.Tests.Infra;

/// <summary>Ways to break each law, one change of the committed template's resources each.</summary>
internal static class BrokenTemplates
{
    public static Dictionary<string, Action<JsonObject>[]> ByLaw { get; } = new()
    {
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
            resources => Statements(resources, "EnrichRolePolicy").RemoveAt(3),
            resources => Statements(resources, "EnrichRolePolicy").RemoveAt(4),
        ],
        ["Functions_are_told_their_timeout_and_name"] =
        [
            Set("Enrich", 61, "Timeout"),
            Remove("Enrich", "Environment", "Variables", "FUNCTION_TIMEOUT_SECONDS"),
            Set("Enrich", "Validate", "Environment", "Variables", "PIPELINE_FUNCTION"),
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
        ["Streams_and_buckets_are_encrypted"] =
        [
            Remove("Enriched", "StreamEncryption"),
            Remove("Data", "BucketEncryption"),
            resources => resources["Jobs"] = Resource("AWS::SQS::Queue"),
        ],
        ["Streams_and_buckets_are_retained"] =
        [
            resources => resources["Raw"]!["DeletionPolicy"] = "Delete",
            resources => resources["Data"]!.AsObject().Remove("UpdateReplacePolicy"),
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
        ["Nothing_is_allowed_to_all_or_on_all"] =
        [
            SetStatement(1, "Action", "kinesis:*"),
            SetStatement(1, "Resource", "*"),
            SetStatement(1, "NotAction", "kinesis:DeleteStream"),
            SetStatement(2, "Resource", Join("Data", "/*")),
            SetStatement(6, "Action", new JsonArray("xray:PutTraceSegments", "s3:PutObject")),
            resources => Properties(resources, "ValidateRole")["AssumeRolePolicyDocument"]!["Statement"]![0]!
                ["Principal"] = new JsonObject { ["AWS"] = "*" },
        ],
        ["Functions_read_their_source_and_write_their_output_only"] =
        [
            SetStatement(0, "Resource", new JsonArray(Arn("Raw"), Arn("Enriched"))),
            SetStatement(1, "Resource", Arn("Raw")),
            SetStatement(0, "Action", "kinesis:DescribeStream"),
        ],
        ["Roles_have_no_managed_policies"] =
            [Set("EnrichRole", new JsonArray("arn:aws:iam::aws:policy/AdministratorAccess"), "ManagedPolicyArns")],
        ["Resources_have_no_physical_names"] =
        [
            Set("Raw", "raw", "Name"),
            Set("Data", "data", "BucketName"),
            Set("Enrich", "enrich", "FunctionName"),
            Set("ArchiveLogs", "archive", "LogGroupName"),
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
    };

    private static Action<JsonObject> Set(string id, JsonNode value, params string[] path) =>
        resources => Parent(resources, id, path)[path[^1]] = value.DeepClone();

    private static Action<JsonObject> Remove(string id, params string[] path) => resources =>
        Assert.True(Parent(resources, id, path).Remove(path[^1]), $"{id} has no {string.Join('.', path)} to remove.");

    private static Action<JsonObject> SetStatement(int index, string member, JsonNode value) =>
        resources => Statements(resources, "ValidateRolePolicy")[index]![member] = value.DeepClone();

    private static JsonObject Parent(JsonObject resources, string id, string[] path) =>
        path[..^1].Aggregate(Properties(resources, id), (node, name) => node[name]!).AsObject();

    private static JsonNode Properties(JsonObject resources, string id) => resources[id]!["Properties"]!;

    private static JsonArray Statements(JsonObject resources, string policy) =>
        Properties(resources, policy)["PolicyDocument"]!["Statement"]!.AsArray();

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
