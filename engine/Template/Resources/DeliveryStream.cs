using System.Text.RegularExpressions;
using Pipeline.Core;

namespace Pipeline.Engine.Template;

/// <summary>
/// A Firehose delivery stream from a Kinesis stream to a bucket, dynamically partitioned by one attribute.
/// </summary>
/// <param name="Prefix">Of the objects' keys; <c>!{partitionKeyFromQuery:…}</c> stands for the partition.</param>
/// <param name="ErrorPrefix">
/// Of the keys of what cannot be partitioned; may hold <c>!{firehose:error-output-type}</c> and
/// <c>!{timestamp:…}</c> of yyyy, MM, dd, HH.
/// </param>
/// <param name="BufferBytes">A partition is delivered when it holds so much: 64 to 128 MiB.</param>
/// <param name="BufferInterval">
/// A partition is delivered at the latest so long after its first record: 60 to 900 s.
/// </param>
/// <param name="PartitionKeyName">The attribute that is the partition, at the top of the event.</param>
/// <param name="AppendDelimiter">Whether a line feed follows each record.</param>
public sealed record DeliveryStreamModel(
    string LogicalId,
    string Name,
    string Arn,
    StreamModel Stream,
    BucketModel Bucket,
    string Prefix,
    string ErrorPrefix,
    long BufferBytes,
    TimeSpan BufferInterval,
    string PartitionKeyName,
    bool AppendDelimiter) : ResourceModel(LogicalId);

/// <summary>
/// Source: "AWS::KinesisFirehose::DeliveryStream"; "Dynamic Partitioning"; "Custom Prefixes for Amazon S3 Objects".
/// </summary>
internal sealed partial class DeliveryStreamType : ResourceType
{
    /// <summary>The one attribute that partitions: bounded, so that partitions stay few.</summary>
    private const string PartitionKey = "eventdate";

    private const string Query = $"{{{PartitionKey}:.{PartitionKey}}}";
    private const string PartitionExpression = $"!{{partitionKeyFromQuery:{PartitionKey}}}";
    private const string ErrorTypeExpression = "!{firehose:error-output-type}";

    public override string Type => "AWS::KinesisFirehose::DeliveryStream";

    public override string NameProperty => "DeliveryStreamName";

    public override string Arn(string name) => Account.Arn("firehose", $"deliverystream/{name}");

    public override ResourceModel? Read(PropertyReader properties, ResourceReading resource)
    {
        properties.Name(NameProperty, NameForm(), "1 to 64 of a-z, A-Z, 0-9, '_', '.', '-'");
        properties.Exactly("DeliveryStreamType", "KinesisStreamAsSource");
        var source = properties.RequiredObject("KinesisStreamSourceConfiguration");
        var stream = source is null ? null : resource.Resolve<StreamModel>(source, "KinesisStreamARN", StreamType.Id);
        source?.Ignore("RoleARN");
        source?.Finish();
        var destination = properties.RequiredObject("ExtendedS3DestinationConfiguration");
        properties.Ignore("DeliveryStreamEncryptionConfigurationInput", "Tags");
        properties.Finish();
        return destination is null ? null : ReadDestination(destination, resource, stream);
    }

    private DeliveryStreamModel? ReadDestination(PropertyReader s3, ResourceReading resource, StreamModel? stream)
    {
        var bucket = resource.Resolve<BucketModel>(s3, "BucketARN", BucketType.Id);
        var prefix = s3.RequiredText("Prefix", $"a prefix with {PartitionExpression}") ?? "";
        var errorPrefix = s3.RequiredText("ErrorOutputPrefix", "a prefix, since Prefix has an expression") ?? "";
        CheckPrefixes(s3, prefix, errorPrefix);
        var (bytes, interval) = ReadBuffer(s3);
        CheckPartitioning(s3);
        var delimiter = ReadProcessors(s3);
        s3.Only("CompressionFormat", "UNCOMPRESSED");
        s3.Only("CustomTimeZone", "UTC");
        s3.Only("S3BackupMode", "Disabled");
        s3.Ignore("CloudWatchLoggingOptions", "EncryptionConfiguration", "RoleARN");
        s3.Finish();
        return stream is null || bucket is null
            ? null
            : new DeliveryStreamModel(
                resource.LogicalId, resource.Name, Arn(resource.Name), stream, bucket, prefix, errorPrefix, bytes,
                interval, PartitionKey, delimiter);
    }

    private static void CheckPrefixes(PropertyReader s3, string prefix, string errorPrefix)
    {
        var inPrefix = Expression().Matches(prefix).Select(match => match.Value).ToList();
        if (prefix.Length > 0
            && (!inPrefix.Contains(PartitionExpression) || inPrefix.Exists(e => e != PartitionExpression)))
        {
            s3.Problem("Prefix", $"'{prefix}'", $"prefixes with {PartitionExpression} and no other expression");
        }
        var inError = Expression().Matches(errorPrefix).Select(match => match.Value).ToList();
        if (inError.Count > 0
            && (!inError.Contains(ErrorTypeExpression)
                || inError.Exists(e => e != ErrorTypeExpression && !Timestamp().IsMatch(e))))
        {
            s3.Problem("ErrorOutputPrefix", $"'{errorPrefix}'", $"prefixes without an expression, or with "
                + $"{ErrorTypeExpression} and perhaps !{{timestamp:…}} of yyyy, MM, dd, HH, '/', '-', '_'");
        }
    }

    private static (long Bytes, TimeSpan Interval) ReadBuffer(PropertyReader s3)
    {
        if (s3.RequiredObject("BufferingHints") is not { } hints)
        {
            return default;
        }
        var mebibytes = hints.RequiredWhole(
            "SizeInMBs", Limits.FirehosePartitionedBufferMebibytesMin, Limits.FirehosePartitionedBufferMebibytesMax);
        var seconds = hints.RequiredWhole(
            "IntervalInSeconds", Limits.FirehosePartitionedIntervalSecondsMin,
            Limits.FirehosePartitionedIntervalSecondsMax);
        hints.Finish();
        return (mebibytes * 1024L * 1024, TimeSpan.FromSeconds(seconds));
    }

    private static void CheckPartitioning(PropertyReader s3)
    {
        if (s3.RequiredObject("DynamicPartitioningConfiguration") is not { } partitioning)
        {
            return;
        }
        partitioning.Exactly("Enabled", "true");
        var retry = partitioning.Object("RetryOptions");
        // Deliveries here never have to be retried; the range is checked because AWS does.
        retry?.Whole("DurationInSeconds", 0, Limits.FirehosePartitionedRetrySecondsMax, 0);
        retry?.Finish();
        partitioning.Finish();
    }

    private static bool ReadProcessors(PropertyReader s3)
    {
        if (s3.RequiredObject("ProcessingConfiguration") is not { } processing)
        {
            return false;
        }
        processing.Exactly("Enabled", "true");
        var (queries, delimiters) = (0, 0);
        foreach (var processor in processing.Objects("Processors"))
        {
            var type = processor.RequiredText("Type");
            var parameters = processor.Objects("Parameters");
            processor.Finish();
            switch (type)
            {
                case "MetadataExtraction":
                    queries++;
                    CheckParameters(
                        processor, parameters, [("MetadataExtractionQuery", Query), ("JsonParsingEngine", "JQ-1.6")]);
                    break;
                case "AppendDelimiterToRecord":
                    delimiters++;
                    // Written as the two characters, which is how the service takes it; a line feed is the default.
                    CheckParameters(processor, parameters, parameters.Count == 0 ? [] : [("Delimiter", @"\n")]);
                    break;
                case not null:
                    processor.Problem("Type", $"'{type}'", "MetadataExtraction, AppendDelimiterToRecord");
                    break;
            }
        }
        processing.Finish();
        if (queries != 1 || delimiters > 1)
        {
            processing.Problem("Processors", $"{queries} of type MetadataExtraction, {delimiters} of type "
                + "AppendDelimiterToRecord", "one of the first, at most one of the second");
        }
        return delimiters > 0;
    }

    private static void CheckParameters(
        PropertyReader processor, IReadOnlyList<PropertyReader> parameters, (string Name, string Value)[] honoured)
    {
        var missing = honoured.Select(parameter => parameter.Name).ToList();
        foreach (var parameter in parameters)
        {
            var (name, value) = (parameter.RequiredText("ParameterName"), parameter.RequiredText("ParameterValue"));
            parameter.Finish();
            if (name is null || value is null)
            {
                continue;
            }
            if (!missing.Remove(name))
            {
                var names = string.Join(", ", honoured.Select(known => known.Name));
                parameter.Problem("ParameterName", $"'{name}'", $"each once: {names}");
            }
            else if (Array.Find(honoured, known => known.Name == name).Value is var wanted && wanted != value)
            {
                parameter.Problem("ParameterValue", $"'{value}'", wanted);
            }
        }
        if (missing.Count > 0)
        {
            processor.Problem("Parameters", $"no {string.Join(", ", missing)}", string.Join(
                ", ", honoured.Select(parameter => $"{parameter.Name} {parameter.Value}")));
        }
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_.-]{1,64}\z")]
    private static partial Regex NameForm();

    // An expression that never ends is one too, so that it is refused.
    [GeneratedRegex(@"!\{[^}]*\}?")]
    private static partial Regex Expression();

    [GeneratedRegex(@"\A!\{timestamp:(?:yyyy|MM|dd|HH|[/_-])+\}\z")]
    private static partial Regex Timestamp();
}
