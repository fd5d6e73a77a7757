using System.Text;
using System.Text.RegularExpressions;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// Compiles a schema document; every mistake is told with its place, what was found and what is allowed.
/// </summary>
internal sealed class EventSchemaCompiler(string file, ReadOnlyMemory<byte> document)
{
    private static readonly string[] Annotations =
    [
        "$schema", "$id", "$comment", "title", "description", "examples", "default", "deprecated",
        "readOnly", "writeOnly",
    ];

    private static readonly string[] Keywords =
    [
        "type", "enum", "const", "properties", "required", "additionalProperties", "items", "minItems", "maxItems",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "pattern", "format",
    ];

    private static readonly Dictionary<string, SchemaTypes> TypeNames = new(StringComparer.Ordinal)
    {
        ["null"] = SchemaTypes.Null,
        ["boolean"] = SchemaTypes.Boolean,
        ["object"] = SchemaTypes.Object,
        ["array"] = SchemaTypes.Array,
        ["number"] = SchemaTypes.Number,
        ["string"] = SchemaTypes.String,
        ["integer"] = SchemaTypes.Integer,
    };

    internal EventSchemaNode CompileDocument()
    {
        var text = document.Span;
        Span<int> duplicates = stackalloc int[1];
        var end = text.Length;
        while (end > 0 && text[end - 1] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            end--;
        }
        var start = Math.Min(JsonScanner.CountSpace(text), end);
        var fault = JsonScanner.Scan(text[start..end], default, duplicates, out var duplicateCount);
        if (fault.Kind != JsonFaultKind.None)
        {
            throw new ConfigurationException(file, "", fault.Describe(text[start..end], start));
        }
        if (duplicateCount > 0)
        {
            throw Mistake(start + duplicates[0], "the object has a member of that name already");
        }
        return CompileNode(start);
    }

    private EventSchemaNode CompileNode(int at)
    {
        switch (JsonWalk.KindAt(document.Span, at))
        {
            case JsonKind.Boolean:
                return new EventSchemaNode { IsNever = document.Span[at] == 'f' };
            case JsonKind.Object:
                break;
            default:
                throw Unfit(at, "a schema: an object, true or false");
        }
        var node = new EventSchemaNode();
        var groups = new ObjectKeywords();
        var members = new JsonMembers(document.Span, at);
        while (members.MoveNext())
        {
            var keyword = JsonText.ToText(members.Name);
            if (!Annotations.Contains(keyword) && !CompileKeyword(node, groups, keyword, members.ValueStart))
            {
                throw Mistake(
                    members.NameStart,
                    $"unknown keyword '{JsonText.Excerpt(members.Name)}'; allowed are "
                    + string.Join(", ", Keywords.Concat(Annotations)));
            }
        }
        if (groups.Properties.Count > 0 || groups.Required.Count > 0 || groups.Additional is not null)
        {
            node.Object = new EventSchemaObject(groups.Properties, groups.Required, groups.Additional);
        }
        return node;
    }

    private bool CompileKeyword(EventSchemaNode node, ObjectKeywords groups, string keyword, int at)
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
                (node.Values ??= []).Add(($"const: must be {JsonText.Excerpt(ValueAt(at).Span)}", [ValueAt(at)]));
                return true;
            case "properties":
                CompileProperties(groups.Properties, at);
                return true;
            case "required":
                CompileRequired(groups.Required, at);
                return true;
            case "additionalProperties":
                groups.Additional = CompileNode(at);
                return true;
            case "items":
                (node.Array ??= new EventSchemaArray()).Items = CompileNode(at);
                return true;
            case "minItems":
                (node.Array ??= new EventSchemaArray()).CountMin = CompileCount(at);
                return true;
            case "maxItems":
                (node.Array ??= new EventSchemaArray()).CountMax = CompileCount(at);
                return true;
            default:
                return CompileNumberKeyword(node, keyword, at) || CompileTextKeyword(node, keyword, at);
        }
    }

    private bool CompileNumberKeyword(EventSchemaNode node, string keyword, int at)
    {
        (int Side, bool IsExclusive, string Words)? form = keyword switch
        {
            "minimum" => (1, false, "at least"),
            "maximum" => (-1, false, "at most"),
            "exclusiveMinimum" => (1, true, "more than"),
            "exclusiveMaximum" => (-1, true, "less than"),
            _ => null,
        };
        if (form is not { } bound)
        {
            return false;
        }
        if (JsonWalk.KindAt(document.Span, at) != JsonKind.Number)
        {
            throw Unfit(at, "a number");
        }
        var limit = ValueAt(at);
        var rule = $"{keyword}: {bound.Words} {JsonText.Excerpt(limit.Span)}";
        (node.Number ??= new EventSchemaNumber()).Bounds.Add(
            new SchemaBound(rule, limit, bound.Side, bound.IsExclusive));
        return true;
    }

    private bool CompileTextKeyword(EventSchemaNode node, string keyword, int at)
    {
        switch (keyword)
        {
            case "minLength":
                (node.Text ??= new EventSchemaText()).LengthMin = CompileCount(at);
                return true;
            case "maxLength":
                (node.Text ??= new EventSchemaText()).LengthMax = CompileCount(at);
                return true;
            case "pattern":
                CompilePattern(node.Text ??= new EventSchemaText(), at);
                return true;
            case "format":
                var name = TextAt(at);
                node.Text ??= new EventSchemaText();
                node.Text.Format = TextFormats.ByName.TryGetValue(name, out var format)
                    ? format
                    : throw Unfit(at, "one of the formats " + string.Join(", ", TextFormats.ByName.Keys));
                node.Text.FormatRule = $"format: must be {name}";
                return true;
            default:
                return false;
        }
    }

    private void CompileType(EventSchemaNode node, int at)
    {
        var starts = JsonWalk.KindAt(document.Span, at) == JsonKind.Array ? ElementsOf(at) : [at];
        var names = new List<string>();
        var types = SchemaTypes.None;
        foreach (var start in starts)
        {
            var name = JsonWalk.KindAt(document.Span, start) == JsonKind.String ? TextAt(start) : "";
            if (!TypeNames.TryGetValue(name, out var type) || (types & type) != 0)
            {
                throw Unfit(start, "one of " + string.Join(", ", TypeNames.Keys) + ", or a list of them, each once");
            }
            types |= type;
            names.Add(name);
        }
        node.Types = types != SchemaTypes.None ? types : throw Unfit(at, "at least one type");
        node.TypeRule = $"type: must be {string.Join(" or ", names)}";
    }

    private void CompileEnum(EventSchemaNode node, int at)
    {
        var starts = JsonWalk.KindAt(document.Span, at) == JsonKind.Array ? ElementsOf(at) : [];
        if (starts.Count == 0)
        {
            throw Unfit(at, "an array of at least one value");
        }
        var allowed = starts.Select(ValueAt).ToArray();
        (node.Values ??= []).Add(($"enum: must be one of {JsonText.Excerpt(ValueAt(at).Span)}", allowed));
    }

    private void CompileProperties(List<(byte[] Name, EventSchemaNode Node)> properties, int at)
    {
        if (JsonWalk.KindAt(document.Span, at) != JsonKind.Object)
        {
            throw Unfit(at, "an object of schemas");
        }
        var members = new JsonMembers(document.Span, at);
        while (members.MoveNext())
        {
            properties.Add((Encoding.UTF8.GetBytes(JsonText.ToText(members.Name)), CompileNode(members.ValueStart)));
        }
    }

    private void CompileRequired(List<byte[]> required, int at)
    {
        if (JsonWalk.KindAt(document.Span, at) != JsonKind.Array)
        {
            throw Unfit(at, "an array of member names");
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in ElementsOf(at))
        {
            var name = TextAt(start);
            if (!names.Add(name))
            {
                throw Unfit(start, "each member name once");
            }
            required.Add(Encoding.UTF8.GetBytes(name));
        }
    }

    private int CompileCount(int at) =>
        JsonWalk.KindAt(document.Span, at) == JsonKind.Number
        && new JsonNumber(ValueAt(at).Span).TryReadCount(out var count)
            ? count
            : throw Unfit(at, "an integer of at least 0");

    private void CompilePattern(EventSchemaText text, int at)
    {
        var pattern = TextAt(at);
        try
        {
            text.Pattern = new Regex(
                SchemaPattern.Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            throw Mistake(
                at,
                $"the pattern {JsonText.Excerpt(ValueAt(at).Span)} cannot be used: {problem.Message}; allowed are "
                + "regular expressions of ECMA-262 without lookaround and back references");
        }
        text.PatternRule = $"pattern: must match {JsonText.Excerpt(Encoding.UTF8.GetBytes(pattern))}";
    }

    private List<int> ElementsOf(int at)
    {
        var starts = new List<int>();
        var elements = new JsonElements(document.Span, at);
        while (elements.MoveNext())
        {
            starts.Add(elements.ValueStart);
        }
        return starts;
    }

    private ReadOnlyMemory<byte> ValueAt(int at) => document[at..JsonWalk.SkipValue(document.Span, at)];

    private string TextAt(int at) =>
        JsonText.TryContent(ValueAt(at).Span, out var content) ? JsonText.ToText(content) : throw Unfit(at, "a string");

    private ConfigurationException Unfit(int at, string allowed) =>
        Mistake(at, $"found {JsonText.Excerpt(ValueAt(at).Span)}; allowed is {allowed}");

    private ConfigurationException Mistake(int at, string problem) =>
        new(file, JsonPointer.To(document.Span, at), problem);

    // The keywords of objects belong together, in whatever order the document has them.
    private sealed class ObjectKeywords
    {
        internal List<(byte[] Name, EventSchemaNode Node)> Properties { get; } = [];

        internal List<byte[]> Required { get; } = [];

        internal EventSchemaNode? Additional { get; set; }
    }
}
