namespace Pipeline.Engine.Template;

/// <summary>A type of resource that changes no result here, so that it is left out with a warning.</summary>
/// <param name="why">The reason, as the warning gives it.</param>
internal sealed class IgnoredType(string type, string why) : ResourceType
{
    public override string Type => type;

    public string Why => why;

    public override string Arn(string name) => Account.Arn(type.Split("::")[1].ToLowerInvariant(), name);

    /// <summary>
    /// Any attribute has a value, since only resources and properties that are left out too can ask for it.
    /// </summary>
    public override string Attribute(string logicalId, string name, string attribute) =>
        base.Attribute(logicalId, name, attribute) ?? $"{logicalId}.{attribute}";

    public override ResourceModel? Read(PropertyReader properties, ResourceReading resource) => null;
}
