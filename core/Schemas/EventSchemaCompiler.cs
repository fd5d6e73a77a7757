using System.Text;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// Compiles schema documents; every mistake is told with its place, what was found and what is allowed.
/// </summary>
internal sealed partial class EventSchemaCompiler(SchemaLibrary library)
{
    private readonly Dictionary<SchemaPlace, EventSchemaNode> _nodes = [];
    private readonly List<EventSchemaReference> _references = [];
    private SchemaDocument _document = null!;

    /// <summary>Compiles all schemas of a document; its references are not linked yet.</summary>
    internal EventSchemaNode CompileDocument(SchemaDocument document)
    {
        _document = document;
        return CompileNode(document.Root);
    }

    /// <summary>Links references, and refuses those that lead back to themselves at once.</summary>
    internal void Link()
    {
        foreach (var reference in _references)
        {
            reference.Target = _nodes[library.Resolve(reference.From, reference.At)];
        }
        var heights = new Dictionary<EventSchemaNode, int>();
        foreach (var reference in _references)
        {
            Measure(_nodes[reference.From], reference, heights, 0);
        }
    }

    // How many schemas check one value within each other, beginning with this one.
    private static int Measure(
        EventSchemaNode node, EventSchemaReference from, Dictionary<EventSchemaNode, int> heights, int depth)
    {
        if (heights.TryGetValue(node, out var known))
        {
            return known >= 0
                ? known
                : throw from.From.Document.Unfit(from.At, "a reference that does not lead back to itself at once");
        }
        heights[node] = -1;
        var below = 0;
        foreach (var next in node.InPlace?.Nodes ?? [])
        {
            var through = node.InPlace!.Reference is { } reference && reference.Target == next ? reference : from;
            var height = depth > Limits.SchemaNestingMax ? depth : Measure(next, through, heights, depth + 1);
            below = Math.Max(below, height);
        }
        heights[node] = below + 1;
        return below < Limits.SchemaNestingMax
            ? below + 1
            : throw from.From.Document.Unfit(
                from.At, $"at most {Limits.SchemaNestingMax} schemas that check one value within each other");
    }

    private EventSchemaNode CompileNode(int at)
    {
        var node = new EventSchemaNode { IsNever = _document.Text.Span[at] == 'f' };
        _nodes[new SchemaPlace(_document, at)] = node;
        switch (_document.KindAt(at))
        {
            case JsonKind.Boolean:
                return node;
            case JsonKind.Object:
                break;
            default:
                throw _document.Unfit(at, "a schema: an object, true or false");
        }
        var keywords = new ObjectKeywords();
        var members = new JsonMembers(_document.Text.Span, at);
        while (members.MoveNext())
        {
            var keyword = JsonText.ToText(members.Name);
            if (!SchemaKeywords.IsAnnotation(keyword)
                && !CompileKeyword(node, keywords, keyword, at, members.ValueStart))
            {
                throw _document.Mistake(
                    members.NameStart,
                    $"unknown keyword '{JsonText.Excerpt(members.Name)}'; allowed are "
                    + string.Join(", ", SchemaKeywords.Allowed));
            }
        }
        node.Object = keywords.IsEmpty ? null : new EventSchemaObject(keywords);
        return node;
    }

    private bool CompileKeyword(EventSchemaNode node, ObjectKeywords keywords, string keyword, int schemaAt, int at)
    {
        switch (keyword)
        {
            case "type":
                CompileType(node, at);
                return true;
            case "enum":
                CompileEnum(node, at);
                return true;
            case "const":
                var value = _document.ValueAt(at);
                node.Values.Add(new SchemaValues($"const: must be {JsonText.Excerpt(value.Span)}", [value]));
                return true;
            case "$ref":
                var reference = new EventSchemaReference(new SchemaPlace(_document, schemaAt), at);
                _references.Add(reference);
                (node.InPlace ??= new EventSchemaInPlace()).Reference = reference;
                return true;
            case "$defs":
                CompileMap(at);
                return true;
            default:
                return CompileInPlace(node, keyword, at)
                    || CompileObjectKeyword(keywords, keyword, at)
                    || CompileArrayKeyword(node, keyword, at)
                    || CompileNumberKeyword(node, keyword, at)
                    || CompileTextKeyword(node, keyword, at);
        }
    }

    private bool CompileInPlace(EventSchemaNode node, string keyword, int at)
    {
        var inPlace = node.InPlace ?? new EventSchemaInPlace();
        switch (keyword)
        {
            case "allOf":
                inPlace.AllOf = CompileList(at);
                break;
            case "anyOf":
                inPlace.AnyOf = CompileList(at);
                break;
            case "oneOf":
                inPlace.OneOf = CompileList(at);
                break;
            case "not":
                inPlace.Not = CompileNode(at);
                break;
            case "if":
                inPlace.If = CompileNode(at);
                break;
            case "then":
                inPlace.Then = CompileNode(at);
                break;
            case "else":
                inPlace.Else = CompileNode(at);
                break;
            case "dependentSchemas":
                inPlace.Dependents = new Utf8Map<EventSchemaNode>(
                    CompileMap(at).Select(one => KeyValuePair.Create(one.Name, one.Node)));
                break;
            case "unevaluatedProperties":
                (node.Unevaluated ??= new EventSchemaUnevaluated()).Properties = CompileNode(at);
                return true;
            case "unevaluatedItems":
                (node.Unevaluated ??= new EventSchemaUnevaluated()).Items = CompileNode(at);
                return true;
            default:
                return false;
        }
        node.InPlace = inPlace;
        return true;
    }

    private EventSchemaNode[] CompileList(int at)
    {
        var elements = _document.ElementsOf(at);
        return elements.Count > 0
            ? [.. elements.Select(CompileNode)]
            : throw _document.Unfit(at, "an array of at least one schema");
    }

    private List<(byte[] Name, EventSchemaNode Node)> CompileMap(int at) =>
        _document.KindAt(at) == JsonKind.Object
            ? [.. _document.MembersOf(at).Select(one => (Encoding.UTF8.GetBytes(one.Name), CompileNode(one.At)))]
            : throw _document.Unfit(at, "an object of schemas");
}
