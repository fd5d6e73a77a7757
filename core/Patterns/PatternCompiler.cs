using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>A field of a pattern: its path, names joined by dots, and what is wanted of it.</summary>
/// <param name="Source">The wanted values as they were written, JSON.</param>
internal sealed record PatternField(string Path, PatternValues Values, ReadOnlyMemory<byte> Source);

/// <summary>
/// Compiles a pattern to its branches, one per combination of <c>$or</c> alternatives; every mistake is told with its
/// place, what was found and what is allowed.
/// </summary>
/// <remarks>
/// A branch maps paths to fields, in the ordinal order of the paths. A path given again replaces the earlier field:
/// the last one wins, also where <c>$or</c> brings it.
/// </remarks>
/// <param name="file">The file's name, for messages.</param>
/// <param name="document">The pattern, UTF-8.</param>
/// <param name="root">The pattern's JSON pointer in the file, for messages.</param>
internal sealed partial class PatternCompiler(string file, ReadOnlyMemory<byte> document, string root)
{
    private const string Or = "$or";

    private static readonly string[] MatcherNames =
    [
        "exactly", "prefix", "suffix", "equals-ignore-case", "wildcard", "anything-but", "numeric", "cidr", "exists",
    ];

    // Names that AWS keeps for itself inside $or, so that an alternative is never taken for a matcher.
    private static readonly string[] ReservedInOr =
    [
        .. MatcherNames, "html", "=", "<", "<=", ">", ">=", "regex", "not-wildcard", "not-equals-ignore-case",
        "date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range",
        "ip-address-in-range", "ip-address-not-in-range",
    ];

    private static readonly ImmutableSortedDictionary<string, PatternField> NoFields =
        ImmutableSortedDictionary.Create<string, PatternField>(StringComparer.Ordinal);

    private ReadOnlySpan<byte> Text => document.Span;

    internal PatternField[][] Compile()
    {
        var start = CheckDocument();
        if (JsonWalk.KindAt(Text, start) != JsonKind.Object)
        {
            throw Unfit(start, "a pattern: an object");
        }
        return [.. CompileObject([NoFields], start, "", isInOr: false).Select(branch => branch.Values.ToArray())];
    }

    private int CheckDocument()
    {
        if (document.Length > EventPattern.BytesMax)
        {
            throw new ConfigurationException(file, root, string.Create(
                CultureInfo.InvariantCulture,
                $"found a pattern of {document.Length} bytes; allowed are {EventPattern.BytesMax}"));
        }
        var end = document.Length;
        while (end > 0 && Text[end - 1] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            end--;
        }
        var start = Math.Min(JsonScanner.CountSpace(Text), end);
        var fault = JsonScanner.Scan(Text[start..end], default, default, out _);
        return fault.Kind == JsonFaultKind.None
            ? start
            : throw new ConfigurationException(file, root, fault.Describe(Text[start..end], start));
    }

    // Adds an object's fields to each branch; the answer has more branches when the object has an $or.
    private List<ImmutableSortedDictionary<string, PatternField>> CompileObject(
        List<ImmutableSortedDictionary<string, PatternField>> branches, int at, string prefix, bool isInOr)
    {
        var members = MembersOf(at);
        if (members.Count == 0)
        {
            throw Unfit(at, "at least one field");
        }
        foreach (var (name, nameAt, valueAt) in members)
        {
            if (name == Or)
            {
                branches = CompileOr(branches, valueAt, prefix);
                continue;
            }
            if (isInOr && ReservedInOr.Contains(name))
            {
                throw Mistake(nameAt, $"found the field '{name}'; allowed inside {Or} are names that are no matcher's");
            }
            var path = prefix + name;
            switch (JsonWalk.KindAt(Text, valueAt))
            {
                case JsonKind.Object:
                    branches = CompileObject(branches, valueAt, path + ".", isInOr);
                    break;
                case JsonKind.Array:
                    var field = new PatternField(path, CompileValues(valueAt), ValueAt(valueAt));
                    branches = branches.ConvertAll(branch => branch.SetItem(path, field));
                    CheckSize(branches, nameAt);
                    break;
                default:
                    throw Unfit(valueAt, "an array of values and matchers, or an object of fields");
            }
        }
        return branches;
    }

    private void CheckSize(List<ImmutableSortedDictionary<string, PatternField>> branches, int at)
    {
        if ((long)branches.Count * branches[^1].Count > EventPattern.CombinedFieldsMax)
        {
            throw Mistake(at, string.Create(
                CultureInfo.InvariantCulture,
                $"the {Or} combinations have more than {EventPattern.CombinedFieldsMax} fields, the most allowed"));
        }
    }

    private List<ImmutableSortedDictionary<string, PatternField>> CompileOr(
        List<ImmutableSortedDictionary<string, PatternField>> branches, int at, string prefix)
    {
        const string allowed = "an array of at least 2 patterns";
        if (JsonWalk.KindAt(Text, at) != JsonKind.Array)
        {
            throw Unfit(at, allowed);
        }
        var starts = ElementsOf(at);
        if (starts.Count < 2)
        {
            throw Unfit(at, allowed);
        }
        var answer = new List<ImmutableSortedDictionary<string, PatternField>>();
        foreach (var start in starts)
        {
            if (JsonWalk.KindAt(Text, start) != JsonKind.Object)
            {
                throw Unfit(start, "a pattern: an object");
            }
            answer.AddRange(CompileObject(branches, start, prefix, isInOr: true));
            if (answer.Count > EventPattern.CombinationsMax)
            {
                throw Mistake(at, string.Create(
                    CultureInfo.InvariantCulture,
                    $"the {Or} arrays make more than {EventPattern.CombinationsMax} combinations, the most allowed"));
            }
        }
        return answer;
    }

    // The members that stand: of those with one name, the last.
    private List<(string Name, int NameAt, int ValueAt)> MembersOf(int at)
    {
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        var all = new List<(string Name, int NameAt, int ValueAt)>();
        var members = new JsonMembers(Text, at);
        while (members.MoveNext())
        {
            var name = JsonText.ToText(members.Name);
            last[name] = all.Count;
            all.Add((name, members.NameStart, members.ValueStart));
        }
        return [.. all.Where((member, index) => last[member.Name] == index)];
    }

    private List<int> ElementsOf(int at)
    {
        var starts = new List<int>();
        var elements = new JsonElements(Text, at);
        while (elements.MoveNext())
        {
            starts.Add(elements.ValueStart);
        }
        return starts;
    }

    private ReadOnlyMemory<byte> ValueAt(int at) => document[at..JsonWalk.SkipValue(Text, at)];

    private string TextAt(int at, string allowed) =>
        JsonText.TryContent(ValueAt(at).Span, out var content) ? JsonText.ToText(content) : throw Unfit(at, allowed);

    private byte[] BytesAt(int at, string allowed) => Encoding.UTF8.GetBytes(TextAt(at, allowed));

    private ConfigurationException Unfit(int at, string allowed) =>
        Mistake(at, $"found {JsonText.Excerpt(ValueAt(at).Span)}; allowed is {allowed}");

    private ConfigurationException Mistake(int at, string problem) =>
        new(file, JsonPointer.To(Text, at, root), problem);
}
