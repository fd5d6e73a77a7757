using System.Globalization;
using System.Text;
using Pipeline.Core.Json;

namespace Pipeline.Core;

internal sealed partial class PatternCompiler
{
    private PatternValues CompileValues(int at)
    {
        var values = new PatternValues();
        foreach (var start in ElementsOf(at))
        {
            switch (JsonWalk.KindAt(Text, start))
            {
                case JsonKind.String:
                    CompileText(values, BytesAt(start, "a string"));
                    break;
                case JsonKind.Number:
                    values.Numbers.Add(new JsonConstant(ValueAt(start).ToArray()));
                    break;
                case JsonKind.Boolean:
                    values.MayBeTrue |= Text[start] == 't';
                    values.MayBeFalse |= Text[start] == 'f';
                    break;
                case JsonKind.Null:
                    values.MayBeNull = true;
                    break;
                case JsonKind.Object:
                    CompileMatcher(values, start);
                    break;
                default:
                    throw Unfit(start, "a string, a number, true, false, null or a matcher");
            }
        }
        values.Seal();
        return values.TakesValues || values.MayBeMissing ? values : throw Unfit(at, "at least one value");
    }

    // An address stands for itself however it is written.
    private static void CompileText(PatternValues values, byte[] text)
    {
        if (NetworkAddress.TryParse(text, out var address))
        {
            values.Addresses.Add(new AddressBlock(address, address.BitCount));
        }
        else
        {
            values.AddText(text);
        }
    }

    private void CompileMatcher(PatternValues values, int at)
    {
        var (name, nameAt, valueAt) = OnlyMember(at, MatcherNames);
        switch (name)
        {
            case "exactly":
                values.AddText(BytesAt(valueAt, "a string"));
                break;
            case "prefix" or "suffix":
                values.Matchers.Add(CompileEnd(name, valueAt));
                break;
            case "equals-ignore-case":
                values.Matchers.Add(new CaselessText(TextAt(valueAt, "a string"), TextEnds.Both));
                break;
            case "wildcard":
                values.Matchers.Add(CompileWildcard(valueAt));
                break;
            case "anything-but":
                values.Exceptions.Add(CompileAnythingBut(valueAt));
                break;
            case "numeric":
                values.Ranges.Add(CompileNumeric(valueAt));
                break;
            case "cidr":
                values.Addresses.Add(CompileCidr(valueAt));
                break;
            case "exists" when JsonWalk.KindAt(Text, valueAt) == JsonKind.Boolean:
                values.MayBeAnything |= Text[valueAt] == 't';
                values.MayBeMissing |= Text[valueAt] == 'f';
                break;
            case "exists":
                throw Unfit(valueAt, "true or false");
            default:
                throw Unknown(name, nameAt, MatcherNames);
        }
    }

    private PatternText CompileEnd(string name, int at)
    {
        var isPrefix = name == "prefix";
        if (JsonWalk.KindAt(Text, at) != JsonKind.Object)
        {
            var text = BytesAt(at, "a string or {\"equals-ignore-case\": string}");
            return isPrefix ? new PrefixText(text) : new SuffixText(text);
        }
        string[] allowed = ["equals-ignore-case"];
        var (inner, innerAt, valueAt) = OnlyMember(at, allowed);
        return inner == allowed[0]
            ? new CaselessText(TextAt(valueAt, "a string"), isPrefix ? TextEnds.Start : TextEnds.End)
            : throw Unknown(inner, innerAt, allowed);
    }

    private WildcardText CompileWildcard(int at)
    {
        var text = TextAt(at, "a string");
        var parts = new List<byte[]>();
        var part = new StringBuilder();
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '*')
            {
                if (part.Length == 0 && parts.Count > 0)
                {
                    throw Unfit(at, "no two stars in a row");
                }
                parts.Add(Encoding.UTF8.GetBytes(part.ToString()));
                part.Clear();
            }
            else if (text[index] == '\\' && (++index == text.Length || text[index] is not ('*' or '\\')))
            {
                throw Unfit(at, @"a backslash only before '*' or '\'");
            }
            else
            {
                part.Append(text[index]);
            }
        }
        parts.Add(Encoding.UTF8.GetBytes(part.ToString()));
        return new WildcardText(parts);
    }

    private AnythingBut CompileAnythingBut(int at)
    {
        const string allowed = "a string, a number, a list of strings, a list of numbers or a matcher of strings";
        var kind = JsonWalk.KindAt(Text, at);
        if (kind == JsonKind.Object)
        {
            return CompileAnythingButMatcher(at);
        }
        var starts = kind == JsonKind.Array ? ElementsOf(at) : [at];
        var kinds = starts.Select(start => JsonWalk.KindAt(Text, start)).Distinct().ToArray();
        return kinds switch
        {
            [JsonKind.String] => new AnythingBut([], [.. starts.Select(start => ExactAt(start, allowed))]),
            [JsonKind.Number] => new AnythingBut([.. starts.Select(NumberAt)], []),
            _ => throw Unfit(at, allowed),
        };
    }

    private AnythingBut CompileAnythingButMatcher(int at)
    {
        string[] allowed = ["prefix", "suffix", "equals-ignore-case", "wildcard"];
        var (name, nameAt, valueAt) = OnlyMember(at, allowed);
        if (!allowed.Contains(name))
        {
            throw Unknown(name, nameAt, allowed);
        }
        var starts = JsonWalk.KindAt(Text, valueAt) == JsonKind.Array ? ElementsOf(valueAt) : [valueAt];
        return starts.Count > 0
            ? new AnythingBut([], [.. starts.Select(start => CompileException(name, start))])
            : throw Unfit(valueAt, "a string or a list of at least one");
    }

    private PatternText CompileException(string name, int at)
    {
        const string allowed = "a string or a list of strings";
        var text = TextAt(at, allowed);
        if (text.Length == 0 && name is "prefix" or "suffix")
        {
            throw Unfit(at, $"a {name} that is not empty, because every string has the empty one");
        }
        return name switch
        {
            "prefix" => new PrefixText(BytesAt(at, allowed)),
            "suffix" => new SuffixText(BytesAt(at, allowed)),
            "wildcard" => CompileWildcard(at),
            _ => new CaselessText(text, TextEnds.Both),
        };
    }

    private ExactText ExactAt(int at, string allowed) => new(BytesAt(at, allowed));

    private NumberRange CompileNumeric(int at)
    {
        var starts = JsonWalk.KindAt(Text, at) == JsonKind.Array ? ElementsOf(at) : [];
        if (starts.Count is not (2 or 4))
        {
            throw Unfit(at, "[comparison, number] or [\">\" or \">=\", number, \"<\" or \"<=\", number]");
        }
        var range = CompileBound(starts[0], NumberAt(starts[1]));
        if (starts.Count == 2)
        {
            return range;
        }
        var upper = CompileBound(starts[2], NumberAt(starts[3]));
        if (range is not { Low: not null, High: null } || upper is not { Low: null, High: not null })
        {
            throw Unfit(at, "a lower bound, \">\" or \">=\", and then an upper one, \"<\" or \"<=\"");
        }
        return JsonNumber.Compare(range.Low.Text, upper.High.Text) < 0
            ? range with { High = upper.High, HighIsIn = upper.HighIsIn }
            : throw Unfit(at, "a lower bound below the upper one");
    }

    private NumberRange CompileBound(int at, JsonConstant number) => TextAt(at, "a comparison") switch
    {
        "=" => new NumberRange(number, true, number, true),
        "<" => new NumberRange(null, false, number, false),
        "<=" => new NumberRange(null, false, number, true),
        ">" => new NumberRange(number, false, null, false),
        ">=" => new NumberRange(number, true, null, false),
        _ => throw Unfit(at, "one of \"=\", \"<\", \"<=\", \">\", \">=\""),
    };

    private JsonConstant NumberAt(int at) => JsonWalk.KindAt(Text, at) == JsonKind.Number
        ? new JsonConstant(ValueAt(at).ToArray())
        : throw Unfit(at, "a number");

    private AddressBlock CompileCidr(int at)
    {
        const string allowed =
            "an IPv4 network with a mask of 0 to 31 bits or an IPv6 network with one of 0 to 127, \"10.0.0.0/24\"";
        var text = TextAt(at, allowed).Split('/');
        return text.Length == 2
            && NetworkAddress.TryParse(Encoding.UTF8.GetBytes(text[0]), out var address)
            && int.TryParse(text[1], NumberStyles.None, CultureInfo.InvariantCulture, out var maskBits)
            && maskBits < address.BitCount
                ? new AddressBlock(address.Network(maskBits), maskBits)
                : throw Unfit(at, allowed);
    }

    private (string Name, int NameAt, int ValueAt) OnlyMember(int at, string[] allowed)
    {
        var members = new JsonMembers(Text, at);
        var count = 0;
        var only = ("", 0, 0);
        while (members.MoveNext())
        {
            count++;
            only = (JsonText.ToText(members.Name), members.NameStart, members.ValueStart);
        }
        return count == 1
            ? only
            : throw Unfit(at, $"a matcher with exactly one of the keys {string.Join(", ", allowed)}");
    }

    private ConfigurationException Unknown(string name, int at, string[] allowed) => Mistake(
        at,
        $"unknown matcher '{JsonText.Excerpt(Encoding.UTF8.GetBytes(name))}'; "
        + $"allowed are {string.Join(", ", allowed)}");
}
