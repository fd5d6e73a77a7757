using System.Net;
using System.Text;
using System.Text.Json;

namespace Pipeline.Tests.Patterns;

/// <summary>
/// The language written down naively, over documents: all values of an event with the array elements they lie in, and
/// every way to give each field one of them.
/// </summary>
internal static class ReferenceMatcher
{
    internal static bool Matches(string pattern, string json)
    {
        using var patternDocument = JsonDocument.Parse(pattern);
        using var eventDocument = JsonDocument.Parse(json);
        var values = new List<Value>();
        var arrays = 0;
        Flatten(eventDocument.RootElement, "", [], values, ref arrays);
        return Expand([[]], patternDocument.RootElement, "").Exists(fields =>
            Choose([.. fields.OrderBy(field => field.Key, StringComparer.Ordinal)], 0, [], values));
    }

    private static List<Dictionary<string, JsonElement>> Expand(
        List<Dictionary<string, JsonElement>> branches, JsonElement pattern, string prefix)
    {
        foreach (var member in pattern.EnumerateObject())
        {
            if (member.Name == "$or")
            {
                branches =
                [
                    .. member.Value.EnumerateArray().SelectMany(alternative =>
                        Expand(branches.ConvertAll(branch => branch.ToDictionary()), alternative, prefix)),
                ];
            }
            else if (member.Value.ValueKind == JsonValueKind.Object)
            {
                branches = Expand(branches, member.Value, prefix + member.Name + ".");
            }
            else
            {
                branches.ForEach(branch => branch[prefix + member.Name] = member.Value);
            }
        }
        return branches;
    }

    private static void Flatten(
        JsonElement element, string path, Dictionary<int, int> place, List<Value> values, ref int arrays)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                var inner = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
                Flatten(member.Value, inner, place, values, ref arrays);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            var array = arrays++;
            foreach (var (index, inner) in element.EnumerateArray().Index())
            {
                var isContainer = inner.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
                Flatten(inner, path, isContainer ? new(place) { [array] = index } : place, values, ref arrays);
            }
        }
        else
        {
            values.Add(new Value(path, element, place));
        }
    }

    // Fields choose in the order of their paths; a value that lies in fewer elements is preferred.
    private static bool Choose(
        KeyValuePair<string, JsonElement>[] fields, int index, Dictionary<int, int> chosen, List<Value> values)
    {
        if (index == fields.Length)
        {
            return true;
        }
        var wanted = fields[index].Value.EnumerateArray().ToArray();
        var there = values.FindAll(value => value.Path == fields[index].Key);
        var met = there.FindAll(value => wanted.Any(one => IsMet(one, value.Element)));
        var candidates = met.Where(one => !met.Exists(other => other.IsWider(one)));
        if (candidates.Any(one => one.Agrees(chosen) && Choose(fields, index + 1, one.Join(chosen), values)))
        {
            return true;
        }
        return wanted.Any(one => IsMatcher(one, "exists", out var exists) && !exists.GetBoolean())
            && !there.Exists(value => value.Agrees(chosen))
            && Choose(fields, index + 1, chosen, values);
    }

    private static bool IsMatcher(JsonElement wanted, string name, out JsonElement operand)
    {
        operand = default;
        return wanted.ValueKind == JsonValueKind.Object && wanted.TryGetProperty(name, out operand);
    }

    private static bool IsMet(JsonElement wanted, JsonElement value)
    {
        if (wanted.ValueKind != JsonValueKind.Object)
        {
            return IsEqual(wanted, value);
        }
        var matcher = wanted.EnumerateObject().First();
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : null;
        return matcher.Name switch
        {
            "exists" => matcher.Value.GetBoolean(),
            "numeric" => value.ValueKind == JsonValueKind.Number && IsInRange(matcher.Value, value.GetDecimal()),
            "anything-but" => !IsListed(matcher.Value, value),
            "cidr" => text is not null && IPAddress.TryParse(text, out var address)
                && IPNetwork.Parse(matcher.Value.GetString()!).Contains(address),
            _ => text is not null && IsMet(matcher.Name, matcher.Value, text),
        };
    }

    private static bool IsMet(string matcher, JsonElement operand, string text)
    {
        var isCaseless = operand.ValueKind == JsonValueKind.Object;
        var part = (isCaseless ? operand.GetProperty("equals-ignore-case") : operand).GetString()!;
        var comparison = isCaseless ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return matcher switch
        {
            "prefix" => text.StartsWith(part, comparison),
            "suffix" => text.EndsWith(part, comparison),
            "equals-ignore-case" => text.Equals(part, StringComparison.OrdinalIgnoreCase),
            "wildcard" => IsWild(part, text),
            _ => text == part,
        };
    }

    private static bool IsEqual(JsonElement wanted, JsonElement value) =>
        wanted.ValueKind == value.ValueKind && wanted.ValueKind switch
        {
            JsonValueKind.Number => wanted.GetDecimal() == value.GetDecimal(),
            JsonValueKind.String => wanted.GetString() == value.GetString(),
            _ => true,
        };

    private static bool IsInRange(JsonElement range, decimal value)
    {
        var parts = range.EnumerateArray().ToArray();
        for (var index = 0; index < parts.Length; index += 2)
        {
            var order = value.CompareTo(parts[index + 1].GetDecimal());
            var isIn = parts[index].GetString() switch
            {
                "=" => order == 0,
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            };
            if (!isIn)
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsListed(JsonElement list, JsonElement value)
    {
        if (list.ValueKind == JsonValueKind.Object)
        {
            var matcher = list.EnumerateObject().First();
            return value.ValueKind == JsonValueKind.String
                && Each(matcher.Value).Any(one => IsMet(matcher.Name, one, value.GetString()!));
        }
        return Each(list).Any(one => IsEqual(one, value));
    }

    private static JsonElement[] Each(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [list];

    // The table of all pairs of beginnings: whether one matches the other.
    private static bool IsWild(string wildcard, string text)
    {
        var (symbols, isStar) = (new StringBuilder(), new List<bool>());
        for (var index = 0; index < wildcard.Length; index++)
        {
            isStar.Add(wildcard[index] == '*');
            index += wildcard[index] == '\\' ? 1 : 0;
            symbols.Append(wildcard[index]);
        }
        var matches = new bool[symbols.Length + 1, text.Length + 1];
        matches[0, 0] = true;
        for (var left = 1; left <= symbols.Length; left++)
        {
            for (var right = 0; right <= text.Length; right++)
            {
                matches[left, right] = isStar[left - 1]
                    ? matches[left - 1, right] || (right > 0 && matches[left, right - 1])
                    : right > 0 && symbols[left - 1] == text[right - 1] && matches[left - 1, right - 1];
            }
        }
        return matches[symbols.Length, text.Length];
    }

    /// <param name="Place">Of each array around the value, the index of the element.</param>
    private sealed record Value(string Path, JsonElement Element, Dictionary<int, int> Place)
    {
        internal bool Agrees(Dictionary<int, int> chosen) =>
            Place.All(one => !chosen.TryGetValue(one.Key, out var index) || index == one.Value);

        internal Dictionary<int, int> Join(Dictionary<int, int> chosen) =>
            Place.Concat(chosen).DistinctBy(one => one.Key).ToDictionary(one => one.Key, one => one.Value);

        internal bool IsWider(Value other) => Place.Count < other.Place.Count && Agrees(other.Place)
            && Place.Keys.All(other.Place.ContainsKey);
    }
}
