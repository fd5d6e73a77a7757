using System.Text.Json;

namespace Pipeline.Engine.Template;

/// <summary>Evaluates a template's resources, puts them in order and reads their models.</summary>
internal sealed class StackReader
{
    private readonly TemplateDocument _document;
    private readonly TemplateOptions _options;
    private readonly Problems _problems;
    private readonly Scope _scope;
    private readonly Dictionary<string, Value> _properties = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ResourceModel?> _models = new(StringComparer.Ordinal);
    private IReadOnlyList<Declaration> _active = [];

    public StackReader(TemplateDocument document, TemplateOptions options, Problems problems)
    {
        (_document, _options, _problems) = (document, options, problems);
        var parameters = new Parameters(document.Parameters, problems);
        Scope? conditionScope = null;
        var conditions = new Conditions(document, problems) { Values = new Evaluator(() => conditionScope!, problems) };
        conditionScope = new Scope(parameters, conditions, Resources: null);
        var names = new ResourceNames(document, problems)
        {
            Conditions = conditions,
            Values = new Evaluator(() => _scope!, problems),
        };
        _scope = conditionScope with { Resources = names };
    }

    private ResourceNames Names => _scope.Resources!;

    /// <summary>Reads the stack. With problems told, it may hold less than the template.</summary>
    public StackModel Read()
    {
        _scope.Conditions.CheckAll();
        _active = [.. _document.Resources.Values.Where(Names.IsActive)];
        var order = DependencyOrder.Sort([.. _active.Select(Evaluate)], _problems);
        CheckNames();
        foreach (var declaration in _active)
        {
            Model(declaration);
        }
        var models = order.Select(resource => _models.GetValueOrDefault(resource.LogicalId)).OfType<ResourceModel>();
        return new StackModel([.. models], order, Warnings());
    }

    /// <summary>
    /// The resource of a type that has an ARN or, where names are taken too, a name; null when there is none.
    /// </summary>
    public Declaration? Find(string type, string identity, bool byName) =>
        _active.FirstOrDefault(declaration => declaration.TypeName == type
            && Names.Name(declaration) is { } name
            && (declaration.Type!.Arn(name) == identity || (byName && name == identity)));

    /// <summary>The logical ids of a type's resources.</summary>
    public IEnumerable<string> LogicalIds(string type) =>
        _active.Where(declaration => declaration.TypeName == type).Select(declaration => declaration.LogicalId);

    /// <summary>A resource's model, read on demand; null when it could not be read (told as a problem).</summary>
    public ResourceModel? Model(Declaration declaration)
    {
        var id = declaration.LogicalId;
        if (_models.TryGetValue(id, out var model))
        {
            return model;
        }
        // Two resources that name each other by literal ARNs would go round for ever; neither can be read.
        _models[id] = null;
        if (declaration.Type is { } type && Names.Name(declaration) is { } name && _properties[id] is Value.Map map)
        {
            var properties = new PropertyReader(map, declaration.PropertiesPlace, _problems);
            model = type.Read(properties, new ResourceReading(id, name, _options, this));
        }
        _models[id] = model;
        return model;
    }

    private StackResource Evaluate(Declaration declaration)
    {
        var references = new HashSet<string>(StringComparer.Ordinal);
        var evaluator = new Evaluator(() => _scope, _problems, references);
        var value = declaration.Json.TryGetProperty("Properties", out var json)
            ? evaluator.Evaluate(json, declaration.PropertiesPlace)
            : new Value.Map(new Dictionary<string, Value>());
        if (value is not Value.Map && value != Value.Unknown)
        {
            _problems.Add(declaration.PropertiesPlace, value.Describe(), "an object");
        }
        _properties[declaration.LogicalId] = value;
        if (declaration.Json.TryGetProperty("DependsOn", out var dependsOn))
        {
            Add(dependsOn, declaration.Place.Of("DependsOn"), references);
        }
        var inOrder = references.OrderBy(id => _document.Resources[id].Index);
        return new StackResource(
            declaration.LogicalId, declaration.TypeName, [.. inOrder], declaration.Type is IgnoredType);
    }

    private void Add(JsonElement dependsOn, Place place, HashSet<string> references)
    {
        var named = dependsOn.ValueKind == JsonValueKind.Array ? [.. dependsOn.EnumerateArray()] : new[] { dependsOn };
        foreach (var json in named)
        {
            var id = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
            if (id is null || !_document.Resources.TryGetValue(id, out var other))
            {
                var found = id is null ? $"JSON of kind {json.ValueKind}" : $"'{id}'";
                _problems.Add(place, found, "logical ids of this template");
            }
            // What does not exist under the template's conditions need not be waited for.
            else if (Names.IsActive(other))
            {
                references.Add(other.LogicalId);
            }
        }
    }

    private void CheckNames()
    {
        var named = _active.Where(declaration => declaration.Type is not (null or IgnoredType));
        foreach (var same in named.GroupBy(declaration => (declaration.TypeName, Names.Name(declaration))))
        {
            if (same.Key.Item2 is not null && same.Skip(1).FirstOrDefault() is { } second)
            {
                var found = $"the name '{same.Key.Item2}', which {same.First().LogicalId} has";
                _problems.Add(second.Place, found, "names of its own");
            }
        }
    }

    private List<string> Warnings() =>
    [
        .. _active.Where(declaration => declaration.Type is IgnoredType)
            .GroupBy(declaration => declaration.TypeName, StringComparer.Ordinal)
            .OrderBy(same => same.Key, StringComparer.Ordinal)
            .Select(same => $"{_problems.File}: {same.Key} ({same.Count()}) left out: "
                + $"{((IgnoredType)same.First().Type!).Why}."),
        .. _models.Values.OfType<KinesisMappingModel>()
            .Where(mapping => mapping is { OnFailure: QueueModel, ParallelizationFactor: > 1 })
            .OrderBy(mapping => mapping.LogicalId, StringComparer.Ordinal)
            .Select(mapping => $"{_problems.File}: {mapping.LogicalId} gives up to the queue "
                + $"{mapping.OnFailure!.LogicalId}, which is told a range of the shard; with a ParallelizationFactor "
                + $"of {mapping.ParallelizationFactor} others' records lie in it too, so none of its events is counted "
                + "as dead-lettered. A bucket as destination keeps the events themselves."),
    ];
}
