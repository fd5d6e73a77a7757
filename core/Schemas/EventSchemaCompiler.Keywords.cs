using System.Text;
using Pipeline.Core.Json;

namespace Pipeline.Core;

internal sealed partial class EventSchemaCompiler
{
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

    private void CompileType(EventSchemaNode node, int at)
    {
        var starts = _document.KindAt(at) == JsonKind.Array ? _document.ElementsOf(at) : [at];
        var names = new List<string>();
        var types = SchemaTypes.None;
        foreach (var start in starts)
        {
            var name = _document.KindAt(start) == JsonKind.String ? _document.TextAt(start) : "";
            if (!TypeNames.TryGetValue(name, out var type) || (types & type) != 0)
            {
                throw _document.Unfit(
                    start, "one of " + string.Join(", ", TypeNames.Keys) + ", or a list of them, each once");
            }
            types |= type;
            names.Add(name);
        }
        node.Types = types != SchemaTypes.None ? types : throw _document.Unfit(at, "at least one type");
        node.TypeRule = $"type: must be {string.Join(" or ", names)}";
    }

    private void CompileEnum(EventSchemaNode node, int at)
    {
        var allowed = _document.ElementsOf(at).Select(_document.ValueAt).ToArray();
        if (allowed.Length == 0)
        {
            throw _document.Unfit(at, "an array of at least one value");
        }
        var rule = $"enum: must be one of {JsonText.Excerpt(_document.ValueAt(at).Span)}";
        node.Values.Add(new SchemaValues(rule, allowed));
    }

    private bool CompileObjectKeyword(ObjectKeywords keywords, string keyword, int at)
    {
        switch (keyword)
        {
            case "properties":
                keywords.Properties.AddRange(CompileMap(at));
                return true;
            case "required":
                keywords.Required.AddRange(CompileNames(at));
                return true;
            case "additionalProperties":
                keywords.Additional = CompileNode(at);
                return true;
            case "patternProperties":
                CompilePatterns(keywords.Members, at);
                return true;
            case "propertyNames":
                keywords.Members.Names = CompileNode(at);
                return true;
            case "minProperties":
                keywords.Members.CountMin = CompileCount(at);
                return true;
            case "maxProperties":
                keywords.Members.CountMax = CompileCount(at);
                return true;
            case "dependentRequired":
                CompileDependent(keywords.Dependent, at);
                return true;
            default:
                return false;
        }
    }

    private List<byte[]> CompileNames(int at)
    {
        if (_document.KindAt(at) != JsonKind.Array)
        {
            throw _document.Unfit(at, "an array of member names");
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in _document.ElementsOf(at))
        {
            if (!names.Add(_document.TextAt(start)))
            {
                throw _document.Unfit(start, "each member name once");
            }
        }
        return [.. names.Select(Encoding.UTF8.GetBytes)];
    }

    private void CompileDependent(List<(byte[] Name, byte[][] Needed)> dependent, int at)
    {
        if (_document.KindAt(at) != JsonKind.Object)
        {
            throw _document.Unfit(at, "an object of arrays of member names");
        }
        foreach (var (name, namesAt) in _document.MembersOf(at))
        {
            dependent.Add((Encoding.UTF8.GetBytes(name), [.. CompileNames(namesAt)]));
        }
    }

    private void CompilePatterns(EventSchemaMembers members, int at)
    {
        foreach (var (name, node) in CompileMap(at))
        {
            var pattern = Encoding.UTF8.GetString(name);
            members.Patterns.Add((CompileExpression(pattern, at), JsonText.Excerpt(name), node));
        }
    }

    private bool CompileArrayKeyword(EventSchemaNode node, string keyword, int at)
    {
        var array = node.Array ?? new EventSchemaArray();
        switch (keyword)
        {
            case "items":
                array.Items = CompileNode(at);
                break;
            case "prefixItems":
                array.Prefix = CompileList(at);
                break;
            case "contains":
                array.Contains = CompileNode(at);
                break;
            case "minContains":
                array.ContainsMin = CompileCount(at);
                break;
            case "maxContains":
                array.ContainsMax = CompileCount(at);
                break;
            case "minItems":
                array.CountMin = CompileCount(at);
                break;
            case "maxItems":
                array.CountMax = CompileCount(at);
                break;
            case "uniqueItems":
                array.IsUnique = _document.KindAt(at) == JsonKind.Boolean
                    ? _document.Text.Span[at] == 't'
                    : throw _document.Unfit(at, "true or false");
                break;
            default:
                return false;
        }
        node.Array = array;
        return true;
    }

    private bool CompileNumberKeyword(EventSchemaNode node, string keyword, int at)
    {
        (int Side, bool IsExclusive, string Words)? form = keyword switch
        {
            "minimum" => (1, false, "at least"),
            "maximum" => (-1, false, "at most"),
            "exclusiveMinimum" => (1, true, "more than"),
            "exclusiveMaximum" => (-1, true, "less than"),
            "multipleOf" => (0, true, "a multiple of"),
            _ => null,
        };
        if (form is not { } bound)
        {
            return false;
        }
        var isNumber = _document.KindAt(at) == JsonKind.Number;
        var limit = _document.ValueAt(at);
        var rule = $"{keyword}: {bound.Words} {JsonText.Excerpt(limit.Span)}";
        var number = node.Number ??= new EventSchemaNumber();
        if (bound.Side == 0)
        {
            number.Divisor = isNumber && new JsonNumber(limit.Span) is { IsNegative: false, IsZero: false }
                ? new JsonDivisor(limit)
                : throw _document.Unfit(at, "a number above 0");
            number.DivisorRule = rule;
            return true;
        }
        number.Bounds.Add(isNumber
            ? new SchemaBound(rule, new JsonConstant(limit.ToArray()), bound.Side, bound.IsExclusive)
            : throw _document.Unfit(at, "a number"));
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
                var pattern = _document.TextAt(at);
                node.Text ??= new EventSchemaText();
                node.Text.Pattern = CompileExpression(pattern, at);
                node.Text.PatternRule = $"pattern: must match {JsonText.Excerpt(Encoding.UTF8.GetBytes(pattern))}";
                return true;
            case "format":
                var name = _document.TextAt(at);
                node.Text ??= new EventSchemaText();
                node.Text.Format = TextFormats.ByName.TryGetValue(name, out var format)
                    ? format
                    : throw _document.Unfit(at, "one of the formats " + string.Join(", ", TextFormats.ByName.Keys));
                node.Text.FormatRule = $"format: must be {name}";
                return true;
            default:
                return false;
        }
    }

    private int CompileCount(int at) =>
        _document.KindAt(at) == JsonKind.Number
        && new JsonNumber(_document.ValueAt(at).Span).TryReadCount(out var count)
            ? count
            : throw _document.Unfit(at, "an integer of at least 0");

    private SchemaExpression CompileExpression(string pattern, int at)
    {
        try
        {
            return new SchemaExpression(pattern);
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            var shown = JsonText.Excerpt(Encoding.UTF8.GetBytes(pattern));
            throw _document.Mistake(
                at,
                $"the pattern \"{shown}\" cannot be used: {problem.Message}; "
                + "allowed are regular expressions of ECMA-262 without lookaround and back references");
        }
    }
}
