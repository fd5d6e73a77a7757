using Amazon.CDK.AWS.Lambda;
using Constructs;

namespace Pipeline.Infra.Constructs;

/// <summary>Carries out the commands of one priority: its function, and the mapping that feeds it.</summary>
public sealed class CommandWorker : Construct
{
    /// <summary>Adds the worker; its id is also the name by which the executable knows it.</summary>
    public CommandWorker(
        Construct scope, string id, Code code, StackOptions options, CommandQueue from, DataBucket data)
        : base(scope, id)
    {
        Queue = from;
        var capacity = from.Capacity;
        // Less than the mapping may use would throttle it, and every throttled receive counts towards the dead letters.
        var reserved = options.Reserved is null ? (int?)null : capacity.MaximumConcurrency;
        var size = new FunctionSize(capacity.MemoryMebibytes, capacity.TimeoutSeconds, reserved);
        Function = new PipelineFunction(this, id, code, options, size, $"Carries out {from.Node.Id}.");
        from.GrantConsume(Function.Role);
        data.GrantCommands(Function.Role);
        Function.Set("BUCKET", data.Bucket.BucketName);
        AddMapping(id, from, capacity);
    }

    /// <summary>The worker's function.</summary>
    public PipelineFunction Function { get; }

    /// <summary>The commands that it carries out.</summary>
    public CommandQueue Queue { get; }

    // How often a command is tried is said by its queue.
    private void AddMapping(string id, CommandQueue from, CommandCapacity capacity) =>
        new CfnEventSourceMapping(this, "Mapping", new CfnEventSourceMappingProps
        {
            FunctionName = Function.FunctionName,
            EventSourceArn = from.Queue.QueueArn,
            Enabled = true,
            BatchSize = capacity.BatchSize,
            MaximumBatchingWindowInSeconds = capacity.BatchingWindowSeconds,
            FunctionResponseTypes = ["ReportBatchItemFailures"],
            ScalingConfig = new CfnEventSourceMapping.ScalingConfigProperty
            {
                MaximumConcurrency = capacity.MaximumConcurrency,
            },
        }).OverrideLogicalId(id + "Mapping");
}
