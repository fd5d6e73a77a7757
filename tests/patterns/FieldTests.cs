using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Patterns;

/// <summary>How fields combine: nesting, dots, duplicates, <c>$or</c>, arrays of objects.</summary>
public class FieldTests
{
    [Theory]
    [InlineData("""{"a":{"b":[1]}}""", """{"a":{"b":1}}""", true)]
    [InlineData("""{"a.b":[1]}""", """{"a":{"b":1}}""", true)]
    [InlineData("""{"a":{"b":[1]}}""", """{"a.b":1}""", true)]
    [InlineData("""{"a.b":{"c":[1]}}""", """{"a":{"b.c":1}}""", true)]
    [InlineData("""{"a":{"b":[1]}}""", """{"a":{"c":1},"b":1}""", false)]
    [InlineData("""{"a":[1]}""", """{"b":{"a":1}}""", false)]
    [InlineData("""{"a":[1],"b":[2]}""", """{"b":2,"a":1}""", true)]
    [InlineData("""{"a":[1],"b":[2]}""", """{"b":3,"a":1}""", false)]
    [InlineData("""{"a":[1],"a.b":[2]}""", """{"a":[1,{"b":2}]}""", true)]
    [InlineData("""{"a.":[1]}""", """{"a":{"":1}}""", true)]
    [InlineData("""{"":[1]}""", """{"":1}""", true)]
    [InlineData("""{"\u0061":[1]}""", """{"\u0061":1}""", true)]
    [InlineData("""{"a":[1]}""", """{"\u0061":1}""", true)]
    [InlineData("""{"a.b":[1]}""", """{"\u0061\u002eb":1}""", true)]
    public void Fields_are_found_by_their_path_nested_or_dotted(string pattern, string json, bool expected) =>
        Assert.Equal(expected, Patterns.Match(pattern, json));

    // An event of known attributes and no space is looked up by them; any other byte makes it an event to be walked.
    [Theory]
    [InlineData("", "")]
    [InlineData("{\"spec", "{ \"spec")]
    [InlineData("{\"spec", "{\"shard\":[{\"x\":1}],\"spec")]
    [InlineData("\"id\"", "\"\\u0069d\"")]
    [InlineData("\"data\":{\"a\":1}", "\"data\":{},\"data.a\":1")]
    [InlineData("\"data\":{\"a\":1}", "\"data\":[{\"a\":1}]")]
    public void Attributes_are_found_whatever_stands_beside_them(string part, string replaced)
    {
        var json = Events.Sample.Json;
        json = part.Length == 0 ? json : json.Replace(part, replaced, StringComparison.Ordinal);
        Assert.True(
            Patterns.Match("""{"id":["1"],"type":["t"],"data":{"a":[1]},"subject":[{"exists":false}]}""", json));
        Assert.False(Patterns.Match("""{"id":["2"],"type":["t"],"data":{"a":[1]}}""", json));
        Assert.False(Patterns.Match("""{"id":["1"],"data":{"a":[2]}}""", json));
    }

    [Theory]
    [InlineData("""{"a":[1],"a":[2]}""", """{"a":2}""", true)]
    [InlineData("""{"a":[1],"a":[2]}""", """{"a":1}""", false)]
    [InlineData("""{"a":[1],"\u0061":[2]}""", """{"a":2}""", true)]
    [InlineData("""{"a":{"b":[1]},"a":{"c":[2]}}""", """{"a":{"c":2}}""", true)]
    [InlineData("""{"a.b":[1],"a":{"b":[2]}}""", """{"a":{"b":2}}""", true)]
    [InlineData("""{"a.b":[1],"a":{"b":[2]}}""", """{"a":{"b":1}}""", false)]
    [InlineData("""{"a":[1],"$or":[{"a":[2]},{"b":[3]}]}""", """{"a":2}""", true)]
    [InlineData("""{"a":[1],"$or":[{"a":[2]},{"b":[3]}]}""", """{"a":1}""", false)]
    [InlineData("""{"a":[1],"$or":[{"a":[2]},{"b":[3]}]}""", """{"a":1,"b":3}""", true)]
    public void Of_fields_given_twice_the_last_one_counts(string pattern, string json, bool expected) =>
        Assert.Equal(expected, Patterns.Match(pattern, json));

    [Theory]
    [InlineData("""{"s":1,"m":1}""", true)]
    [InlineData("""{"s":1,"t":1,"n":1,"i":1}""", true)]
    [InlineData("""{"s":1,"t":1,"n":1,"p":{"q":1}}""", true)]
    [InlineData("""{"s":1,"t":1,"n":1}""", false)]
    [InlineData("""{"s":1,"t":1,"i":1}""", false)]
    [InlineData("""{"s":1,"c":1}""", true)]
    [InlineData("""{"m":1,"c":1}""", false)]
    public void Alternatives_nest_at_any_level(string json, bool expected) =>
        Assert.Equal(expected, Patterns.Match(
            """
            {"s":[1],"$or":[{"m":[1]},{"t":[1],"n":[1],"$or":[{"i":[1]},{"p":{"q":[1]}}]},{"c":[1]}]}
            """,
            json));

    [Fact]
    public void Alternatives_stand_inside_objects_and_beside_each_other()
    {
        const string Pattern = """{"$or":[{"a":[1]},{"b":[1]}],"d":{"$or":[{"x":[1]},{"y":[1]}]}}""";
        Assert.True(Patterns.Match(Pattern, """{"b":1,"d":{"x":1}}"""));
        Assert.True(Patterns.Match(Pattern, """{"a":1,"d":{"y":1}}"""));
        Assert.False(Patterns.Match(Pattern, """{"a":1,"b":1,"x":1,"d":{"z":1}}"""));
        Assert.False(Patterns.Match(Pattern, """{"d":{"x":1,"y":1}}"""));
    }

    // The fields of the pattern are a.x = 1 and a.y = 2 unless it says otherwise.
    [Theory]
    [InlineData("""{"a":[{"x":1,"y":2}]}""", true)]
    [InlineData("""{"a":[{"x":1},{"y":2}]}""", false)]
    [InlineData("""{"a":[{"x":1},{"y":2},{"x":[3,1],"y":2}]}""", true)]
    [InlineData("""{"a":[[{"x":1}],[{"y":2}]]}""", false)]
    [InlineData("""{"a":[[{"x":1},{"y":2}]]}""", false)]
    [InlineData("""{"a":[[{"x":1},{"x":1,"y":2}]]}""", true)]
    [InlineData("""{"a":{"x":[{"z":0},1],"y":[2]}}""", true)]
    [InlineData("""{"a":{"x":[[1]],"y":[[2]]}}""", true)]
    [InlineData("""{"a":[{"x":[[0],[1]],"y":[[0],[2]]}]}""", true)]
    [InlineData("""{"a.x":1,"a":[{"y":2}]}""", true)]
    public void Two_fields_come_from_one_element_of_an_array(string json, bool expected) =>
        Assert.Equal(expected, Patterns.Match("""{"a":{"x":[1],"y":[2]}}""", json));

    [Theory]
    [InlineData("""{"a":[{"b":[{"x":1},{"y":1}],"z":1}]}""", false)]
    [InlineData("""{"a":[{"b":[{"x":1,"y":1}]},{"z":1}]}""", false)]
    [InlineData("""{"a":[{"z":1,"b":[{"x":1},{"y":1},{"x":1,"y":1}]}]}""", true)]
    [InlineData("""{"a":{"z":1,"b":[{"y":1,"x":1}]}}""", true)]
    public void Elements_of_nested_arrays_agree_too(string json, bool expected) =>
        Assert.Equal(expected, Patterns.Match("""{"a":{"b":{"x":[1],"y":[1]},"z":[1]}}""", json));

    // A field that must be missing asks about the elements that fields before it, by their paths, have chosen.
    [Theory]
    [InlineData("""{"b":{"w":[1],"x":[{"exists":false}]}}""", """{"b":[{"x":1},{"w":1}]}""", true)]
    [InlineData("""{"b":{"w":[1],"x":[{"exists":false}]}}""", """{"b":[{"x":1,"w":1}]}""", false)]
    [InlineData("""{"b":{"w":[{"exists":false}],"x":[1]}}""", """{"b":[{"x":1},{"w":1}]}""", false)]
    [InlineData("""{"b":{"w":[{"exists":false}],"x":[1]}}""", """{"b":[{"x":1},{"v":1}]}""", true)]
    [InlineData("""{"b":{"x":[{"exists":false}]}}""", """{"b":[{"x":1},{"w":1}]}""", false)]
    [InlineData("""{"b":{"x":[{"exists":false}]}}""", """{"b":[{"v":1},{"w":1}]}""", true)]
    [InlineData("""{"b":{"w":[1],"x":[{"exists":false},2]}}""", """{"b":[{"x":1,"w":1}]}""", false)]
    [InlineData("""{"b":{"w":[1],"x":[{"exists":false},2]}}""", """{"b":[{"x":2,"w":1}]}""", true)]
    [InlineData("""{"b":{"w":[1],"x":[{"exists":false},2]}}""", """{"b":[{"x":1},{"w":1}]}""", true)]
    [InlineData("""{"b":{"w":[{"exists":false},2],"x":[1]}}""", """{"b":[{"x":1},{"w":2}]}""", false)]
    [InlineData("""{"b":{"w":[{"exists":false},2],"x":[1]}}""", """{"b":[{"x":1,"w":2}]}""", true)]
    public void A_missing_field_is_missing_from_the_chosen_elements(string pattern, string json, bool expected) =>
        Assert.Equal(expected, Patterns.Match(pattern, json));

    [Fact]
    public void A_set_answers_for_each_of_its_patterns()
    {
        string[] patterns =
        [
            """{"type":["t"]}""", """{"type":["u"]}""", """{"data":{"a":[1]},"type":["t"]}""",
            """{"data":{"a":[{"exists":false}]}}""",
            """{"$or":[{"type":["u"]},{"data":{"a":[{"numeric":["<",9]}]}}]}""",
        ];
        var set = PatternSet.Compile(patterns.Select(Patterns.Compile));
        Span<bool> matches = [true, true, true, true, true, true];
        set.Match(Patterns.Event(Events.Sample.Json), matches);
        Assert.Equal(5, set.Count);
        Assert.Equal([true, false, true, false, true, true], matches.ToArray());
    }

    [Fact]
    public void A_set_of_more_fields_than_a_word_has_bits_answers_right()
    {
        var count = 1_000;
        var set = PatternSet.Compile(
            Enumerable.Range(0, count).Select(index => Patterns.Compile($$$"""{"f{{{index}}}":[1],"g":{"h":[1]}}""")));
        var members = Enumerable.Range(0, count).Where(index => index % 3 == 0).Select(index => $"\"f{index}\":1");
        var matches = new bool[count];
        set.Match(Patterns.Event("{" + string.Join(',', members) + ",\"g\":[{\"h\":1}]}"), matches);
        Assert.Equal(Enumerable.Range(0, count).Select(index => index % 3 == 0), matches);
    }

    [Fact]
    public void An_empty_set_asks_nothing() => PatternSet.Compile([]).Match(Patterns.Event("{}"), []);

    [Fact]
    public void Matching_allocates_nothing()
    {
        string[] patterns =
        [
            """{"type":["t"],"data":{"a":{"b":[{"wildcard":"*x*"}],"c":[{"anything-but":{"prefix":"y"}}]}}}""",
            """{"data":{"a":{"b":[{"equals-ignore-case":"É"},{"cidr":"10.0.0.0/8"}],"d":[{"exists":false}]}}}""",
            """{"$or":[{"data":{"a":{"b":[{"numeric":[">",1e3]}]}}},{"source":[{"suffix":"s"}]}]}""",
        ];
        var set = PatternSet.Compile(patterns.Select(Patterns.Compile));
        var @event = Patterns.Event(
            Events.Sample.WithData("""[{"b":"\u00e9x","c":1},{"b":"10.1.2.3","d":[1,{"e":2}]},{"b":1e300}]"""));
        var matches = new bool[set.Count];
        set.Match(@event, matches);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            set.Match(@event, matches);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal([true, false, true], matches);
    }
}
