using System.Text;
using CsCheck;
using Pipeline.Core;
using Pipeline.Tests.Events;
using Xunit;

namespace Pipeline.Tests.Patterns;

/// <summary>Events and patterns made to be slow, to be deep or to be nonsense: no throw, and an end in sight.</summary>
public class HostilePatternTests
{
    private static readonly byte[] Damage = [.. "{}[],:\"\\ \n0123-+.eEtrufalsnd/'*$or"u8, 0, 0x1F, 0x80, 0xC3, 0xFF];

    private static readonly string[] Corpus =
    [
        """
        {"type":["t",{"prefix":"a"}],"data":{"a":[{"numeric":[">",1,"<=",5e3]},{"exists":false}],"b":[null,true,-1.5]}}
        """,
        """
        {"$or":[{"a":[{"anything-but":["x","y"]}]},{"b":{"c":[{"anything-but":{"wildcard":"*a\\**b"}}]}}],
        "d":[{"cidr":"10.0.0.0/8"}]}
        """,
        """
        {"a":[{"prefix":{"equals-ignore-case":"É"}},{"suffix":"z"},{"exactly":"::1"},"2001:db8::1",{"cidr":"::/64"}],
        "a.b":["\u00e9"]}
        """,
        """
        {"x":{"y":[{"anything-but":{"suffix":["a","b"]}},{"anything-but":1e300},{"equals-ignore-case":"Kk"},
        {"wildcard":"a*b*c"}]}}
        """,
    ];

    private static readonly string[] Events =
    [
        Sample.Json,
        """{"type":"ab","data":{"a":[1,2,{"b":["x"]}],"b":null},"a":[{"b":[[{"c":"a*b"}]]}],"d":"10.1.2.3"}""",
        """{"a.b":"\u00e9","a":"::1","x":{"y":[1e300,"KK","aXbYc",{"z":[{}]}]},"b":{"c":false}}""",
    ];

    // What a matcher that goes back would do with these is beyond any patience.
    [Theory]
    [InlineData("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", "a")]
    [InlineData("*aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab*", "a")]
    [InlineData("*abababababababababababababababababababababababababababababababababababac*", "ab")]
    [InlineData("a*aaaaaaab*aaaaaaab*aaaaaaab*b", "aaaaaaaa")]
    public void A_wildcard_does_not_go_back(string wildcard, string text)
    {
        var pattern = Patterns.Compile($$$"""{"data":{"a":[{"wildcard":"{{{wildcard}}}"}]}}""");
        var repeated = string.Concat(Enumerable.Repeat(text, 900_000 / text.Length));
        Assert.False(pattern.Matches(Patterns.Event(Sample.WithData($"\"{repeated}\""))));
        var filled = wildcard.Replace("*", repeated[..9_000], StringComparison.Ordinal);
        Assert.True(pattern.Matches(Patterns.Event(Sample.WithData($"\"{filled}\""))));
    }

    [Theory]
    [InlineData("k{0}")]
    [InlineData("\\u006b{0}")]
    [InlineData("k.{0}")]
    [InlineData("{0}")]
    public void An_event_of_very_many_members_is_searched(string name)
    {
        var members = Enumerable.Range(0, 100_000)
            .Select(index => $"\"{name.Replace("{0}", $"{index}", StringComparison.Ordinal)}\":{index}");
        var key = name.Replace("{0}", "77777", StringComparison.Ordinal);
        var @event = Patterns.Event("{" + string.Join(',', members) + "}");
        Assert.True(Patterns.Compile($$"""{"{{key}}":[77777]}""").Matches(@event));
        Assert.False(Patterns.Compile($$"""{"{{key}}":[77778]}""").Matches(@event));
        Assert.False(Patterns.Compile($$"""{"{{key}}x":[77777]}""").Matches(@event));
    }

    // Each pair of elements gives both fields and no single one does: a search over pairs would take ten thousand
    // million steps.
    [Fact]
    public void Long_arrays_of_objects_are_not_tried_in_pairs()
    {
        const int Count = 100_000;
        var elements = Enumerable.Range(0, Count).Select(index => index % 2 == 0 ? "{\"x\":1}" : "{\"y\":1}").ToArray();
        var pattern = Patterns.Compile("""{"a":{"x":[1],"y":[1],"z":[{"exists":false},1]}}""");
        Assert.False(pattern.Matches(Patterns.Event($"{{\"a\":[{string.Join(',', elements)}]}}")));
        elements[Count - 1] = """{"y":1,"x":1}""";
        Assert.True(pattern.Matches(Patterns.Event($"{{\"a\":[{string.Join(',', elements)}]}}")));
    }

    [Fact]
    public void Arrays_of_arrays_are_not_tried_in_all_combinations()
    {
        var fields = Enumerable.Range(0, 12).Select(index => $"\"a{index}\":{{\"x\":[1],\"y\":[1]}}");
        var pattern = Patterns.Compile("{" + string.Join(',', fields) + "}");
        var array = "[" + string.Join(',', Enumerable.Repeat("{\"x\":1},{\"y\":1}", 500)) + "]";
        var members = Enumerable.Range(0, 12).Select(index => $"\"a{index}\":{array}");
        Assert.False(pattern.Matches(Patterns.Event("{" + string.Join(',', members) + "}")));
    }

    [Fact]
    public void Deep_events_and_deep_paths_are_followed_to_the_limit()
    {
        const int Depth = Limits.EventDepthMax - 1;
        var nested = string.Concat(Enumerable.Repeat("{\"a\":[", Depth / 2));
        var json = nested + "1" + string.Concat(Enumerable.Repeat("]}", Depth / 2));
        var path = string.Join('.', Enumerable.Repeat("a", Depth / 2));
        Assert.True(Patterns.Match($$"""{"{{path}}":[1]}""", json));
        Assert.False(Patterns.Match($$"""{"{{path}}.a":[1]}""", json));
        Assert.False(Patterns.Match("""{"a":[1]}""", new string('[', 100_000)));
        var endless = string.Join('.', Enumerable.Repeat("a", 8_000));
        Assert.True(Patterns.Match($$"""{"{{endless}}":[1]}""", $$"""{"{{endless}}":1}"""));
    }

    [Fact]
    public void Long_values_and_numbers_are_compared()
    {
        var digits = new string('7', 900_000);
        Assert.True(Patterns.Match("""{"data":{"a":[{"numeric":[">",1e899999]}]}}""", Sample.WithData(digits)));
        Assert.False(Patterns.Match("""{"data":{"a":[{"numeric":[">",1e900000]}]}}""", Sample.WithData(digits)));
        Assert.True(Patterns.Match(
            """{"data":{"a":[{"suffix":"A"}]}}""",
            Sample.WithData("\"" + string.Concat(Enumerable.Repeat("\\u0041", 150_000)) + "\"")));
        Assert.True(Patterns.Match(
            """{"data":{"a":[1]}}""", Sample.WithData("[" + string.Concat(Enumerable.Repeat("0,", 400_000)) + "1]")));
    }

    [Fact]
    public void Many_fields_and_many_combinations_are_matched()
    {
        var names = Enumerable.Range(0, 1_000).Select(index => $"f{index}").ToArray();
        var all = "{" + string.Join(',', names.Select(name => $"\"{name}\":[1]")) + "}";
        var json = "{" + string.Join(',', names.Select(name => $"\"{name}\":1")) + "}";
        Assert.True(Patterns.Match(all, json));
        Assert.True(Patterns.Match($"{{\"a\":{all}}}", $"{{\"a\":[{{}},{json}]}}"));
        var parted = json.Replace("\"f500\":1,", "", StringComparison.Ordinal) + ",{\"f500\":1}";
        Assert.False(Patterns.Match($"{{\"a\":{all}}}", $"{{\"a\":[{{}},{parted}]}}"));
        var alternatives = string.Join(',', names.Select((name, index) => $"{{\"a\":{{\"{name}\":[{index}]}}}}"));
        var pattern = Patterns.Compile($"{{\"$or\":[{alternatives[..^1]}}}]}}");
        Assert.False(pattern.Matches(Patterns.Event($"{{\"a\":[{json[..^1].Replace("\"f1\":1,", "")}}}]}}")));
        Assert.True(pattern.Matches(Patterns.Event("""{"a":[{"f998":2},{"f999":999}]}""")));
    }

    [Fact]
    public void Damaged_patterns_are_refused_or_used_but_nothing_else() =>
        Gen.Select(Gen.Int[0, Corpus.Length - 1], Edits).Sample((index, edits) =>
        {
            var bytes = edits.Aggregate(Encoding.UTF8.GetBytes(Corpus[index]), Damaged);
            try
            {
                var pattern = EventPattern.Compile("rules.json", bytes);
                foreach (var json in Events)
                {
                    var @event = Patterns.Event(json);
                    Assert.Equal(pattern.Matches(@event), pattern.Explain(@event).Count == 0);
                }
            }
            catch (ConfigurationException refusal)
            {
                Assert.StartsWith("rules.json", refusal.Message, StringComparison.Ordinal);
            }
        }, iter: 40_000);

    // Not only damaged events that are events still: what could not be read must not throw either.
    [Fact]
    public void Damaged_events_never_make_a_match_throw()
    {
        var patterns = Array.ConvertAll(Corpus, Patterns.Compile);
        var set = PatternSet.Compile(patterns);
        Gen.Select(Gen.Int[0, Events.Length - 1], Edits).Sample((index, edits) =>
        {
            var bytes = edits.Aggregate(Encoding.UTF8.GetBytes(Events[index]), Damaged);
            var (reason, _, @event) = Sample.Read(bytes);
            var matches = new bool[set.Count];
            set.Match(@event, matches);
            if (reason is null or RejectReason.InvalidEvent)
            {
                for (var place = 0; place < patterns.Length; place++)
                {
                    Assert.Equal(matches[place], patterns[place].Explain(@event).Count == 0);
                }
            }
        }, iter: 40_000);
    }

    private static Gen<(int At, int Kind, byte Value)[]> Edits =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 3], Gen.Int[0, Damage.Length - 1].Select(index => Damage[index]))
            .Array[1, 4];

    private static byte[] Damaged(byte[] text, (int At, int Kind, byte Value) edit)
    {
        var at = edit.At % (text.Length + 1);
        return edit.Kind switch
        {
            0 => [.. text[..at], edit.Value, .. text[at..]],
            1 when at < text.Length => [.. text[..at], .. text[(at + 1)..]],
            2 when at < text.Length => [.. text[..at], edit.Value, .. text[(at + 1)..]],
            _ => text[..at],
        };
    }
}
