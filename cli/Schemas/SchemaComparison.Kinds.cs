using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Core.Json;

namespace Pipeline.Cli.Schemas;

internal sealed partial class SchemaComparison
{
    private static readonly string[] Lower = ["minLength", "minItems", "minProperties", "minContains"];
    private static readonly JsonElement Zero = Parse("0");
    private static readonly JsonElement One = Parse("1");
    private static readonly string[] Upper = ["maxLength", "maxItems", "maxProperties", "maxContains"];

    private void CompareBounds(JsonElement from, JsonElement to, string pointer)
    {
        foreach (var (keyword, exclusive, side) in
            new[] { ("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1) })
        {
            foreach (var (name, isExclusive) in new[] { (keyword, false), (exclusive, true) })
            {
                if (Get(to, name) is { } now && !IsBoundBefore(from, now, keyword, exclusive, side, isExclusive))
                {
                    Break($"{pointer}/{name}", $"{name} {now.GetRawText()} allows less than before");
                }
            }
        }
        foreach (var keyword in Lower)
        {
            var unless = keyword == "minContains" && Get(from, "contains") is not null ? One : Zero;
            var before = Get(from, keyword) ?? unless;
            if (Get(to, keyword) is { } now && Compare(now, before) > 0)
            {
                Break($"{pointer}/{keyword}", $"{keyword} {now.GetRawText()} is more than before");
            }
        }
        foreach (var keyword in Upper)
        {
            if (Get(to, keyword) is { } now && (Get(from, keyword) is not { } before || Compare(now, before) < 0))
            {
                Break($"{pointer}/{keyword}", $"{keyword} {now.GetRawText()} is less than before");
            }
        }
    }

    // Whether one of the old bounds keeps numbers at least as far on the right side.
    private static bool IsBoundBefore(
        JsonElement from, JsonElement now, string keyword, string exclusive, int side, bool isExclusive)
    {
        var inclusive = Get(from, keyword) is { } one ? Compare(one, now) * side : -1;
        var beyond = Get(from, exclusive) is { } other ? Compare(other, now) * side : -1;
        return beyond >= 0 || (isExclusive ? inclusive > 0 : inclusive >= 0);
    }

    private void CompareMembers(JsonElement from, JsonElement to, string pointer)
    {
        var required = Elements(from, "required").Select(one => one.Value.GetString()).ToHashSet();
        foreach (var (name, index) in Elements(to, "required"))
        {
            if (!required.Contains(name.GetString()))
            {
                Break($"{pointer}/required/{index}", $"'{name.GetString()}' was not required before");
            }
        }
        foreach (var (name, now) in Members(to, "properties"))
        {
            CompareMember(from, to, name, now, $"{pointer}/properties/{Escape(name)}");
        }
        foreach (var (pattern, now) in Members(to, "patternProperties"))
        {
            var at = $"{pointer}/patternProperties/{Escape(pattern)}";
            var before = Members(from, "patternProperties").Find(one => one.Name == pattern);
            if (before.Name is not null)
            {
                Compare(before.Value, now, at);
            }
            else if (!Fits(AdditionalOf(from), now) || Members(from, "properties").Any(
                one => IsMatch(pattern, one.Name) && !Fits(one.Value, now)))
            {
                Break(at, "the pattern was not there before, and members that match it may be invalid now");
            }
        }
        CompareAdditional(from, to, pointer);
    }

    private void CompareMember(JsonElement from, JsonElement to, string name, JsonElement now, string at)
    {
        if (Members(from, "properties").FirstOrDefault(one => one.Name == name) is { Name: not null } before)
        {
            Compare(before.Value, now, at);
        }
        else if (IsAnything(AdditionalOf(from)))
        {
            if (!IsAnything(now))
            {
                Warn(at, $"'{name}' was not described before: events that had such a member may be invalid now");
            }
        }
        else
        {
            Compare(AdditionalOf(from), now, at);
        }
    }

    // Members that the old schema named, or let pass, and that the new one does not name.
    private void CompareAdditional(JsonElement from, JsonElement to, string pointer)
    {
        var rest = AdditionalOf(to);
        if (IsAnything(rest))
        {
            return;
        }
        var named = Members(to, "properties").Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        var patterns = Members(to, "patternProperties").Select(one => one.Name).ToArray();
        foreach (var (name, before) in Members(from, "properties"))
        {
            if (!named.Contains(name) && !patterns.Any(pattern => IsMatch(pattern, name)) && !Fits(before, rest))
            {
                Break($"{pointer}/additionalProperties", $"the member '{name}' is not described any more");
            }
        }
        foreach (var (pattern, before) in Members(from, "patternProperties"))
        {
            if (!patterns.Contains(pattern) && !Fits(before, rest))
            {
                Break($"{pointer}/additionalProperties", $"members that match {pattern} are not described any more");
            }
        }
        Compare(AdditionalOf(from), rest, $"{pointer}/additionalProperties");
    }

    private void CompareElements(JsonElement from, JsonElement to, string pointer)
    {
        var before = Elements(from, "prefixItems");
        var now = Elements(to, "prefixItems");
        var oldRest = Get(from, "items") ?? Anything;
        var newRest = Get(to, "items") ?? Anything;
        for (var index = 0; index < Math.Max(before.Length, now.Length); index++)
        {
            Compare(
                index < before.Length ? before[index].Value : oldRest,
                index < now.Length ? now[index].Value : newRest,
                index < now.Length ? $"{pointer}/prefixItems/{index}" : $"{pointer}/items");
        }
        Compare(oldRest, newRest, $"{pointer}/items");
        if (Get(to, "contains") is not { } contained)
        {
            return;
        }
        if (Get(from, "contains") is not { } oldContained)
        {
            Break($"{pointer}/contains", "contains was not there before");
        }
        else if (Get(to, "maxContains") is not null && (!AreEqual(oldContained, contained) || HasReference(contained)))
        {
            Break($"{pointer}/contains", "another schema may count more elements than maxContains allows");
        }
        else
        {
            Compare(oldContained, contained, $"{pointer}/contains");
        }
    }

    private static JsonElement AdditionalOf(JsonElement schema) => Get(schema, "additionalProperties") ?? Anything;

    private static List<(string Name, JsonElement Value)> Members(JsonElement schema, string keyword) =>
        Get(schema, keyword) is { } map ? [.. map.EnumerateObject().Select(one => (one.Name, one.Value))] : [];

    private static bool IsMatch(string pattern, string name) =>
        new SchemaExpression(pattern).IsMatch(Encoding.UTF8.GetBytes(name));

    private static int Compare(JsonElement left, JsonElement right) => JsonNumber.Compare(
        Encoding.UTF8.GetBytes(left.GetRawText()), Encoding.UTF8.GetBytes(right.GetRawText()));

    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
