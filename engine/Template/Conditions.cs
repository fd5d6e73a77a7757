using System.Text.Json;

namespace Pipeline.Engine.Template;

/// <summary>Evaluates the template's conditions. They see parameters only, never resources.</summary>
internal sealed class Conditions(TemplateDocument document, Problems problems)
{
    private const string Honoured = "Fn::Equals, Fn::Not, Fn::And, Fn::Or, Condition";

    private readonly Dictionary<string, bool?> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);

    /// <summary>Evaluates values inside conditions; set before the first use.</summary>
    public required Evaluator Values { private get; init; }

    /// <summary>Evaluates every condition, also those that nothing uses, so that their problems are told.</summary>
    public void CheckAll()
    {
        foreach (var name in document.Conditions.Keys)
        {
            Holds(name, new Place("Conditions").Of(name));
        }
    }

    /// <summary>Whether a condition holds; null when it cannot be told (told as a problem).</summary>
    public bool? Holds(string name, Place place)
    {
        if (_known.TryGetValue(name, out var known))
        {
            return known;
        }
        if (!document.Conditions.TryGetValue(name, out var json))
        {
            problems.Add(place, $"the condition '{name}'", $"declared conditions ({Declared()})");
            return null;
        }
        if (!_underWay.Add(name))
        {
            problems.Add(place, $"the condition '{name}', which refers to itself", "conditions without a circle");
            return null;
        }
        var holds = Evaluate(json, new Place("Conditions").Of(name));
        _underWay.Remove(name);
        _known[name] = holds;
        return holds;
    }

    private string Declared() => document.Conditions.Count == 0 ? "none" : string.Join(", ", document.Conditions.Keys);

    private bool? Evaluate(JsonElement json, Place place)
    {
        if (json.ValueKind != JsonValueKind.Object || json.GetPropertyCount() != 1)
        {
            problems.Add(place, $"JSON of kind {json.ValueKind}", $"an object with one of {Honoured}");
            return null;
        }
        var (function, argument) = (json.EnumerateObject().First().Name, json.EnumerateObject().First().Value);
        place = place.Of(function);
        switch (function)
        {
            case "Condition" when argument.ValueKind == JsonValueKind.String:
                return Holds(argument.GetString()!, place);
            case "Fn::Equals" when IsList(argument, 2, 2):
                return AreEqual(argument, place);
            case "Fn::Not" when IsList(argument, 1, 1):
                return !Evaluate(argument[0], place.At(0));
            case "Fn::And" when IsList(argument, 2, 10):
                return All(argument, place) is { } and ? !and.Contains(false) : null;
            case "Fn::Or" when IsList(argument, 2, 10):
                return All(argument, place) is { } or ? or.Contains(true) : null;
            case "Condition" or "Fn::Equals" or "Fn::Not" or "Fn::And" or "Fn::Or":
                problems.Add(
                    place,
                    "arguments of another number or kind",
                    "two for Fn::Equals, one for Fn::Not, 2 to 10 for Fn::And and Fn::Or, a name for Condition");
                return null;
            default:
                problems.Add(place, function, Honoured);
                return null;
        }
    }

    private static bool IsList(JsonElement json, int min, int max) =>
        json.ValueKind == JsonValueKind.Array && json.GetArrayLength() >= min && json.GetArrayLength() <= max;

    private bool? AreEqual(JsonElement arguments, Place place)
    {
        var (left, right) = (Values.Text(arguments[0], place.At(0)), Values.Text(arguments[1], place.At(1)));
        return left is null || right is null ? null : left == right;
    }

    // No short circuit: every argument's problems are told.
    private List<bool>? All(JsonElement arguments, Place place)
    {
        var results = arguments.EnumerateArray()
            .Select((argument, index) => Evaluate(argument, place.At(index)))
            .ToList();
        return results.Contains(null) ? null : results.ConvertAll(result => result!.Value);
    }
}
