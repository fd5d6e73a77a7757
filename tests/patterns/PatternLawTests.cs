using CsCheck;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Patterns;

/// <summary>Generated patterns and events, against the naive matcher.</summary>
public class PatternLawTests
{
    private static readonly string[] FieldNames = ["a", "b", "c"];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.OneOf(
            "", "a", "ab", "aB", "ba", "abab", "é", "É", "*", "a*", "\\\\",
            "10.0.0.1", "10.0.0.9", "::1", "x\\u0061"),
        Gen.Char["ab"].Array[0, 6].Select(letters => new string(letters)));

    private static readonly Gen<string> Numbers =
        Gen.OneOf("0", "-0", "1", "1.0", "10e-1", "2", "-1.5", "0.1", "1.0000001", "12e2");

    private static readonly Gen<string> Scalars = Gen.Frequency(
        (4, Texts.Select(Quote)), (3, Numbers), (1, Gen.OneOf("true", "false", "null")));

    private static readonly Gen<string> Wildcards = Gen.OneOf("a", "b", "*", "\\\\*", "\\\\\\\\").Array[0, 6]
        .Select(parts => Quote(string.Concat(
            parts.Where((part, index) => part != "*" || index == 0 || parts[index - 1] != "*"))));

    private static readonly Gen<string> Comparisons = Gen.Select(
        Gen.OneOf("=", "<", "<=", ">", ">="), Numbers, (comparison, number) => $$"""["{{comparison}}",{{number}}]""");

    private static readonly Gen<string> Ranges = Gen.OneOf(
        Comparisons,
        Gen.Select(
            Gen.OneOf(">", ">="), Gen.OneOf("-2", "0", "0.1"), Gen.OneOf("<", "<="), Gen.OneOf("1", "1.5", "2e3"),
            (low, from, high, to) => $$"""["{{low}}",{{from}},"{{high}}",{{to}}]"""));

    private static readonly Gen<string> Exceptions = Gen.OneOf(
        Texts.Select(Quote), Numbers, Texts.Select(Quote).Array[1, 3].Select(List), Numbers.Array[1, 3].Select(List),
        Gen.Select(
            Gen.OneOf("prefix", "suffix", "equals-ignore-case"), Gen.OneOf("a", "b", "AB").Select(Quote).Array[1, 2],
            (name, texts) => $$"""{"{{name}}":{{List(texts)}}}"""),
        Wildcards.Select(text => $$"""{"wildcard":{{text}}}"""));

    private static readonly Gen<string> Matchers = Gen.OneOf(
        Gen.Select(Gen.OneOf("exactly", "prefix", "suffix", "equals-ignore-case"), Texts,
            (name, text) => $$"""{"{{name}}":{{Quote(text)}}}"""),
        Gen.Select(Gen.OneOf("prefix", "suffix"), Texts,
            (name, text) => $$$"""{"{{{name}}}":{"equals-ignore-case":{{{Quote(text)}}}}}"""),
        Wildcards.Select(text => $$"""{"wildcard":{{text}}}"""),
        Ranges.Select(range => $$"""{"numeric":{{range}}}"""),
        Exceptions.Select(exception => $$"""{"anything-but":{{exception}}}"""),
        Gen.OneOf("10.0.0.0/29", "::/64", "0.0.0.0/0").Select(network => $$"""{"cidr":"{{network}}"}"""),
        Gen.Bool.Select(exists => $$"""{"exists":{{(exists ? "true" : "false")}}}"""));

    private static readonly Gen<string> Values = Gen.Frequency(
        (2, Scalars.Array[1, 3].Select(List)),
        (3, Gen.Frequency((1, Scalars), (2, Matchers)).Array[1, 2].Select(List)));

    // Few values, so that fields of arrays match often and consistency decides.
    private static readonly Gen<string> PlainValues = Gen.OneOf(
        "[1]", "[2]", "[1,2]", """[{"exists":true}]""", """[{"exists":false}]""", """[{"exists":false},1]""",
        """[{"anything-but":1}]""");

    [Fact]
    public void Each_matcher_agrees_with_the_naive_one() =>
        Gen.Select(Values, Gen.OneOf(Scalars, Scalars.Array[0, 3].Select(List)),
            (values, value) => ($$"""{"f":{{values}}}""", $$"""{"f":{{value}}}"""))
            .Sample(Agree, iter: 30_000);

    [Fact]
    public void Fields_alternatives_and_arrays_agree_with_the_naive_matcher() =>
        Gen.Select(Pattern(2, PlainValues), Object(3, Gen.OneOf("1", "2"))).Sample(Agree, iter: 60_000);

    [Fact]
    public void Whole_patterns_agree_with_the_naive_matcher() =>
        Gen.Select(Pattern(2, Values), Object(2, Scalars)).Sample(Agree, iter: 20_000);

    [Fact]
    public void A_set_answers_as_its_patterns_do_alone() =>
        Gen.Select(Pattern(2, PlainValues).Array[1, 12], Object(3, Gen.OneOf("1", "2"))).Sample((patterns, json) =>
        {
            var compiled = patterns.Select(Patterns.Compile).ToArray();
            var @event = Patterns.Event(json);
            var matches = new bool[patterns.Length];
            PatternSet.Compile(compiled).Match(@event, matches);
            return matches.SequenceEqual(compiled.Select(one => one.Matches(@event)));
        }, iter: 10_000);

    [Fact]
    public void An_explanation_is_there_exactly_when_the_event_does_not_match() =>
        Gen.Select(Pattern(2, PlainValues), Object(3, Gen.OneOf("1", "2"))).Sample((pattern, json) =>
        {
            var compiled = Patterns.Compile(pattern);
            var @event = Patterns.Event(json);
            return compiled.Matches(@event) == (compiled.Explain(@event).Count == 0);
        }, iter: 10_000);

    [Fact]
    public void The_generated_cases_match_and_fail_often_enough_to_mean_something()
    {
        var cases = Gen.Select(Pattern(2, PlainValues), Object(3, Gen.OneOf("1", "2"))).Array[2_000]
            .Single(_ => true, seed: "0000000000000");
        var share = cases.Count(one => Patterns.Match(one.Item1, one.Item2)) / (double)cases.Length;
        Assert.InRange(share, 0.1, 0.9);
    }

    private static bool Agree(string pattern, string json) =>
        Patterns.Match(pattern, json) == ReferenceMatcher.Matches(pattern, json);

    private static Gen<string> Pattern(int depth, Gen<string> values)
    {
        if (depth == 0)
        {
            return Members(values, 1, 2);
        }
        var inner = Pattern(depth - 1, values);
        return Gen.Select(
            Members(Gen.Frequency((3, values), (2, inner)), 1, 2),
            Gen.Frequency((3, Gen.Const("")), (1, inner.Array[2, 3].Select(all => $"\"$or\":{List(all)}"))),
            (members, or) => or.Length == 0 ? members : $"{{{or},{members[1..]}");
    }

    private static Gen<string> Object(int depth, Gen<string> scalars)
    {
        if (depth == 0)
        {
            return Members(scalars, 1, 3);
        }
        var inner = Object(depth - 1, scalars);
        var array = Gen.Frequency((1, scalars), (2, inner)).Array[0, 2].Select(List);
        var element = Gen.Frequency((2, scalars), (4, inner), (1, array));
        return Members(Gen.Frequency((2, scalars), (2, inner), (3, element.Array[0, 3].Select(List))), 1, 3);
    }

    private static Gen<string> Members(Gen<string> values, int countMin, int countMax) =>
        Gen.Select(Gen.Int[countMin, countMax], Gen.Int[0, 2], values.Array[FieldNames.Length])
            .Select((count, first, all) => "{" + string.Join(',', Enumerable.Range(0, count)
                .Select(index => $"\"{FieldNames[(first + index) % FieldNames.Length]}\":{all[index]}")) + "}");

    private static string Quote(string text) => $"\"{text}\"";

    private static string List(string[] all) => $"[{string.Join(',', all)}]";
}
