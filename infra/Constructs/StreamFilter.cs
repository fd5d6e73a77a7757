using Amazon.CDK.AWS.Lambda;
using Constructs;

namespace Pipeline.Infra.Constructs;

/// <summary>A filter that reads a stream: its function, and the mapping that feeds it.</summary>
public sealed class StreamFilter : Construct
{
    private const int RetryAttempts = 1000;

    private static readonly string[] EventCount = ["EventCount"];

    private readonly DataBucket _data;

    /// <summary>Adds the filter; its id is also the name by which the executable knows it.</summary>
    /// <param name="batchSize">Most records of an invocation: many for plain records, few for packs.</param>
    public StreamFilter(
        Construct scope,
        string id,
        Code code,
        StackOptions options,
        IInput from,
        IOutput to,
        DataBucket data,
        int batchSize)
        : base(scope, id)
    {
        _data = data;
        From = from.Pipe;
        var size = new FunctionSize(options.MemoryMebibytes, options.TimeoutSeconds, options.Reserved);
        Function = new PipelineFunction(this, id, code, options, size, $"Reads {From.Name}, writes {to.Name}.");
        from.GrantRead(Function.Role);
        to.GrantWrite(Function.Role);
        data.GrantFailures(Function.Role, id);
        Function.Set("BUCKET", data.Bucket.BucketName);
        foreach (var (variable, value) in to.Settings)
        {
            Function.Set(variable, value);
        }

        Mapping = AddMapping(id, options, from, batchSize);
    }

    /// <summary>The stream that it reads.</summary>
    public EventStream From { get; }

    /// <summary>The filter's function.</summary>
    public PipelineFunction Function { get; }

    /// <summary>What feeds the function.</summary>
    public CfnEventSourceMapping Mapping { get; }

    /// <summary>Adds a setting of this filter alone.</summary>
    public StreamFilter With(string variable, string value)
    {
        Function.Set(variable, value);
        return this;
    }

    /// <summary>Lets this filter read one object of the bucket.</summary>
    public StreamFilter Reading(string key)
    {
        _data.GrantGet(Function.Role, key);
        return this;
    }

    /// <summary>
    /// Lets no record flow before the archive listens: Firehose reads a stream from its latest record on.
    /// </summary>
    public void StartAfter(Archive archive) => Mapping.AddDependency(archive.DeliveryStream);

    // Every option is set: most defaults let one record block its shard until the stream forgets it.
    private CfnEventSourceMapping AddMapping(string id, StackOptions options, IInput from, int batchSize)
    {
        var mapping = new CfnEventSourceMapping(this, "Mapping", new CfnEventSourceMappingProps
        {
            FunctionName = Function.FunctionName,
            EventSourceArn = from.SourceArn,
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
                OnFailure = new CfnEventSourceMapping.OnFailureProperty { Destination = _data.Bucket.BucketArn },
            },
        });
        // What was given up shows in these metrics alone. This version of the library does not know the property.
        mapping.AddPropertyOverride("MetricsConfig", new Dictionary<string, object> { ["Metrics"] = EventCount });
        mapping.OverrideLogicalId(id + "Mapping");
        return mapping;
    }
}
