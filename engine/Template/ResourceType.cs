namespace Pipeline.Engine.Template;

/// <summary>What the engine knows of one type of resource: its names, and how its properties become a model.</summary>
/// <remarks>
/// To add a type: a file with its model and its subclass of this, and its line in <see cref="ResourceTypes"/>.
/// </remarks>
internal abstract class ResourceType
{
    /// <summary>The type as templates spell it.</summary>
    public abstract string Type { get; }

    /// <summary>The property that gives the physical name; null when there is none.</summary>
    public virtual string? NameProperty => null;

    /// <summary>
    /// The property that holds the ARN of what the resource belongs to, which is a part of its name; null for none.
    /// </summary>
    public virtual string? OwnerProperty => null;

    /// <summary>The physical name when the template gives none.</summary>
    public virtual string DefaultName(string logicalId) => logicalId;

    /// <summary>The answer to <c>Ref</c>.</summary>
    public virtual string Ref(string logicalId, string name) => name;

    /// <summary>The ARN of the resource of a physical name.</summary>
    public abstract string Arn(string name);

    /// <summary>The answers to <c>Fn::GetAtt</c>.</summary>
    public virtual IReadOnlyDictionary<string, string> Attributes(string logicalId, string name) =>
        new Dictionary<string, string> { ["Arn"] = Arn(name) };

    /// <summary>The answer to <c>Fn::GetAtt</c>; null when there is no such attribute.</summary>
    public virtual string? Attribute(string logicalId, string name, string attribute) =>
        Attributes(logicalId, name).GetValueOrDefault(attribute);

    /// <summary>Reads the model and tells every problem; null when there is nothing to run.</summary>
    public abstract ResourceModel? Read(PropertyReader properties, ResourceReading resource);
}

/// <summary>The resource that is being read, and its way to the others.</summary>
internal sealed record ResourceReading(string LogicalId, string Name, TemplateOptions Options, StackReader Stack)
{
    /// <summary>
    /// The model of the resource that a value names by its ARN or, where names are taken too, its name; null when there
    /// is none (told as a problem at the place of the value).
    /// </summary>
    public T? Resolve<T>(PropertyReader properties, string property, string type, bool byName = false)
        where T : ResourceModel
    {
        if (properties.RequiredText(property) is not { } identity)
        {
            return null;
        }
        if (Stack.Find(type, identity, byName) is { } declaration)
        {
            return Stack.Model(declaration) as T;
        }
        var ids = string.Join(", ", Stack.LogicalIds(type).DefaultIfEmpty("none"));
        var identities = byName ? "names and ARNs" : "ARNs";
        properties.Problem(property, $"'{identity}'", $"{identities} of the {type} resources of this template ({ids})");
        return null;
    }
}
