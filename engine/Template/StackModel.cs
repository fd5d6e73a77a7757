namespace Pipeline.Engine.Template;

/// <summary>A resource that the engine runs.</summary>
/// <param name="LogicalId">Its name in the template.</param>
public abstract record ResourceModel(string LogicalId);

/// <summary>A resource of the template, run or left out.</summary>
/// <param name="DependsOn">
/// What it needs to exist first: its DependsOn and what its Ref, Fn::GetAtt and Fn::Sub name; logical ids in the
/// template's order. A way to another resource may lead through ones that the engine leaves out, such as policies.
/// </param>
/// <param name="IsIgnored">Whether the engine leaves it out.</param>
public sealed record StackResource(string LogicalId, string Type, IReadOnlyList<string> DependsOn, bool IsIgnored);

/// <summary>What the engine runs: the resources of a template, checked, with every value evaluated.</summary>
/// <param name="Models">The resources that run, in the order of <paramref name="Resources"/>.</param>
/// <param name="Resources">Every resource that exists, each after those it depends on.</param>
/// <param name="Warnings">
/// What was left out, one sentence per type of resource, and what of the rest cannot be accounted for.
/// </param>
public sealed record StackModel(
    IReadOnlyList<ResourceModel> Models,
    IReadOnlyList<StackResource> Resources,
    IReadOnlyList<string> Warnings)
{
    public IReadOnlyList<StreamModel> Streams { get; } = Of<StreamModel>(Models);

    public IReadOnlyList<BucketModel> Buckets { get; } = Of<BucketModel>(Models);

    public IReadOnlyList<FunctionModel> Functions { get; } = Of<FunctionModel>(Models);

    public IReadOnlyList<KinesisMappingModel> KinesisMappings { get; } = Of<KinesisMappingModel>(Models);

    public IReadOnlyList<QueueModel> Queues { get; } = Of<QueueModel>(Models);

    public IReadOnlyList<QueueMappingModel> QueueMappings { get; } = Of<QueueMappingModel>(Models);

    public IReadOnlyList<DeliveryStreamModel> DeliveryStreams { get; } = Of<DeliveryStreamModel>(Models);

    private static IReadOnlyList<T> Of<T>(IReadOnlyList<ResourceModel> models)
        where T : ResourceModel => [.. models.OfType<T>()];
}
