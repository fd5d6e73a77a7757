namespace Pipeline.Engine.Template;

/// <summary>Reads the mappings of one kind of source.</summary>
internal abstract class MappingSource
{
    /// <summary>The service in the ARN of the source.</summary>
    public abstract string Service { get; }

    /// <summary>Reads the model and tells every problem; null when it cannot be read.</summary>
    public abstract ResourceModel? Read(PropertyReader properties, ResourceReading resource);
}

/// <summary>Source: "AWS::Lambda::EventSourceMapping". Its properties depend on the kind of source.</summary>
internal sealed class EventSourceMappingType : ResourceType
{
    private static readonly MappingSource[] s_sources = [new KinesisMappingSource(), new QueueMappingSource()];

    public override string Type => "AWS::Lambda::EventSourceMapping";

    public override string Ref(string logicalId, string name) => Account.Uuid(logicalId).ToString();

    public override string Arn(string name) => Account.Arn("lambda", $"event-source-mapping:{Account.Uuid(name)}");

    public override IReadOnlyDictionary<string, string> Attributes(string logicalId, string name) =>
        new Dictionary<string, string> { ["Id"] = Ref(logicalId, name), ["EventSourceMappingArn"] = Arn(logicalId) };

    public override ResourceModel? Read(PropertyReader properties, ResourceReading resource)
    {
        if (properties.RequiredText("EventSourceArn", "the ARN of an event source") is not { } arn)
        {
            return null;
        }
        var parts = arn.Split(':');
        var service = parts is ["arn", _, var third, ..] ? third : "";
        if (Array.Find(s_sources, source => source.Service == service) is { } found)
        {
            return found.Read(properties, resource);
        }
        var services = string.Join(", ", s_sources.Select(source => source.Service));
        properties.Problem("EventSourceArn", $"'{arn}'", $"ARNs of {services} resources of this template");
        return null;
    }
}
