using System.Text;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Patterns;

/// <summary>Every mistake in a pattern is refused with its place and what is allowed there.</summary>
public class RefusalTests
{
    [Theory]
    [InlineData("", "rules.json: no JSON text")]
    [InlineData("{", "rules.json: expected a member name")]
    [InlineData("""{"a":[1]} x""", "rules.json: more after")]
    [InlineData("[1]", "rules.json: found [1]; allowed is a pattern: an object")]
    [InlineData("{}", "rules.json: found {}; allowed is at least one field")]
    [InlineData("""{"a":{}}""", "rules.json#/a: found {}; allowed is at least one field")]
    [InlineData("""{"a":[]}""", "rules.json#/a: found []; allowed is at least one value")]
    [InlineData("""{"a":"x"}""", "rules.json#/a: found \"x\"; allowed is an array of values")]
    [InlineData("""{"a":{"b":null}}""", "rules.json#/a/b: found null; allowed is an array of values")]
    [InlineData("""{"a":["x",["y"]]}""", "rules.json#/a/1: found [\"y\"]; allowed is a string, a number")]
    [InlineData("""{"a/b":[{}]}""", "rules.json#/a~1b/0: found {}; allowed is a matcher with exactly one")]
    [InlineData("""{"a":[{"prefix":"x","suffix":"y"}]}""", "rules.json#/a/0: found")]
    [InlineData("""{"a":[{"prefix":"x","prefix":"y"}]}""", "rules.json#/a/0: found")]
    [InlineData(
        """{"a":[{"regex":"x"}]}""",
        "rules.json#/a/0/regex: unknown matcher 'regex'; allowed are exactly, prefix")]
    [InlineData("""{"a":[{"exactly":1}]}""", "rules.json#/a/0/exactly: found 1; allowed is a string")]
    [InlineData("""{"a":[{"prefix":1}]}""", "rules.json#/a/0/prefix: found 1; allowed is a string or")]
    [InlineData("""{"a":[{"prefix":{"suffix":"x"}}]}""", "rules.json#/a/0/prefix/suffix: unknown matcher 'suffix'")]
    [InlineData(
        """{"a":[{"suffix":{"equals-ignore-case":1}}]}""",
        "rules.json#/a/0/suffix/equals-ignore-case: found 1")]
    [InlineData("""{"a":[{"equals-ignore-case":["x"]}]}""", "rules.json#/a/0/equals-ignore-case: found [\"x\"]")]
    [InlineData("""{"a":[{"exists":"true"}]}""", "rules.json#/a/0/exists: found \"true\"; allowed is true or false")]
    [InlineData("""{"a":[{"wildcard":"x**y"}]}""", "rules.json#/a/0/wildcard: found \"x**y\"; allowed is no two stars")]
    [InlineData("""{"a":[{"wildcard":"**"}]}""", "rules.json#/a/0/wildcard: found \"**\"; allowed is no two stars")]
    [InlineData("""{"a":[{"wildcard":"x\\y"}]}""", "rules.json#/a/0/wildcard: found")]
    [InlineData("""{"a":[{"wildcard":"x\\"}]}""", "rules.json#/a/0/wildcard: found")]
    [InlineData("""{"a":[{"wildcard":1}]}""", "rules.json#/a/0/wildcard: found 1; allowed is a string")]
    [InlineData(
        """{"a":[{"numeric":">5"}]}""",
        "rules.json#/a/0/numeric: found \">5\"; allowed is [comparison, number]")]
    [InlineData("""{"a":[{"numeric":[]}]}""", "rules.json#/a/0/numeric: found []")]
    [InlineData("""{"a":[{"numeric":[">"]}]}""", "rules.json#/a/0/numeric: found [\">\"]")]
    [InlineData("""{"a":[{"numeric":["==",1]}]}""", "rules.json#/a/0/numeric/0: found \"==\"; allowed is one of")]
    [InlineData("""{"a":[{"numeric":[1,1]}]}""", "rules.json#/a/0/numeric/0: found 1; allowed is a comparison")]
    [InlineData("""{"a":[{"numeric":["<","1"]}]}""", "rules.json#/a/0/numeric/1: found \"1\"; allowed is a number")]
    [InlineData(
        """{"a":[{"numeric":["<",5,">",1]}]}""",
        "rules.json#/a/0/numeric: found [\"<\",5,\">\",1]; allowed is a lower")]
    [InlineData("""{"a":[{"numeric":["=",5,"<",9]}]}""", "rules.json#/a/0/numeric: found")]
    [InlineData("""{"a":[{"numeric":[">",5,"=",9]}]}""", "rules.json#/a/0/numeric: found")]
    [InlineData(
        """{"a":[{"numeric":[">=",5,"<=",5.0]}]}""",
        "rules.json#/a/0/numeric: found [\">=\",5,\"<=\",5.0]; allowed is a lower bound below")]
    [InlineData("""{"a":[{"anything-but":[]}]}""", "rules.json#/a/0/anything-but: found []")]
    [InlineData(
        """{"a":[{"anything-but":null}]}""",
        "rules.json#/a/0/anything-but: found null; allowed is a string, a number")]
    [InlineData("""{"a":[{"anything-but":["x",1]}]}""", "rules.json#/a/0/anything-but: found [\"x\",1]")]
    [InlineData("""{"a":[{"anything-but":[true]}]}""", "rules.json#/a/0/anything-but: found [true]")]
    [InlineData(
        """{"a":[{"anything-but":{"prefix":""}}]}""",
        "rules.json#/a/0/anything-but/prefix: found \"\"; allowed is a prefix that")]
    [InlineData(
        """{"a":[{"anything-but":{"suffix":["x",""]}}]}""",
        "rules.json#/a/0/anything-but/suffix/1: found \"\"")]
    [InlineData("""{"a":[{"anything-but":{"prefix":[]}}]}""", "rules.json#/a/0/anything-but/prefix: found []")]
    [InlineData(
        """{"a":[{"anything-but":{"prefix":{"equals-ignore-case":"x"}}}]}""",
        "rules.json#/a/0/anything-but/prefix: found {")]
    [InlineData(
        """{"a":[{"anything-but":{"numeric":["<",1]}}]}""",
        "rules.json#/a/0/anything-but/numeric: unknown matcher 'numeric'")]
    [InlineData("""{"a":[{"anything-but":{"wildcard":"a**"}}]}""", "rules.json#/a/0/anything-but/wildcard: found")]
    [InlineData(
        """{"a":[{"cidr":"10.0.0.0"}]}""",
        "rules.json#/a/0/cidr: found \"10.0.0.0\"; allowed is an IPv4 network")]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/32"}]}""", "rules.json#/a/0/cidr: found")]
    [InlineData("""{"a":[{"cidr":"::/128"}]}""", "rules.json#/a/0/cidr: found")]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/-1"}]}""", "rules.json#/a/0/cidr: found")]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/8/8"}]}""", "rules.json#/a/0/cidr: found")]
    [InlineData("""{"a":[{"cidr":"example.org/8"}]}""", "rules.json#/a/0/cidr: found")]
    [InlineData("""{"$or":{"a":[1]}}""", "rules.json#/$or: found {\"a\":[1]}; allowed is an array of at least 2")]
    [InlineData("""{"$or":[{"a":[1]}]}""", "rules.json#/$or: found [{\"a\":[1]}]; allowed is an array of at least 2")]
    [InlineData("""{"$or":[{"a":[1]},2]}""", "rules.json#/$or/1: found 2; allowed is a pattern: an object")]
    [InlineData("""{"$or":[{"a":[1]},{}]}""", "rules.json#/$or/1: found {}; allowed is at least one field")]
    [InlineData("""{"$or":[{"a":[1]},{"prefix":["x"]}]}""", "rules.json#/$or/1/prefix: found the field 'prefix'")]
    [InlineData("""{"$or":[{"a":[1]},{"b":{">=":["x"]}}]}""", "rules.json#/$or/1/b/>=: found the field '>='")]
    [InlineData("""{"d":{"$or":[{"a":[1]},{"b":{}}]}}""", "rules.json#/d/$or/1/b: found {}")]
    public void A_mistake_is_told_with_its_place_and_what_is_allowed(string pattern, string start) =>
        Assert.StartsWith(start, Patterns.Refusal(pattern), StringComparison.Ordinal);

    [Theory]
    [InlineData(5, 200, false)]
    [InlineData(2, 500, false)]
    [InlineData(7, 143, true)]
    public void Combinations_of_alternatives_are_limited(int first, int second, bool isRefused)
    {
        static string Alternatives(string name, int count) =>
            "[" + string.Join(',', Enumerable.Range(0, count).Select(index => $$"""{"{{name}}":[{{index}}]}""")) + "]";
        var pattern = $$$"""{"$or":{{{Alternatives("a", first)}}},"b":{"$or":{{{Alternatives("c", second)}}}}}""";
        if (isRefused)
        {
            Assert.StartsWith(
                "rules.json#/b/$or: the $or arrays make more than 1000 combinations",
                Patterns.Refusal(pattern), StringComparison.Ordinal);
        }
        else
        {
            Assert.True(Patterns.Match(pattern, $$$"""{"a":{{{first - 1}}},"b":{"c":{{{second - 1}}}}}"""));
            Assert.False(Patterns.Match(pattern, $$$"""{"a":{{{first}}},"b":{"c":{{{second - 1}}}}}"""));
        }
    }

    [Fact]
    public void The_fields_of_all_combinations_are_limited()
    {
        static string Fields(int from, int count) =>
            string.Join(',', Enumerable.Range(from, count).Select(index => $$"""{"f{{index}}":[1]}"""));
        var pattern = $$$"""{"$or":[{{{Fields(0, 1000)}}}],"g":{{{Fields(0, 1500).Replace("},{", ",")}}}}""";
        Assert.StartsWith(
            "rules.json#/g/f999: the $or combinations have more than 1000000 fields, the most",
            Patterns.Refusal(pattern), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_inside_a_file_is_refused_with_its_place_in_the_file()
    {
        var error = Assert.Throws<ConfigurationException>(
            () => EventPattern.Compile("routes.json", "{\"a\":[[]]}"u8.ToArray(), "/routes/3/match"));
        Assert.StartsWith("routes.json#/routes/3/match/a/0: found []", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_has_a_size_limit()
    {
        static string Sized(int bytes) => "{\"a\":[\"" + new string('x', bytes - "{'a':['']}".Length) + "\"]}";
        Patterns.Compile(Sized(EventPattern.BytesMax));
        Assert.Equal(
            "rules.json: found a pattern of 65537 bytes; allowed are 65536",
            Patterns.Refusal(Sized(EventPattern.BytesMax + 1)));
    }

    [Theory]
    [InlineData("prefix")]
    [InlineData("=")]
    public void Names_of_matchers_are_fields_outside_alternatives(string name) =>
        Assert.True(Patterns.Match($$"""{"{{name}}":["x"]}""", $$"""{"{{name}}":"x"}"""));

    [Fact]
    public void The_pattern_is_copied()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"a":[1]}""");
        var pattern = EventPattern.Compile("rules.json", bytes);
        Array.Fill(bytes, (byte)'2');
        Assert.True(pattern.Matches(Patterns.Event("""{"a":1}""")));
        Assert.Equal("[1]", Assert.Single(pattern.Explain(Patterns.Event("""{"a":2}"""))).Wanted);
    }
}
