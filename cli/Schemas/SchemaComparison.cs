using System.Text;
using System.Text.Json;
using Pipeline.Core.Json;

namespace Pipeline.Cli.Schemas;

/// <summary>
/// Whether every value that the old schema allows is allowed by the new one, and why not. What cannot be proved counts
/// as breaking, so an answer without findings is certain.
/// </summary>
internal sealed partial class SchemaComparison(SchemaFile old, SchemaFile @new)
{
    private static readonly JsonElement Anything = Parse("true");
    private static readonly JsonElement Nothing = Parse("false");

    // Keywords whose change is judged by equality alone; without them a schema allows more.
    private static readonly string[] Opaque =
        ["pattern", "format", "multipleOf", "not", "if", "then", "else", "dependentSchemas", "dependentRequired",
            "unevaluatedProperties", "unevaluatedItems", "oneOf"];

    private readonly HashSet<(string Old, string New)> _seen = [];
    private List<SchemaFinding> _findings = [];

    /// <summary>The findings of a change from one file to another.</summary>
    internal static List<SchemaFinding> Compare(SchemaFile old, SchemaFile @new)
    {
        var comparison = new SchemaComparison(old, @new);
        comparison.Compare(old.Root, @new.Root, "");
        return comparison._findings;
    }

    private void Compare(JsonElement from, JsonElement to, string pointer)
    {
        (from, to) = (Follow(old, from), Follow(@new, to));
        if (IsAnything(to) || from.ValueKind == JsonValueKind.False
            || !_seen.Add((from.GetRawText(), to.GetRawText())))
        {
            return;
        }
        if (to.ValueKind == JsonValueKind.False)
        {
            Break(pointer, "no value is allowed any more");
            return;
        }
        CompareTypes(from, to, pointer);
        CompareValues(from, to, pointer);
        CompareBounds(from, to, pointer);
        CompareOpaque(from, to, pointer);
        CompareMembers(from, to, pointer);
        CompareElements(from, to, pointer);
        CompareCombinations(from, to, pointer);
    }

    private void CompareTypes(JsonElement from, JsonElement to, string pointer)
    {
        if (Get(to, "type") is not { } type)
        {
            return;
        }
        var allowed = Names(type);
        var before = Get(from, "type") is { } oldType
            ? Names(oldType)
            : Values(from)?.Select(TypeOf).ToHashSet() ?? ["null", "boolean", "object", "array", "number", "string"];
        foreach (var name in before.Where(name => !allowed.Contains(name)
            && !(name == "integer" && allowed.Contains("number"))))
        {
            Break($"{pointer}/type", $"the type {name} is not allowed any more");
        }
    }

    private void CompareValues(JsonElement from, JsonElement to, string pointer)
    {
        if (Values(to) is not { } allowed)
        {
            return;
        }
        var keyword = Get(to, "enum") is null ? "const" : "enum";
        if (Values(from) is not { } before)
        {
            Break($"{pointer}/{keyword}", "only some values are allowed now");
            return;
        }
        foreach (var value in before.Where(value => !allowed.Any(one => AreEqual(one, value))))
        {
            Break($"{pointer}/{keyword}", $"the value {value.GetRawText()} is not allowed any more");
        }
    }

    private void CompareOpaque(JsonElement from, JsonElement to, string pointer)
    {
        foreach (var keyword in Opaque)
        {
            if (Get(to, keyword) is not { } now || IsAnything(now))
            {
                continue;
            }
            if (Get(from, keyword) is not { } before)
            {
                // A condition without its consequences asks nothing, and they nothing without it.
                if (keyword != "if" || Get(to, "then") is not null || Get(to, "else") is not null)
                {
                    Break($"{pointer}/{keyword}", $"{keyword} was not there before");
                }
            }
            else if (!AreEqual(before, now) || HasReference(now))
            {
                Break($"{pointer}/{keyword}", $"{keyword} is {(HasReference(now) ? "by reference" : "another one")} "
                    + "and may allow less");
            }
        }
        if (Get(to, "uniqueItems") is { ValueKind: JsonValueKind.True }
            && Get(from, "uniqueItems") is not { ValueKind: JsonValueKind.True })
        {
            Break($"{pointer}/uniqueItems", "elements must differ now");
        }
        if (Get(to, "propertyNames") is { } names)
        {
            Compare(Get(from, "propertyNames") ?? Anything, names, $"{pointer}/propertyNames");
        }
    }

    private void CompareCombinations(JsonElement from, JsonElement to, string pointer)
    {
        if (Get(to, "$ref") is { } reference && !IsImplied(from, Follow(@new, to, always: true)))
        {
            Break($"{pointer}/$ref", $"what {reference.GetRawText()} demands was not demanded before");
        }
        foreach (var (now, index) in Elements(to, "allOf"))
        {
            if (!IsImplied(from, now))
            {
                Break($"{pointer}/allOf/{index}", "this was not demanded before");
            }
        }
        if (Get(to, "anyOf") is not null)
        {
            var before = Get(from, "anyOf") is null ? [(from, 0)] : Elements(from, "anyOf");
            foreach (var (one, index) in before)
            {
                if (!Elements(to, "anyOf").Any(now => Fits(one, now.Value)))
                {
                    Break($"{pointer}/anyOf", $"what its schema {index} allowed fits none of the schemas any more");
                }
            }
        }
    }

    private bool IsImplied(JsonElement from, JsonElement demand) =>
        Fits(from, demand)
        || Elements(from, "allOf").Any(one => Fits(one.Value, demand))
        || (Get(from, "$ref") is not null && Fits(Follow(old, from, always: true), demand));

    // Whether there would be no finding.
    private bool Fits(JsonElement from, JsonElement to)
    {
        var outer = _findings;
        _findings = [];
        var comparison = new SchemaComparison(old, @new);
        // Pairs on the way to here hold as long as nothing else breaks them.
        comparison._seen.UnionWith(_seen);
        comparison.Compare(from, to, "?");
        _findings = outer;
        return comparison._findings.Count == 0;
    }

    private void Break(string pointer, string message) =>
        _findings.Add(new SchemaFinding(@new.Path, pointer, IsBreaking: true, message));

    private void Warn(string pointer, string message) =>
        _findings.Add(new SchemaFinding(@new.Path, pointer, IsBreaking: false, message));

    // What a schema refers to, when it does nothing else.
    private static JsonElement Follow(SchemaFile file, JsonElement schema, bool always = false)
    {
        for (var steps = 0; steps < Core.Limits.SchemaNestingMax && Get(schema, "$ref") is { } reference; steps++)
        {
            var isAlone = schema.EnumerateObject().All(member => member.Name is "$ref" or "description" or "title");
            if (!(always || isAlone)
                || file.Resolve(reference.GetString()!) is not { } target)
            {
                return always ? Nothing : schema;
            }
            (schema, always) = (target, false);
        }
        return schema;
    }

    private static bool IsAnything(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.True
        || (schema.ValueKind == JsonValueKind.Object && !schema.EnumerateObject().Any());

    private static bool HasReference(JsonElement value) =>
        value.GetRawText().Contains("\"$ref\"", StringComparison.Ordinal);

    private static JsonElement? Get(JsonElement schema, string keyword) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(keyword, out var value) ? value : null;

    private static (JsonElement Value, int Index)[] Elements(JsonElement schema, string keyword) =>
        Get(schema, keyword) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select((value, index) => (value, index))]
            : [];

    private static HashSet<string> Names(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array
            ? [.. type.EnumerateArray().Select(name => name.GetString()!)]
            : [type.GetString()!];

    private static List<JsonElement>? Values(JsonElement schema) =>
        Get(schema, "enum") is { } list ? [.. list.EnumerateArray()]
        : Get(schema, "const") is { } value ? [value]
        : null;

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number =>
            new JsonNumber(Encoding.UTF8.GetBytes(value.GetRawText())).IsInteger ? "integer" : "number",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private static bool AreEqual(JsonElement left, JsonElement right) => JsonValue.AreEqual(
        Encoding.UTF8.GetBytes(left.GetRawText()), Encoding.UTF8.GetBytes(right.GetRawText()));

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
