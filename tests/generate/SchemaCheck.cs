using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pipeline.Tests.Generate;

/// <summary>Judges data by a schema without the pipeline's validator: slow, and only what our schemas use.</summary>
internal static class SchemaCheck
{
    private static readonly string[] Annotations = ["$schema", "title", "description"];

    public static string Folder { get; } = Path.Combine(Generated.Root(), "functions", "config", "schemas");

    /// <summary>The schemas by event type.</summary>
    public static Dictionary<string, JsonElement> Schemas { get; } = Directory.GetFiles(Folder).ToDictionary(
        file => Path.GetFileName(file).Replace(".schema.json", string.Empty, StringComparison.Ordinal),
        file => Generated.Parse(File.ReadAllBytes(file)));

    /// <summary>What is wrong with the data of an event, one text per error.</summary>
    public static List<string> Errors(JsonElement @event)
    {
        var errors = new List<string>();
        Check(@event.GetProperty("data"), Schemas[@event.Text("type")], "data", errors);
        return errors;
    }

    private static void Check(JsonElement value, JsonElement schema, string at, List<string> errors)
    {
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            if (!Annotations.Contains(keyword.Name) && !Holds(value, keyword, at, errors))
            {
                errors.Add($"{at}: {keyword.Name}");
            }
        }
    }

    private static bool Holds(JsonElement value, JsonProperty keyword, string at, List<string> errors)
    {
        JsonElement limit = keyword.Value;
        bool isText = value.ValueKind == JsonValueKind.String;
        bool isNumber = value.ValueKind == JsonValueKind.Number;
        bool isObject = value.ValueKind == JsonValueKind.Object;
        switch (keyword.Name)
        {
            case "type":
                return HasType(value, limit.GetString()!);
            case "required":
                return !isObject || limit.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _));
            case "properties":
                foreach (JsonProperty property in limit.EnumerateObject())
                {
                    if (isObject && value.TryGetProperty(property.Name, out JsonElement member))
                    {
                        Check(member, property.Value, $"{at}.{property.Name}", errors);
                    }
                }

                return true;
            case "additionalProperties":
                return limit.GetBoolean();
            case "enum":
                return limit.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value));
            case "pattern":
                return !isText || Regex.IsMatch(value.GetString()!, limit.GetString()!, RegexOptions.NonBacktracking);
            case "minLength":
                return !isText || value.GetString()!.EnumerateRunes().Count() >= limit.GetInt32();
            case "maxLength":
                return !isText || value.GetString()!.EnumerateRunes().Count() <= limit.GetInt32();
            case "minimum":
                return !isNumber || value.GetDecimal() >= limit.GetDecimal();
            case "maximum":
                return !isNumber || value.GetDecimal() <= limit.GetDecimal();
            case "exclusiveMinimum":
                return !isNumber || value.GetDecimal() > limit.GetDecimal();
            default:
                throw new NotSupportedException($"Our schemas are not to use {keyword.Name}.");
        }
    }

    private static bool HasType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && decimal.IsInteger(value.GetDecimal()),
        _ => throw new NotSupportedException($"Our schemas are not to use the type {type}."),
    };
}
