using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.KinesisFirehose;
using Amazon.CDK.AWS.Logs;
using Constructs;

namespace Pipeline.Infra.Constructs;

/// <summary>
/// The archive: Firehose copies a stream into the bucket, one event a line, one prefix for each event date.
/// </summary>
/// <remarks>
/// Firehose unpacks the records of the stream by itself. It starts at the stream's latest record, so whoever writes
/// to the
/// stream starts after it. Dynamic partitioning can be chosen only at creation.
/// </remarks>
public sealed class Archive : Construct
{
    private const string Prefix = "archive/";
    private const string ErrorPrefix = "archive-errors/";

    public Archive(Construct scope, string id, EventStream from, DataBucket to)
        : base(scope, id)
    {
        var logs = new LogGroup(this, "Logs", new LogGroupProps
        {
            Retention = RetentionDays.ONE_MONTH,
            RemovalPolicy = RemovalPolicy.DESTROY,
        });
        logs.HasLogicalId(id + "Logs");
        var errors = new LogStream(this, "LogStream", new LogStreamProps
        {
            LogGroup = logs,
            RemovalPolicy = RemovalPolicy.DESTROY,
        });
        errors.HasLogicalId(id + "LogStream");

        var role = new Role(this, "Role", new RoleProps
        {
            AssumedBy = new ServicePrincipal("firehose.amazonaws.com"),
            Description = $"What {id} may do.",
        });
        role.HasLogicalId(id + "Role");
        from.GrantRead(role);
        to.GrantDelivery(role, Prefix, ErrorPrefix);
        logs.Grant(role, "logs:PutLogEvents");
        role.PolicyHasLogicalId(id + "RolePolicy");

        DeliveryStream = new CfnDeliveryStream(this, "DeliveryStream", new CfnDeliveryStreamProps
        {
            DeliveryStreamType = "KinesisStreamAsSource",
            KinesisStreamSourceConfiguration = new CfnDeliveryStream.KinesisStreamSourceConfigurationProperty
            {
                KinesisStreamArn = from.Stream.StreamArn,
                RoleArn = role.RoleArn,
            },
            ExtendedS3DestinationConfiguration = Destination(to, role, logs, errors),
        });
        DeliveryStream.OverrideLogicalId(id);
        // Firehose tries its rights when it is created.
        DeliveryStream.Node.AddDependency(role);
    }

    /// <summary>The delivery stream itself.</summary>
    public CfnDeliveryStream DeliveryStream { get; }

    private static CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty Destination(
        DataBucket to, Role role, LogGroup logs, LogStream errors) => new()
        {
            BucketArn = to.Bucket.BucketArn,
            RoleArn = role.RoleArn,
            Prefix = Prefix + "date=!{partitionKeyFromQuery:eventdate}/",
            ErrorOutputPrefix = ErrorPrefix + "!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/",
            // The least that dynamic partitioning allows.
            BufferingHints = new CfnDeliveryStream.BufferingHintsProperty { SizeInMBs = 64, IntervalInSeconds = 60 },
            CompressionFormat = "UNCOMPRESSED",
            DynamicPartitioningConfiguration = new CfnDeliveryStream.DynamicPartitioningConfigurationProperty
            {
                Enabled = true,
                RetryOptions = new CfnDeliveryStream.RetryOptionsProperty { DurationInSeconds = 300 },
            },
            ProcessingConfiguration = new CfnDeliveryStream.ProcessingConfigurationProperty
            {
                Enabled = true,
                Processors = new[] { PartitionByEventDate(), new() { Type = "AppendDelimiterToRecord" } },
            },
            CloudWatchLoggingOptions = new CfnDeliveryStream.CloudWatchLoggingOptionsProperty
            {
                Enabled = true,
                LogGroupName = logs.LogGroupName,
                LogStreamName = errors.LogStreamName,
            },
        };

    // Enrich stamps `eventdate` from a bounded set of values, so the number of open partitions is bounded too.
    private static CfnDeliveryStream.ProcessorProperty PartitionByEventDate() => new()
    {
        Type = "MetadataExtraction",
        Parameters = new[]
        {
            new CfnDeliveryStream.ProcessorParameterProperty
            {
                ParameterName = "MetadataExtractionQuery",
                ParameterValue = "{eventdate:.eventdate}",
            },
            new CfnDeliveryStream.ProcessorParameterProperty
            {
                ParameterName = "JsonParsingEngine",
                ParameterValue = "JQ-1.6",
            },
        },
    };
}
