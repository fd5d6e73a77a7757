using System.Text.Json.Nodes;

namespace Pipeline.Tests.Infra;

/// <summary>A resource of a template.</summary>
public sealed record Resource(string Id, JsonObject Node)
{
    public string Type => (string)Node[nameof(Type)]!;

    public JsonObject Properties => Node[nameof(Properties)] as JsonObject ?? [];

    public IEnumerable<string> DependsOn =>
        Node[nameof(DependsOn)] is { } ids ? Template.List(ids).Select(Template.Text) : [];

    /// <summary>The value at a path of property names, as text; null when there is none.</summary>
    public string? this[params string[] path] => At(path) is { } value ? Template.Text(value) : null;

    /// <summary>The node at a path of property names; null when there is none.</summary>
    public JsonNode? At(params string[] path) =>
        path.Aggregate((JsonNode?)Properties, (node, name) => (node as JsonObject)?[name]);

    /// <summary>Every object below the properties, at any depth.</summary>
    public IEnumerable<JsonObject> Objects() => Objects(Properties);

    /// <summary>The ids of what it refers to or depends on; pseudo parameters among them.</summary>
    public IEnumerable<string> References() =>
    [
        .. DependsOn,
        .. from part in Objects()
           from target in new[] { part["Ref"], (part["Fn::GetAtt"] as JsonArray)?[0] }
           where target is not null
           select Template.Text(target),
    ];

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject value => value.SelectMany(member => Objects(member.Value)).Prepend(value),
        JsonArray values => values.SelectMany(Objects),
        _ => [],
    };
}

/// <summary>A CloudFormation template, with its references written as text: <c>${Data.Arn}/rejected/*</c>.</summary>
public sealed class Template(JsonObject root)
{
    /// <summary>The template that is committed.</summary>
    public static Template Committed() =>
        new(JsonNode.Parse(File.ReadAllText(InfraMachine.CommittedTemplate))!.AsObject());

    public JsonObject Root => root;

    public IReadOnlyList<Resource> Resources { get; } =
        [.. root[nameof(Resources)]!.AsObject().Select(member => new Resource(member.Key, member.Value!.AsObject()))];

    public IEnumerable<Resource> OfType(string type) => Resources.Where(resource => resource.Type == type);

    public Resource this[string id] => Resources.Single(resource => resource.Id == id);

    /// <summary>
    /// The resource that a reference such as <c>${Raw}</c> or <c>${Raw.Arn}</c> names; null when it names none.
    /// </summary>
    public Resource? Referred(string? reference) => Find(reference?.TrimStart('$', '{').TrimEnd('}').Split('.')[0]);

    /// <summary>The resource of a logical id; null when there is none.</summary>
    public Resource? Find(string? id) => Resources.FirstOrDefault(resource => resource.Id == id);

    /// <summary>
    /// The stream behind what a reader names: itself, or a consumer of it; null when the reference names neither.
    /// </summary>
    public Resource? StreamOf(string? reference) => Referred(reference) switch
    {
        { Type: "AWS::Kinesis::Stream" } stream => stream,
        { Type: ReaderLaws.ConsumerType } consumer => StreamOf(consumer["StreamARN"]),
        _ => null,
    };

    /// <summary>A value as text, intrinsic functions included.</summary>
    public static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonObject call when call["Ref"] is { } name => $"${{{name}}}",
        JsonObject call when call["Fn::GetAtt"] is JsonArray path => $"${{{string.Join('.', path.Select(Text))}}}",
        JsonObject call when call["Fn::Join"] is JsonArray join =>
            string.Join(Text(join[0]), List(join[1]!).Select(Text)),
        JsonObject call when call["Fn::Sub"] is { } text => Text(text),
        JsonValue scalar => scalar.ToString(),
        _ => value.ToJsonString(),
    };

    /// <summary>A value that CloudFormation lets be one or many, as many.</summary>
    public static IEnumerable<JsonNode?> List(JsonNode value) => value as JsonArray ?? (IEnumerable<JsonNode?>)[value];
}
