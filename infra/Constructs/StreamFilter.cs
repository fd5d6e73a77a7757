using System.Globalization;
using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Lambda;
using Amazon.CDK.AWS.Logs;
using Constructs;

namespace Pipeline.Infra.Constructs;

/// <summary>
/// A filter between two streams: a function with its own role and log group, and the mapping that feeds it.
/// </summary>
public sealed class StreamFilter : Construct
{
    private const int RetryAttempts = 1000;

    private readonly Function _function;
    private readonly CfnEventSourceMapping _mapping;

    /// <summary>Adds the filter; its id is also the name by which the executable knows it.</summary>
    /// <param name="batchSize">Most records of an invocation: many for plain records, few for packs.</param>
    public StreamFilter(
        Construct scope,
        string id,
        Code code,
        StackOptions options,
        EventStream from,
        EventStream to,
        DataBucket data,
        int batchSize)
        : base(scope, id)
    {
        var logs = new LogGroup(this, "Logs", new LogGroupProps
        {
            Retention = RetentionDays.ONE_MONTH,
            RemovalPolicy = RemovalPolicy.DESTROY,
        });
        logs.HasLogicalId(id + "Logs");

        var role = Role(id, logs, from, to, data);
        _function = new Function(this, "Function", new FunctionProps
        {
            Description = $"Reads {from.Node.Id}, writes {to.Node.Id}.",
            Runtime = Runtime.PROVIDED_AL2023,
            Architecture = options.Architecture == StackOptions.Arm ? Architecture.ARM_64 : Architecture.X86_64,
            Handler = id,
            Code = code,
            Role = role,
            LogGroup = logs,
            Tracing = Tracing.ACTIVE,
            MemorySize = options.MemoryMebibytes,
            Timeout = Duration.Seconds(options.TimeoutSeconds),
            ReservedConcurrentExecutions = options.Reserved,
            Environment = new Dictionary<string, string>
            {
                ["PIPELINE_FUNCTION"] = id,
                ["FUNCTION_TIMEOUT_SECONDS"] = options.TimeoutSeconds.ToString(CultureInfo.InvariantCulture),
                ["OUTPUT_STREAM"] = to.Stream.StreamName,
                ["BUCKET"] = data.Bucket.BucketName,
                ["SLOTS"] = options.Slots.ToString(CultureInfo.InvariantCulture),
            },
        });
        _function.HasLogicalId(id);
        role.PolicyHasLogicalId(id + "RolePolicy");
        _mapping = Mapping(id, options, from, data, batchSize);
    }

    /// <summary>Adds a setting of this filter alone.</summary>
    public StreamFilter With(string variable, string value)
    {
        _function.AddEnvironment(variable, value);
        return this;
    }

    /// <summary>
    /// Lets no record flow before the archive listens: Firehose reads a stream from its latest record on.
    /// </summary>
    public void StartAfter(Archive archive) => _mapping.AddDependency(archive.DeliveryStream);

    private Role Role(string id, LogGroup logs, EventStream from, EventStream to, DataBucket data)
    {
        var role = new Role(this, "Role", new RoleProps
        {
            AssumedBy = new ServicePrincipal("lambda.amazonaws.com"),
            Description = $"What {id} may do, and Lambda for it.",
        });
        role.HasLogicalId(id + "Role");
        from.GrantRead(role);
        to.GrantWrite(role);
        data.GrantFailures(role, id);
        logs.GrantWrite(role);
        return role;
    }

    // Every option is set: most defaults let one record block its shard until the stream forgets it.
    private CfnEventSourceMapping Mapping(
        string id, StackOptions options, EventStream from, DataBucket data, int batchSize)
    {
        var mapping = new CfnEventSourceMapping(this, "Mapping", new CfnEventSourceMappingProps
        {
            FunctionName = _function.FunctionName,
            EventSourceArn = from.Stream.StreamArn,
            Enabled = true,
            StartingPosition = "TRIM_HORIZON",
            BatchSize = batchSize,
            MaximumBatchingWindowInSeconds = 1,
            // One batch of a shard at a time: order per key, whatever packs the keys travel in.
            ParallelizationFactor = 1,
            MaximumRetryAttempts = RetryAttempts,
            MaximumRecordAgeInSeconds = options.RecordAgeSeconds,
            BisectBatchOnFunctionError = true,
            FunctionResponseTypes = ["ReportBatchItemFailures"],
            DestinationConfig = new CfnEventSourceMapping.DestinationConfigProperty
            {
                OnFailure = new CfnEventSourceMapping.OnFailureProperty { Destination = data.Bucket.BucketArn },
            },
        });
        mapping.OverrideLogicalId(id + "Mapping");
        return mapping;
    }
}
