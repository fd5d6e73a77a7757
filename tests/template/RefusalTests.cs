using Xunit;

namespace Pipeline.Tests.Template;

public sealed class RefusalTests
{
    internal const string Processors =
        "Archive.Properties.ExtendedS3DestinationConfiguration.ProcessingConfiguration.Processors";

    private const string S3 = "Archive.Properties.ExtendedS3DestinationConfiguration";
    private const string Mapping = "EnrichMapping.Properties";
    private const string Function = "Enrich.Properties";
    private const string Prefixes = "prefixes with !{partitionKeyFromQuery:eventdate} and no other expression";
    private const string ErrorPrefixes = "prefixes without an expression, or with !{firehose:error-output-type} and "
        + "perhaps !{timestamp:…} of yyyy, MM, dd, HH, '/', '-', '_'";

    /// <summary>A place of the sample, what to put there (null removes it), what was found, what is honoured.</summary>
    public static TheoryData<string, string?, string, string> Values => new()
    {
        { "Raw.Properties.ShardCount", null, "nothing", "whole numbers from 1 to 10000" },
        { "Raw.Properties.ShardCount", "10001", "10001", "whole numbers from 1 to 10000" },
        { "Raw.Properties.ShardCount", "\"two\"", "'two'", "whole numbers from 1 to 10000" },
        { "Raw.Properties.ShardCount", "2.5", "2.5", "whole numbers from 1 to 10000" },
        { "Raw.Properties.ShardCount", "[]", "a list", "whole numbers from 1 to 10000" },
        { "Raw.Properties.RetentionPeriodHours", "23", "23", "whole numbers from 24 to 8760" },
        { "Raw.Properties.RetentionPeriodHours", "8761", "8761", "whole numbers from 24 to 8760" },
        { "Raw.Properties.StreamModeDetails.StreamMode", "\"ON_DEMAND\"", "'ON_DEMAND'", "PROVISIONED" },
        { "Raw.Properties.MaxRecordSizeInKiB", "1023", "1023", "whole numbers from 1024 to 10240" },
        { "Raw.Properties.MaxRecordSizeInKiB", "10241", "10241", "whole numbers from 1024 to 10240" },
        { "Raw.Properties.Name", "\"a b\"", "'a b'", "1 to 128 of a-z, A-Z, 0-9, '_', '.', '-'" },
        {
            "Data.Properties.BucketName",
            "\"Data\"",
            "'Data'",
            "3 to 63 of a-z, 0-9, '.', '-', a letter or digit at both ends"
        },
        { $"{Function}.Timeout", "0", "0", "whole numbers from 1 to 900" },
        { $"{Function}.Timeout", "901", "901", "whole numbers from 1 to 900" },
        { $"{Function}.MemorySize", "127", "127", "whole numbers from 128 to 10240" },
        { $"{Function}.MemorySize", "10241", "10241", "whole numbers from 128 to 10240" },
        { $"{Function}.ReservedConcurrentExecutions", "-1", "-1", "whole numbers from 0" },
        { $"{Function}.PackageType", "\"Image\"", "'Image'", "Zip" },
        { $"{Function}.Runtime", "\"python3.13\"", "'python3.13'", "provided.al2023, provided.al2, dotnet8, dotnet10" },
        { $"{Function}.FunctionName", "\"a.b\"", "'a.b'", "1 to 64 of a-z, A-Z, 0-9, '-', '_'" },
        { $"{Function}.Environment", "\"none\"", "'none'", "an object" },
        { $"{Function}.Environment.Variables.BUCKET", "[]", "a list", "a string" },
        { $"{Mapping}.BatchSize", "0", "0", "whole numbers from 1 to 10000" },
        { $"{Mapping}.BatchSize", "10001", "10001", "whole numbers from 1 to 10000" },
        { $"{Mapping}.MaximumBatchingWindowInSeconds", "301", "301", "whole numbers from 0 to 300" },
        { $"{Mapping}.MaximumRetryAttempts", "-2", "-2", "whole numbers from 0 to 10000, or -1 for no limit" },
        { $"{Mapping}.MaximumRecordAgeInSeconds", "59", "59", "whole numbers from 60 to 604800, or -1 for no limit" },
        {
            $"{Mapping}.MaximumRecordAgeInSeconds",
            "604801",
            "604801",
            "whole numbers from 60 to 604800, or -1 for no limit"
        },
        { $"{Mapping}.BisectBatchOnFunctionError", "\"yes\"", "'yes'", "true, false" },
        { $"{Mapping}.Enabled", "1", "1", "true, false" },
        { $"{Mapping}.ParallelizationFactor", "0", "0", "whole numbers from 1 to 10" },
        { $"{Mapping}.ParallelizationFactor", "11", "11", "whole numbers from 1 to 10" },
        { $"{Mapping}.StartingPosition", null, "nothing", "TRIM_HORIZON, LATEST, AT_TIMESTAMP" },
        { $"{Mapping}.StartingPosition", "\"OLDEST\"", "'OLDEST'", "TRIM_HORIZON, LATEST, AT_TIMESTAMP" },
        { $"{Mapping}.StartingPositionTimestamp", "1", "1", "nothing, unless StartingPosition is AT_TIMESTAMP" },
        { $"{Mapping}.TumblingWindowInSeconds", "60", "60", "nothing, since tumbling windows are not run here" },
        {
            $"{Mapping}.FilterCriteria",
            "{}",
            "an object",
            "nothing, since records are not filtered before the function here"
        },
        { $"{Mapping}.FunctionResponseTypes.0", "\"Other\"", "'Other'", "ReportBatchItemFailures" },
        { $"{Mapping}.FunctionName", null, "nothing", "a string" },
        {
            $"{Mapping}.FunctionName",
            "\"Route\"",
            "'Route'",
            "names and ARNs of the AWS::Lambda::Function resources of this template (Enrich)"
        },
        { $"{Mapping}.EventSourceArn", null, "nothing", "the ARN of an event source" },
        { $"{Mapping}.EventSourceArn", "\"Raw\"", "'Raw'", "ARNs of kinesis, sqs resources of this template" },
        {
            $"{Mapping}.EventSourceArn",
            "\"arn:aws:kafka:us-east-1:123456789012:cluster/q\"",
            "'arn:aws:kafka:us-east-1:123456789012:cluster/q'",
            "ARNs of kinesis, sqs resources of this template"
        },
        {
            $"{Mapping}.EventSourceArn", "\"arn:aws:kinesis:us-east-1:123456789012:stream/Other\"",
            "'arn:aws:kinesis:us-east-1:123456789012:stream/Other'",
            "ARNs of the AWS::Kinesis::Stream resources of this template (Raw, Enriched)"
        },
        {
            $"{Mapping}.DestinationConfig.OnFailure.Destination", "\"arn:aws:sns:us-east-1:123456789012:t\"",
            "'arn:aws:sns:us-east-1:123456789012:t'",
            "ARNs of the AWS::S3::Bucket and AWS::SQS::Queue resources of this template (Data)"
        },
        { $"{Mapping}.DestinationConfig.OnFailure.Destination", null, "nothing", "a string" },
        { "Archive.Properties.DeliveryStreamType", null, "nothing", "KinesisStreamAsSource" },
        { "Archive.Properties.DeliveryStreamType", "\"DirectPut\"", "'DirectPut'", "KinesisStreamAsSource" },
        { "Archive.Properties.KinesisStreamSourceConfiguration", null, "nothing", "an object" },
        { S3, null, "nothing", "an object" },
        { $"{S3}.BucketARN", "\"data\"", "'data'", "ARNs of the AWS::S3::Bucket resources of this template (Data)" },
        { $"{S3}.BufferingHints", null, "nothing", "an object" },
        { $"{S3}.BufferingHints.SizeInMBs", "63", "63", "whole numbers from 64 to 128" },
        { $"{S3}.BufferingHints.SizeInMBs", "129", "129", "whole numbers from 64 to 128" },
        { $"{S3}.BufferingHints.SizeInMBs", null, "nothing", "whole numbers from 64 to 128" },
        { $"{S3}.BufferingHints.IntervalInSeconds", "59", "59", "whole numbers from 60 to 900" },
        { $"{S3}.BufferingHints.IntervalInSeconds", "901", "901", "whole numbers from 60 to 900" },
        { $"{S3}.CompressionFormat", "\"GZIP\"", "'GZIP'", "UNCOMPRESSED" },
        { $"{S3}.CustomTimeZone", "\"Europe/Berlin\"", "'Europe/Berlin'", "UTC" },
        { $"{S3}.S3BackupMode", "\"Enabled\"", "'Enabled'", "Disabled" },
        { $"{S3}.DynamicPartitioningConfiguration", null, "nothing", "an object" },
        { $"{S3}.DynamicPartitioningConfiguration.Enabled", "false", "false", "true" },
        {
            $"{S3}.DynamicPartitioningConfiguration.RetryOptions.DurationInSeconds",
            "7201",
            "7201",
            "whole numbers from 0 to 7200"
        },
        { $"{S3}.ProcessingConfiguration", null, "nothing", "an object" },
        { $"{S3}.ProcessingConfiguration.Enabled", "false", "false", "true" },
        { $"{S3}.Prefix", null, "nothing", "a prefix with !{partitionKeyFromQuery:eventdate}" },
        { $"{S3}.Prefix", "\"archive/\"", "'archive/'", Prefixes },
        {
            $"{S3}.Prefix",
            "\"a/!{partitionKeyFromQuery:eventdate}/!{timestamp:yyyy}/\"",
            "'a/!{partitionKeyFromQuery:eventdate}/!{timestamp:yyyy}/'",
            Prefixes
        },
        {
            $"{S3}.Prefix",
            "\"a/!{partitionKeyFromQuery:eventdate\"",
            "'a/!{partitionKeyFromQuery:eventdate'",
            Prefixes
        },
        { $"{S3}.ErrorOutputPrefix", null, "nothing", "a prefix, since Prefix has an expression" },
        { $"{S3}.ErrorOutputPrefix", "\"e/!{timestamp:yyyy}/\"", "'e/!{timestamp:yyyy}/'", ErrorPrefixes },
        {
            $"{S3}.ErrorOutputPrefix",
            "\"!{firehose:error-output-type}!{firehose:random-string}\"",
            "'!{firehose:error-output-type}!{firehose:random-string}'",
            ErrorPrefixes
        },
        {
            $"{S3}.ErrorOutputPrefix",
            "\"!{firehose:error-output-type}!{timestamp:EEE}\"",
            "'!{firehose:error-output-type}!{timestamp:EEE}'",
            ErrorPrefixes
        },
    };

    /// <summary>A place of the sample, what to put there (null removes it), and the problem.</summary>
    public static TheoryData<string, string?, string> Sentences => new()
    {
        {
            "Raw.Type",
            "\"AWS::SNS::Topic\"",
            "Raw.Type: found 'AWS::SNS::Topic'; honoured: AWS::Kinesis::Stream, "
            + "AWS::Kinesis::StreamConsumer, AWS::S3::Bucket, "
        },
        { "Raw.Type", null, "Raw.Type: found ''; honoured: AWS::Kinesis::Stream, " },
        {
            "Raw.Type",
            "\"AWS::Scheduler::Schedule\"",
            "Raw.Type: found 'AWS::Scheduler::Schedule'; honoured: AWS::Kinesis::Stream, "
        },
        { "Raw.Properties", "[]", "Raw.Properties: found a list; honoured: an object." },
        { "Raw.Metdata", "{}", "Raw: found an attribute 'Metdata'; honoured: Type, Properties, DependsOn, " },
        {
            "Raw.Condition",
            "\"Nope\"",
            "Raw.Condition: found the condition 'Nope'; honoured: declared conditions (IsTest, IsLive)."
        },
        { "Raw.Condition", "{}", "Raw.Condition: found JSON of kind Object; honoured: the name of a condition." },
        {
            "Raw.Properties.Shards",
            "2",
            "Raw.Properties.Shards: found a property that the engine does not know; honoured: "
                + "DesiredShardLevelMetrics, MaxRecordSizeInKiB, Name, RetentionPeriodHours, ShardCount, "
                + "StreamEncryption, StreamModeDetails, Tags."
        },
        {
            "Raw.Properties.StreamModeDetails.Mode", "2",
            "Raw.Properties.StreamModeDetails.Mode: found a property that the engine does not know; "
                + "honoured: StreamMode."
        },
        {
            "Data.Properties.NotificationConfiguration",
            "{}",
            "Data.Properties.NotificationConfiguration: found a property that "
        },
        { $"{Function}.VpcConfig", "{}", $"{Function}.VpcConfig: found a property that the engine does not know; " },
        {
            $"{Mapping}.ScalingConfig",
            "{}",
            $"{Mapping}.ScalingConfig: found a property that the engine does not know; "
        },
        {
            $"{Mapping}.DestinationConfig.OnSuccess",
            "{}",
            $"{Mapping}.DestinationConfig.OnSuccess: found a property that "
        },
        {
            "Archive.Properties.S3DestinationConfiguration",
            "{}",
            "Archive.Properties.S3DestinationConfiguration: found a property "
        },
        {
            $"{S3}.FileExtension",
            "\".ndjson\"",
            $"{S3}.FileExtension: found a property that the engine does not know; "
        },
        {
            $"{Function}.Environment.Variables.1A",
            "\"\"",
            $"{Function}.Environment.Variables: found '1A'; honoured: names of a-z, "
        },
        {
            $"{Function}.Environment.Variables.A_B",
            $"\"{new string('x', 4096)}\"",
            $"{Function}.Environment.Variables: found 4"
        },
        {
            $"{Function}",
            "{}",
            "Enrich.Properties.Handler: found nothing; honoured: the function's name, here or in PIPELINE_FUNCTION."
        },
        {
            "Enriched.Properties.Name",
            "\"Raw\"",
            "Enriched: found the name 'Raw', which Raw has; honoured: names of its own."
        },
        {
            $"{Processors}.0.Parameters.0.ParameterValue", "\"{day:.eventdate}\"",
            $"{Processors}[0].Parameters[0].ParameterValue: found '{{day:.eventdate}}'; "
                + "honoured: {eventdate:.eventdate}."
        },
        {
            $"{Processors}.0.Parameters.1.ParameterValue", "\"JQ-1.7\"",
            $"{Processors}[0].Parameters[1].ParameterValue: found 'JQ-1.7'; honoured: JQ-1.6."
        },
        {
            $"{Processors}.0.Parameters.1", null,
            $"{Processors}[0].Parameters: found no JsonParsingEngine; honoured: MetadataExtractionQuery "
        },
        {
            $"{Processors}.1.Type",
            "\"RecordDeAggregation\"",
            $"{Processors}[1].Type: found 'RecordDeAggregation'; honoured: "
        },
        {
            $"{Processors}.0", null,
            $"{Processors}: found 0 of type MetadataExtraction, 1 of type AppendDelimiterToRecord; honoured: one of "
        },
        {
            $"{Processors}.1.Parameters", """[{ "ParameterName": "Delimiter", "ParameterValue": ";" }]""",
            $"{Processors}[1].Parameters[0].ParameterValue: found ';'; honoured: \\n."
        },
        {
            $"{Processors}.1.Parameters", """[{ "ParameterName": "Separator", "ParameterValue": ";" }]""",
            $"{Processors}[1].Parameters[0].ParameterName: found 'Separator'; honoured: each once: Delimiter."
        },
        { $"{Processors}.1", "7", $"{Processors}[1]: found 7; honoured: an object." },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    [Trait("Rule", "schedules.rate")]
    public void What_the_engine_does_not_know_is_refused(string path, string? json, string problem) =>
        Assert.StartsWith(problem, Templates.With(path, json).Problems()[0], StringComparison.Ordinal);

    [Fact]
    public void A_problem_of_a_stream_is_not_told_again_by_what_reads_it() => Assert.Equal(
        ["Enriched.Properties.ShardCount: found nothing; honoured: whole numbers from 1 to 10000."],
        Templates.With("Enriched.Properties.ShardCount", null).Problems());

    [Theory]
    [MemberData(nameof(Values))]
    [Trait("Rule", "streams.on-demand")]
    [Trait("Rule", "streams.record-size-range")]
    [Trait("Rule", "streams.retention-range")]
    [Trait("Rule", "streams.names")]
    [Trait("Rule", "streams.shards-most")]
    [Trait("Rule", "mapping.settings")]
    [Trait("Rule", "mapping.destination-sns")]
    [Trait("Rule", "mapping.filter-criteria")]
    [Trait("Rule", "mapping.tumbling-window")]
    [Trait("Rule", "firehose.partitioned-buffers")]
    [Trait("Rule", "firehose.compression")]
    [Trait("Rule", "firehose.direct-put")]
    public void A_value_that_is_not_honoured_is_refused_where_it_stands(
        string path, string? json, string found, string honoured)
    {
        var place = path.EndsWith(".0", StringComparison.Ordinal) ? path[..^2] + "[0]" : path;

        Assert.Equal([$"{place}: found {found}; honoured: {honoured}."], Templates.With(path, json).Problems());
    }
}
