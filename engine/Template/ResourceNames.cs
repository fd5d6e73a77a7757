using System.Text.Json;

namespace Pipeline.Engine.Template;

/// <summary>
/// Gives every resource its physical name, and with it the answers to <c>Ref</c> and <c>Fn::GetAtt</c>.
/// </summary>
internal sealed class ResourceNames(TemplateDocument document, Problems problems)
{
    private readonly Dictionary<string, string?> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);

    /// <summary>
    /// Evaluates names that are given; its references go nowhere, since the resource's own reading collects them.
    /// </summary>
    public required Evaluator Values { private get; init; }

    public required Conditions Conditions { private get; init; }

    /// <summary>Whether the resource exists under the template's conditions.</summary>
    public bool IsActive(Declaration declaration)
    {
        if (!declaration.Json.TryGetProperty("Condition", out var condition))
        {
            return true;
        }
        var place = declaration.Place.Of("Condition");
        if (condition.ValueKind == JsonValueKind.String)
        {
            // An untold condition counts as true, so that the resource's own problems are told too.
            return Conditions.Holds(condition.GetString()!, place) ?? true;
        }
        problems.Add(place, $"JSON of kind {condition.ValueKind}", "the name of a condition");
        return true;
    }

    /// <summary>
    /// The declared resource that a place refers to; null when it does not exist (told as a problem).
    /// </summary>
    public Declaration? Find(string logicalId, Place place)
    {
        if (!document.Resources.TryGetValue(logicalId, out var declaration))
        {
            problems.Add(place, $"a reference to '{logicalId}'", "resources and parameters of this template");
            return null;
        }
        if (!IsActive(declaration))
        {
            problems.Add(place, $"a reference to '{logicalId}', whose condition is false", "resources that exist");
            return null;
        }
        return declaration;
    }

    /// <summary>
    /// The physical name: the one given, else one derived from the logical id; null when it cannot be told.
    /// </summary>
    public string? Name(Declaration declaration)
    {
        var id = declaration.LogicalId;
        if (_known.TryGetValue(id, out var known))
        {
            return known;
        }
        // A circle of names is a circle of references, which the order of resources tells.
        if (!_underWay.Add(id))
        {
            return null;
        }
        var name = Evaluate(declaration);
        _underWay.Remove(id);
        _known[id] = name;
        return name;
    }

    /// <summary>The answer to <c>Ref</c>.</summary>
    public Value Ref(Declaration declaration) =>
        declaration.Type is { } type && Name(declaration) is { } name
            ? Value.Of(type.Ref(declaration.LogicalId, name))
            : Value.Unknown;

    /// <summary>The answer to <c>Fn::GetAtt</c>.</summary>
    public Value Attribute(Declaration declaration, string attribute, Place place)
    {
        if (declaration.Type is not { } type || Name(declaration) is not { } name)
        {
            return Value.Unknown;
        }
        if (type.Attribute(declaration.LogicalId, name, attribute) is { } value)
        {
            return Value.Of(value);
        }
        var known = string.Join(", ", type.Attributes(declaration.LogicalId, name).Keys);
        problems.Add(place, $"the attribute '{declaration.LogicalId}.{attribute}'", $"of {type.Type}: {known}");
        return Value.Unknown;
    }

    private string? Evaluate(Declaration declaration)
    {
        if (declaration.Type is not { } type)
        {
            return null;
        }
        var name = type.NameProperty is { } property ? Property(declaration, property) : Value.Absent;
        if (name == Value.Absent)
        {
            name = Value.Of(type.DefaultName(declaration.LogicalId));
        }
        if (name is Value.Scalar own && type.OwnerProperty is { } owner)
        {
            // A missing owner is told when the resource itself is read.
            var owned = Property(declaration, owner) as Value.Scalar;
            name = Value.Of($"{owned?.Text}/{own.Text}");
        }
        return (name as Value.Scalar)?.Text;
    }

    private Value Property(Declaration declaration, string name) =>
        declaration.Json.TryGetProperty("Properties", out var properties)
        && properties.ValueKind == JsonValueKind.Object
        && properties.TryGetProperty(name, out var json)
            ? Values.Evaluate(json, declaration.PropertiesPlace.Of(name))
            : Value.Absent;
}
