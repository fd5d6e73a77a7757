namespace Pipeline.Core;

/// <summary>What the value of a keyword holds, as far as schemas go.</summary>
internal enum SchemaShape
{
    /// <summary>No schema.</summary>
    None,

    /// <summary>One schema.</summary>
    One,

    /// <summary>An array of schemas, at least one.</summary>
    List,

    /// <summary>An object of schemas.</summary>
    Map,
}

/// <summary>The keywords of JSON Schema 2020-12 that we know, and the annotations that we pass over.</summary>
internal static class SchemaKeywords
{
    private static readonly string[] Annotations =
    [
        "$schema", "$id", "$anchor", "$comment", "title", "description", "examples", "default", "deprecated",
        "readOnly", "writeOnly", "contentEncoding", "contentMediaType", "contentSchema",
    ];

    private static readonly Dictionary<string, SchemaShape> Shapes = new(StringComparer.Ordinal)
    {
        ["type"] = SchemaShape.None,
        ["enum"] = SchemaShape.None,
        ["const"] = SchemaShape.None,
        ["properties"] = SchemaShape.Map,
        ["required"] = SchemaShape.None,
        ["additionalProperties"] = SchemaShape.One,
        ["patternProperties"] = SchemaShape.Map,
        ["propertyNames"] = SchemaShape.One,
        ["minProperties"] = SchemaShape.None,
        ["maxProperties"] = SchemaShape.None,
        ["dependentRequired"] = SchemaShape.None,
        ["dependentSchemas"] = SchemaShape.Map,
        ["items"] = SchemaShape.One,
        ["prefixItems"] = SchemaShape.List,
        ["contains"] = SchemaShape.One,
        ["minContains"] = SchemaShape.None,
        ["maxContains"] = SchemaShape.None,
        ["minItems"] = SchemaShape.None,
        ["maxItems"] = SchemaShape.None,
        ["uniqueItems"] = SchemaShape.None,
        ["minimum"] = SchemaShape.None,
        ["maximum"] = SchemaShape.None,
        ["exclusiveMinimum"] = SchemaShape.None,
        ["exclusiveMaximum"] = SchemaShape.None,
        ["multipleOf"] = SchemaShape.None,
        ["minLength"] = SchemaShape.None,
        ["maxLength"] = SchemaShape.None,
        ["pattern"] = SchemaShape.None,
        ["format"] = SchemaShape.None,
        ["allOf"] = SchemaShape.List,
        ["anyOf"] = SchemaShape.List,
        ["oneOf"] = SchemaShape.List,
        ["not"] = SchemaShape.One,
        ["if"] = SchemaShape.One,
        ["then"] = SchemaShape.One,
        ["else"] = SchemaShape.One,
        ["unevaluatedProperties"] = SchemaShape.One,
        ["unevaluatedItems"] = SchemaShape.One,
        ["$ref"] = SchemaShape.None,
        ["$defs"] = SchemaShape.Map,
    };

    /// <summary>All that a schema may hold, for messages.</summary>
    internal static IEnumerable<string> Allowed => Shapes.Keys.Concat(Annotations);

    internal static bool IsAnnotation(string keyword) => Annotations.Contains(keyword, StringComparer.Ordinal);

    /// <summary>The schemas below a keyword's value; none when it has another shape, which compiling tells.</summary>
    internal static IEnumerable<int> SchemasOf(SchemaDocument document, string keyword, int at) =>
        Shapes.GetValueOrDefault(keyword) switch
        {
            SchemaShape.One => [at],
            SchemaShape.List => document.ElementsOf(at),
            SchemaShape.Map => document.MembersOf(at).Select(member => member.At),
            _ => [],
        };
}
