using System.Text.Json;

namespace Pipeline.Engine.Template;

/// <summary>Gives parameters their defaults and pseudo parameters their fixed values.</summary>
internal sealed class Parameters(IReadOnlyDictionary<string, JsonElement> declared, Problems problems)
{
    private static readonly Dictionary<string, Value> s_pseudo = new(StringComparer.Ordinal)
    {
        ["AWS::Region"] = Value.Of(Account.Region),
        ["AWS::AccountId"] = Value.Of(Account.Id),
        ["AWS::Partition"] = Value.Of(Account.Partition),
        ["AWS::URLSuffix"] = Value.Of(Account.UrlSuffix),
        ["AWS::StackName"] = Value.Of(Account.StackName),
        ["AWS::StackId"] = Value.Of(
            Account.Arn("cloudformation", $"stack/{Account.StackName}/{Account.Uuid(Account.StackName)}")),
        ["AWS::NoValue"] = Value.Absent,
    };

    /// <summary>The value of a parameter; false when there is none of that name.</summary>
    public bool TryRef(string name, Place place, out Value value)
    {
        if (s_pseudo.TryGetValue(name, out value!))
        {
            return true;
        }
        if (name.StartsWith("AWS::", StringComparison.Ordinal))
        {
            problems.Add(place, $"the pseudo parameter '{name}'", string.Join(", ", s_pseudo.Keys));
            value = Value.Unknown;
            return true;
        }
        if (declared.TryGetValue(name, out var parameter))
        {
            value = Default(name, parameter, place);
            return true;
        }
        value = Value.Unknown;
        return false;
    }

    private Value Default(string name, JsonElement parameter, Place place)
    {
        var type = Member(parameter, "Type") is { ValueKind: JsonValueKind.String } declaredType
            ? declaredType.GetString()!
            : "";
        // Its Default is the name of an entry of the parameter store, not the value.
        if (type.StartsWith("AWS::SSM::", StringComparison.Ordinal))
        {
            problems.Add(place, $"the parameter '{name}' of type {type}", "parameters whose Default is their value");
            return Value.Unknown;
        }
        if (Member(parameter, "Default") is not { } value
            || value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
        {
            problems.Add(place, $"the parameter '{name}' without a Default", "parameters with a Default");
            return Value.Unknown;
        }
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return type == "CommaDelimitedList" || type.StartsWith("List<", StringComparison.Ordinal)
            ? new Value.List([.. text.Split(',', StringSplitOptions.TrimEntries).Select(Value.Of)])
            : Value.Of(text);
    }

    private static JsonElement? Member(JsonElement parameter, string name) =>
        parameter.ValueKind == JsonValueKind.Object && parameter.TryGetProperty(name, out var member) ? member : null;
}
