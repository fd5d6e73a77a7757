using System.Globalization;
using System.Text.Json;

namespace Pipeline.Engine.Template;

/// <summary>What intrinsic functions refer to.</summary>
internal sealed record Scope(Parameters Parameters, Conditions Conditions, ResourceNames? Resources);

/// <summary>
/// Evaluates JSON of a template and the intrinsic functions in it, and collects the resources it refers to.
/// </summary>
/// <param name="references">Takes the logical ids referred to; null where nobody asks.</param>
internal sealed class Evaluator(Func<Scope> scope, Problems problems, ISet<string>? references = null)
{
    private const string Honoured =
        "Ref, Fn::GetAtt, Fn::Sub, Fn::Join, Fn::Select, Fn::Split, Fn::If (in Conditions also Fn::Equals, Fn::Not, "
        + "Fn::And, Fn::Or)";

    private Scope Scope => scope();

    /// <summary>Evaluates a value.</summary>
    public Value Evaluate(JsonElement json, Place place)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                return EvaluateObject(json, place);
            case JsonValueKind.Array:
                return EvaluateList(json, place);
            case JsonValueKind.Null:
                problems.Add(place, "null", "values (AWS::NoValue removes a property)");
                return Value.Unknown;
            case JsonValueKind.String:
                return Value.Of(json.GetString()!);
            default:
                return new Value.Scalar(json.GetRawText(), json.ValueKind);
        }
    }

    /// <summary>
    /// Evaluates a value that must be a string, number or boolean; null when it is not (told as a problem).
    /// </summary>
    public string? Text(JsonElement json, Place place) => Text(Evaluate(json, place), place);

    private string? Text(Value value, Place place)
    {
        if (value is Value.Scalar scalar)
        {
            return scalar.Text;
        }
        if (value != Value.Unknown)
        {
            problems.Add(place, value.Describe(), "a string");
        }
        return null;
    }

    private Value.List EvaluateList(JsonElement json, Place place)
    {
        var items = new List<Value>(json.GetArrayLength());
        foreach (var item in json.EnumerateArray())
        {
            // Places count what the template shows, also after AWS::NoValue has removed an element before.
            items.Add(Evaluate(item, place.At(items.Count)));
        }
        items.RemoveAll(item => item == Value.Absent);
        return new Value.List(items);
    }

    private Value EvaluateObject(JsonElement json, Place place)
    {
        var members = new Dictionary<string, Value>(StringComparer.Ordinal);
        var count = json.GetPropertyCount();
        foreach (var member in json.EnumerateObject())
        {
            var isFunction = member.Name.StartsWith("Fn::", StringComparison.Ordinal);
            if (count == 1 && (isFunction || member.Name == "Ref"))
            {
                return Call(member.Name, member.Value, place.Of(member.Name));
            }
            if (isFunction)
            {
                problems.Add(place, $"{member.Name} beside other members", "an intrinsic function alone in its object");
                return Value.Unknown;
            }
            var value = Evaluate(member.Value, place.Of(member.Name));
            if (value != Value.Absent)
            {
                members.Add(member.Name, value);
            }
        }
        return new Value.Map(members);
    }

    private Value Call(string function, JsonElement argument, Place place)
    {
        switch (function)
        {
            case "Ref":
                return argument.ValueKind == JsonValueKind.String
                    ? Reference(argument.GetString()!, place)
                    : Wrong(place, "the name of a resource or parameter");
            case "Fn::GetAtt":
                return GetAttribute(argument, place);
            case "Fn::Sub":
                return Substitute(argument, place);
            case "Fn::Join":
                return Join(argument, place);
            case "Fn::Select":
                return Select(argument, place);
            case "Fn::Split":
                return Split(argument, place);
            case "Fn::If":
                return If(argument, place);
            default:
                problems.Add(place, $"the intrinsic function {function}", Honoured);
                return Value.Unknown;
        }
    }

    private Value Wrong(Place place, string honoured)
    {
        problems.Add(place, "arguments of another number or kind", honoured);
        return Value.Unknown;
    }

    private Value Reference(string name, Place place)
    {
        if (Scope.Parameters.TryRef(name, place, out var value))
        {
            return value;
        }
        return Resource(name, place) is { } resource ? Scope.Resources!.Ref(resource) : Value.Unknown;
    }

    private Declaration? Resource(string logicalId, Place place)
    {
        if (Scope.Resources is not { } resources)
        {
            problems.Add(place, $"a reference to '{logicalId}'", "parameters, since conditions see no resources");
            return null;
        }
        if (resources.Find(logicalId, place) is not { } declaration)
        {
            return null;
        }
        references?.Add(logicalId);
        return declaration;
    }

    private Value Attribute(string logicalId, string attribute, Place place) =>
        Resource(logicalId, place) is { } resource
            ? Scope.Resources!.Attribute(resource, attribute, place)
            : Value.Unknown;

    private Value GetAttribute(JsonElement argument, Place place)
    {
        const string Form = "\"logicalId.attribute\" or [\"logicalId\", \"attribute\"]";
        if (argument.ValueKind == JsonValueKind.String)
        {
            var (id, name) = Halves(argument.GetString()!);
            return name is null ? Wrong(place, Form) : Attribute(id, name, place);
        }
        if (!IsList(argument, 2) || argument[0].ValueKind != JsonValueKind.String)
        {
            return Wrong(place, Form);
        }
        return Text(argument[1], place.At(1)) is { } attribute
            ? Attribute(argument[0].GetString()!, attribute, place)
            : Value.Unknown;
    }

    private Value Substitute(JsonElement argument, Place place)
    {
        const string Form = "a string, or a list of a string and an object of its variables";
        var variables = new Dictionary<string, Value>(StringComparer.Ordinal);
        if (IsList(argument, 2) && argument[1].ValueKind == JsonValueKind.Object)
        {
            foreach (var variable in argument[1].EnumerateObject())
            {
                variables.Add(variable.Name, Evaluate(variable.Value, place.At(1).Of(variable.Name)));
            }
            argument = argument[0];
        }
        if (argument.ValueKind != JsonValueKind.String)
        {
            return Wrong(place, Form);
        }
        if (Substitution.Parse(argument.GetString()!) is not { } parts)
        {
            problems.Add(place, $"{Value.Of(argument.GetString()!).Describe()}, in which a ${{ never ends", "${name}");
            return Value.Unknown;
        }
        var texts = parts.ConvertAll(part => part.IsName ? Variable(part.Text, variables, place) : part.Text);
        return texts.Contains(null) ? Value.Unknown : Value.Of(string.Concat(texts));
    }

    private string? Variable(string name, Dictionary<string, Value> variables, Place place)
    {
        if (variables.TryGetValue(name, out var value))
        {
            return Text(value, place.At(1).Of(name));
        }
        var (id, attribute) = Halves(name);
        return Text(attribute is null ? Reference(name, place) : Attribute(id, attribute, place), place);
    }

    private Value Join(JsonElement argument, Place place)
    {
        if (!IsList(argument, 2) || argument[0].ValueKind != JsonValueKind.String)
        {
            return Wrong(place, "a list of a delimiter and a list of strings");
        }
        if (Items(argument[1], place.At(1)) is not { } items)
        {
            return Value.Unknown;
        }
        var texts = items.Select((item, index) => Text(item, place.At(1).At(index))).ToList();
        return texts.Contains(null) ? Value.Unknown : Value.Of(string.Join(argument[0].GetString(), texts));
    }

    private Value Select(JsonElement argument, Place place)
    {
        if (!IsList(argument, 2))
        {
            return Wrong(place, "a list of an index and a list of values");
        }
        var (index, items) = (Text(argument[0], place.At(0)), Items(argument[1], place.At(1)));
        if (index is null || items is null)
        {
            return Value.Unknown;
        }
        if (int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number < items.Count)
        {
            return items[number];
        }
        problems.Add(place.At(0), $"the index '{index}'", $"indices from 0 into a list of {items.Count} values");
        return Value.Unknown;
    }

    private Value Split(JsonElement argument, Place place)
    {
        if (!IsList(argument, 2) || argument[0] is not { ValueKind: JsonValueKind.String } delimiter
            || delimiter.GetString() is not { Length: > 0 } separator)
        {
            return Wrong(place, "a list of a delimiter and a string");
        }
        return Text(argument[1], place.At(1)) is { } text
            ? new Value.List([.. text.Split(separator).Select(Value.Of)])
            : Value.Unknown;
    }

    private Value If(JsonElement argument, Place place)
    {
        if (!IsList(argument, 3) || argument[0].ValueKind != JsonValueKind.String)
        {
            return Wrong(place, "a list of a condition's name and two values");
        }
        if (Scope.Conditions.Holds(argument[0].GetString()!, place.At(0)) is not { } holds)
        {
            return Value.Unknown;
        }
        var taken = holds ? 1 : 2;
        return Evaluate(argument[taken], place.At(taken));
    }

    private IReadOnlyList<Value>? Items(JsonElement json, Place place)
    {
        var value = Evaluate(json, place);
        if (value is Value.List list)
        {
            return list.Items;
        }
        if (value != Value.Unknown)
        {
            problems.Add(place, value.Describe(), "a list");
        }
        return null;
    }

    private static bool IsList(JsonElement json, int count) =>
        json.ValueKind == JsonValueKind.Array && json.GetArrayLength() == count;

    private static (string Id, string? Attribute) Halves(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (name, null) : (name[..dot], name[(dot + 1)..]);
    }
}
