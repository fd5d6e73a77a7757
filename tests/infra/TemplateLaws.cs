using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Core;
using static Pipeline.Tests.Infra.Checks;

namespace Pipeline.Tests.Infra;

/// <summary>What must hold for every resource of the template, whoever adds it. A law answers its violations.</summary>
public static partial class TemplateLaws
{
    private const string BucketType = "AWS::S3::Bucket";
    private const string DeliveryType = "AWS::KinesisFirehose::DeliveryStream";
    private const string FunctionType = "AWS::Lambda::Function";
    private const string MappingType = "AWS::Lambda::EventSourceMapping";
    private const string StreamType = "AWS::Kinesis::Stream";

    public static IReadOnlyDictionary<string, Func<Template, IEnumerable<string>>> All { get; } =
        ((Func<Template, IEnumerable<string>>[])
        [
            Mappings_read_streams_or_queues,
            Mappings_set_every_option_on_purpose,
            Mappings_give_up_before_the_stream_forgets,
            Mappings_keep_what_they_give_up,
            Functions_are_told_their_timeout_and_name,
            Functions_have_a_log_group_that_forgets,
            Functions_are_traced,
            Functions_have_their_own_role,
            Functions_have_enough_slots,
            Streams_queues_and_buckets_are_encrypted,
            Streams_queues_and_buckets_are_retained,
            Buckets_are_private_and_take_tls_only,
            Buckets_tidy_up_after_failures,
            Writers_wait_for_the_archive_to_listen,
            Archives_partition_by_event_date,
            IamLaws.Nothing_is_allowed_to_all_or_on_all,
            IamLaws.Functions_read_their_source_and_write_their_output_only,
            IamLaws.Functions_touch_only_their_objects,
            IamLaws.Roles_have_no_managed_policies,
            Resources_have_no_physical_names,
            Resources_are_of_no_custom_type,
            Values_name_no_account_and_no_region,
            References_make_no_circle,
            .. ReaderLaws.All,
            .. QueueLaws.All,
            .. MonitoringLaws.All,
        ]).ToDictionary(law => law.Method.Name);

    private static IEnumerable<string> Mappings_read_streams_or_queues(Template template) =>
        from mapping in template.OfType(MappingType)
        let source = mapping["EventSourceArn"]
        where template.StreamOf(source) is null && template.Referred(source)?.Type != QueueLaws.QueueType
        select $"{mapping.Id}: reads '{source}', and no law knows what to ask of that";

    private static IEnumerable<string> Mappings_set_every_option_on_purpose(Template template) =>
        from mapping in StreamMappings(template)
        from broken in new[]
        {
            Expect(mapping, "TRIM_HORIZON", "StartingPosition"),
            Expect(mapping, "true", "Enabled"),
            Expect(mapping, "1", "ParallelizationFactor"),
            Expect(mapping, "true", "BisectBatchOnFunctionError"),
            Expect(mapping, """["ReportBatchItemFailures"]""", "FunctionResponseTypes"),
            Expect(mapping, null, "FilterCriteria"),
            Expect(mapping, null, "TumblingWindowInSeconds"),
            Expect(mapping, """["EventCount"]""", "MetricsConfig", "Metrics"),
            Between(mapping, 1, Limits.MappingBatchSizeMax, "BatchSize"),
            Between(mapping, 1, Limits.MappingBatchingWindowSecondsMax, "MaximumBatchingWindowInSeconds"),
            Between(mapping, 0, Limits.MappingRetryAttemptsMax, "MaximumRetryAttempts"),
        }
        where broken is not null
        select broken;

    private static IEnumerable<string> Mappings_give_up_before_the_stream_forgets(Template template) =>
        from mapping in StreamMappings(template)
        let retention = Number(template.StreamOf(mapping["EventSourceArn"])!["RetentionPeriodHours"])
        let age = Math.Min((retention - 2) * 3600, Limits.MappingRecordAgeSecondsMax)
        let broken = Expect(mapping, age.ToString(CultureInfo.InvariantCulture), "MaximumRecordAgeInSeconds")
        where broken is not null
        select broken;

    private static IEnumerable<string> Mappings_keep_what_they_give_up(Template template)
    {
        foreach (var mapping in StreamMappings(template))
        {
            var destination = mapping["DestinationConfig", "OnFailure", "Destination"];
            if (template.Referred(destination)?.Type != BucketType)
            {
                yield return $"{mapping.Id}: its on-failure destination '{destination}' is no bucket";
                continue;
            }

            var granted = IamLaws.Granted(template, template.Referred(mapping["FunctionName"])!);
            (string, string)[] needed =
                [("s3:PutObject", $"{destination}/aws/lambda/*"), ("s3:ListBucket", $"{destination}")];
            foreach (var lacking in needed.Where(right => !granted.Contains(right)))
            {
                yield return $"{mapping.Id}: its function lacks {lacking}";
            }
        }
    }

    private static IEnumerable<string> Functions_are_told_their_timeout_and_name(Template template) =>
        from function in template.OfType(FunctionType)
        from broken in new[]
        {
            Expect(function, function["Timeout"] ?? "set", "Environment", "Variables", "FUNCTION_TIMEOUT_SECONDS"),
            Expect(function, function.Id, "Environment", "Variables", "PIPELINE_FUNCTION"),
            Expect(function, function["Runtime"] == "dotnet10" ? "Pipeline.Functions" : function.Id, "Handler"),
            Between(function, 1, Limits.FunctionTimeoutSecondsMax, "Timeout"),
        }
        where broken is not null
        select broken;

    private static IEnumerable<string> Functions_have_a_log_group_that_forgets(Template template)
    {
        var used = new HashSet<string>();
        foreach (var function in template.OfType(FunctionType))
        {
            var group = template.Referred(function["LoggingConfig", "LogGroup"]);
            if (group?.Type != "AWS::Logs::LogGroup" || group["RetentionInDays"] is null)
            {
                yield return $"{function.Id}: has no log group with a retention";
            }
            else if (!used.Add(group.Id))
            {
                yield return $"{function.Id}: shares the log group {group.Id}";
            }
        }
    }

    private static IEnumerable<string> Functions_are_traced(Template template) =>
        from function in template.OfType(FunctionType)
        let broken = Expect(function, "Active", "TracingConfig", "Mode")
        where broken is not null
        select broken;

    private static IEnumerable<string> Functions_have_their_own_role(Template template) =>
        from function in template.OfType(FunctionType)
        group function.Id by function["Role"] into sharing
        where sharing.Count() > 1 || template.Referred(sharing.Key)?.Type != "AWS::IAM::Role"
        select $"{string.Join(", ", sharing)}: role '{sharing.Key}' is shared or missing";

    private static IEnumerable<string> Functions_have_enough_slots(Template template) =>
        from function in template.OfType(FunctionType)
        let slots = function["Environment", "Variables", "SLOTS"]
        where slots is not null
        from stream in template.OfType(StreamType)
        where Number(slots) < Limits.SlotsPerShardMin * Number(stream["ShardCount"])
        select $"{function.Id}: {slots} slots are too few for {stream.Id}";

    private static IEnumerable<string> Streams_queues_and_buckets_are_encrypted(Template template) =>
        from resource in template.Resources
        let encrypted = resource.Type switch
        {
            StreamType => resource["StreamEncryption", "EncryptionType"] == "KMS",
            BucketType => resource.Objects().Any(rule => rule["SSEAlgorithm"] is not null),
            QueueLaws.QueueType => resource["SqsManagedSseEnabled"] == "true" || resource["KmsMasterKeyId"] is not null,
            _ => true,
        }
        where !encrypted
        select $"{resource.Id}: is not encrypted";

    private static IEnumerable<string> Streams_queues_and_buckets_are_retained(Template template) =>
        from resource in template.Resources
        where resource.Type is StreamType or BucketType or "AWS::S3::BucketPolicy"
            or QueueLaws.QueueType or QueueLaws.PolicyType
        from policy in new[] { "DeletionPolicy", "UpdateReplacePolicy" }
        where Template.Text(resource.Node[policy]) != "Retain"
        select $"{resource.Id}: {policy} is not Retain";

    private static IEnumerable<string> Buckets_are_private_and_take_tls_only(Template template)
    {
        string[] blocks = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];
        foreach (var bucket in template.OfType(BucketType))
        {
            if (blocks.Any(block => bucket["PublicAccessBlockConfiguration", block] != "true"))
            {
                yield return $"{bucket.Id}: could become public";
            }

            var tlsOnly = template.OfType("AWS::S3::BucketPolicy")
                .Where(policy => template.Referred(policy["Bucket"]) == bucket)
                .SelectMany(policy => policy.Objects())
                .Any(part => Template.Text(part["aws:SecureTransport"]) == "false");
            if (!tlsOnly)
            {
                yield return $"{bucket.Id}: answers without TLS";
            }
        }
    }

    private static IEnumerable<string> Buckets_tidy_up_after_failures(Template template)
    {
        foreach (var bucket in template.OfType(BucketType))
        {
            var rules = bucket.Objects().Where(rule => Template.Text(rule["Status"]) == "Enabled").ToList();
            foreach (var prefix in new[] { "rejected/", "aws/lambda/", "oversize/", "archive-errors/" })
            {
                if (!rules.Any(rule => Template.Text(rule["Prefix"]) == prefix && rule["ExpirationInDays"] is not null))
                {
                    yield return $"{bucket.Id}: keeps {prefix} for ever";
                }
            }

            if (!rules.Any(rule => rule["AbortIncompleteMultipartUpload"] is not null && rule["Prefix"] is null))
            {
                yield return $"{bucket.Id}: keeps unfinished uploads for ever";
            }
        }
    }

    private static IEnumerable<string> Writers_wait_for_the_archive_to_listen(Template template) =>
        from archive in template.OfType(DeliveryType)
        let stream = template.Referred(archive["KinesisStreamSourceConfiguration", "KinesisStreamARN"])
        from mapping in template.OfType(MappingType)
        let function = template.Referred(mapping["FunctionName"])
        where template.Referred(function["Environment", "Variables", "OUTPUT_STREAM"]) == stream
        where !mapping.DependsOn.Contains(archive.Id)
        select $"{mapping.Id}: may write before {archive.Id} listens";

    private static IEnumerable<string> Archives_partition_by_event_date(Template template)
    {
        const string Destination = "ExtendedS3DestinationConfiguration";
        const string ErrorPrefix = "archive-errors/!{firehose:error-output-type}/";
        const string Query =
            """{"ParameterName":"MetadataExtractionQuery","ParameterValue":"{eventdate:.eventdate}"}""";
        foreach (var archive in template.OfType(DeliveryType))
        {
            var processors = archive.At(Destination, "ProcessingConfiguration", "Processors")?.ToJsonString() ?? "";
            string?[] broken =
            [
                Expect(archive, "KinesisStreamAsSource", "DeliveryStreamType"),
                Expect(archive, "true", Destination, "DynamicPartitioningConfiguration", "Enabled"),
                Expect(archive, "true", Destination, "ProcessingConfiguration", "Enabled"),
                Expect(archive, "archive/date=!{partitionKeyFromQuery:eventdate}/", Destination, "Prefix"),
                Between(
                    archive,
                    Limits.FirehosePartitionedBufferMebibytesMin,
                    Limits.FirehosePartitionedBufferMebibytesMax,
                    Destination,
                    "BufferingHints",
                    "SizeInMBs"),
                Between(
                    archive,
                    Limits.FirehosePartitionedIntervalSecondsMin,
                    Limits.FirehosePartitionedIntervalSecondsMax,
                    Destination,
                    "BufferingHints",
                    "IntervalInSeconds"),
                archive[Destination, "ErrorOutputPrefix"]?.StartsWith(ErrorPrefix, StringComparison.Ordinal) == true
                    ? null
                    : $"{archive.Id}: has no error prefix",
                processors.Contains(Query) ? null : $"{archive.Id}: does not take the event date as its key",
                processors.Contains("AppendDelimiterToRecord") ? null : $"{archive.Id}: puts all events on one line",
                processors.Contains("RecordDeAggregation") ? $"{archive.Id}: cuts records that are no packs" : null,
            ];
            foreach (var violation in broken.OfType<string>())
            {
                yield return violation;
            }
        }
    }

    private static IEnumerable<string> Resources_have_no_physical_names(Template template) =>
        from resource in template.Resources
        // The name of an inline policy is required, and known only inside its role; so is that of a consumer.
        where resource.Type is not ("AWS::IAM::Policy" or ReaderLaws.ConsumerType)
        let named = resource.Type.Split("::")[^1] + "Name"
        from name in new[] { "Name", named }
        where resource.Properties.ContainsKey(name)
        select $"{resource.Id}: is named {resource[name]}";

    private static IEnumerable<string> Resources_are_of_no_custom_type(Template template) =>
        from resource in template.Resources
        where resource.Type.StartsWith("Custom::") || resource.Type == "AWS::CloudFormation::CustomResource"
        select $"{resource.Id}: is of the custom type {resource.Type}";

    private static IEnumerable<string> Values_name_no_account_and_no_region(Template template) =>
        from resource in template.Resources
        from Match match in AccountOrRegion().Matches(resource.Properties.ToJsonString())
        select $"{resource.Id}: holds {match.Value}";

    // CloudFormation creates no resource before what it refers to.
    private static IEnumerable<string> References_make_no_circle(Template template)
    {
        var done = new HashSet<string>();
        foreach (var resource in template.Resources)
        {
            if (Circle(template, resource, done, []) is { } circle)
            {
                yield return string.Join(" refers to ", circle);
            }
        }
    }

    private static List<string>? Circle(Template template, Resource from, HashSet<string> done, List<string> path)
    {
        if (path.Contains(from.Id))
        {
            return [.. path, from.Id];
        }

        var circle = done.Contains(from.Id)
            ? null
            : from.References()
                .Select(template.Find)
                .OfType<Resource>()
                .Select(next => Circle(template, next, done, [.. path, from.Id]))
                .FirstOrDefault(found => found is not null);
        done.Add(from.Id);
        return circle;
    }

    [GeneratedRegex(@"\b(\d{12}|[a-z]{2}(-gov)?-(north|south|east|west|central)[a-z]*-\d)\b")]
    private static partial Regex AccountOrRegion();

    private static IEnumerable<Resource> StreamMappings(Template template) =>
        template.OfType(MappingType).Where(mapping => template.StreamOf(mapping["EventSourceArn"]) is not null);
}
