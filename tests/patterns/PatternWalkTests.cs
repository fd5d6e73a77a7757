using CsCheck;
using Pipeline.Core;
using Pipeline.Tests.Events;
using Xunit;

namespace Pipeline.Tests.Patterns;

/// <summary>Events in which stepping over what no pattern wants could step too far.</summary>
public class PatternWalkTests
{
    // Alike in their first eight or sixteen bytes, or in their length.
    private static readonly string[] Names =
    [
        "a", "latency", "latencyMs", "latencyMss", "latencyNs", "customerIdentity", "customerIdentityNumber",
        "customerIdentityNumbes", "customerIdentitx", "é", "x",
    ];

    private static readonly Gen<string> Wanted = Gen.OneOf(
        "[1]", "[\"t\"]", "[\"t\",\"u\",2]", "[\"u\"]", """[{"exists":false}]""", """[{"exists":true}]""",
        """[{"numeric":[">",1]}]""", """[{"prefix":"t"}]""", """[{"anything-but":"t"}]""");

    private static readonly Gen<string> Values = Gen.OneOf(
        "1", "2.50", "\"t\"", "\"u\"", "\"t\\u0041\"", "null", "\"}],{[\\\"\"", "[1,\"t\"]", "[[\"t\"],[\"u\"]]", "{}",
        "[{\"a\":1},{\"latencyMs\":\"t\"}]", "\"a longer text, of more than sixteen bytes: {[\"");

    private static readonly Gen<string> Fields = Gen.Select(
        Gen.OneOf(Names), Wanted, (name, values) => $"\"{name}\":{values}").Array[1, 3].Select(Object);

    private static readonly Gen<string> PatternTexts = Gen.Select(
        Gen.OneOf("", "\"type\":[\"t\"],", "\"type\":[\"u\"],", """ "type":[{"anything-but":"t"}],"""),
        Gen.OneOf("", """ "subject":[{"exists":false}],""", """ "source":[{"prefix":"t"}],"""),
        Fields, Fields, Gen.Int[0, 3],
        (type, other, data, inner, form) => "{" + type + other + form switch
        {
            0 => $"\"data\":{data}" + "}",
            1 => $"\"data\":{{\"x\":{inner}}}" + "}",
            2 => $"\"$or\":[{{\"data\":{data}}},{{\"data\":{{\"x\":{inner}}}}},{{\"subject\":[\"u\"]}}]" + "}",
            _ => $"\"data\":{data},\"subject.a\":[1],\"other\":{inner}" + "}",
        });

    private static readonly Gen<string> Members = Gen.Select(
        Gen.OneOf(Names), Gen.Frequency((4, Values), (1, Values.Array[1, 3].Select(
            values => Object([.. values.Select((value, index) => $"\"{Names[index]}\":{value}")])))),
        Gen.OneOf(":", " : ", "\n:"), (name, value, colon) => $"\"{Escape(name, value.Length)}\"{colon}{value}")
        .Array[0, 5].Select(members => Object(members.DistinctBy(NameOf)));

    private static readonly Gen<string> Attributes = Gen.Select(
        Gen.OneOf("\"type\":\"t\"", "\"ty\\u0070e\":\"u\"", "\"type\":[\"t\",[\"u\"]]", "\"other\":1"),
        Gen.OneOf("\"subject\":\"u\"", "\"subject\":{\"a\":1}", "\"x.a\":1", "\"subject.a\":1"),
        Gen.OneOf("\"source\":\"t\"", "\"data.latencyMs\":\"t\"", "\"data.x.a\":1", "\"unknown\":[{\"a\":\"]\"}]"),
        (type, subject, source) => $"{type},{subject},{source}");

    private static readonly Gen<string> Texts = Gen.Select(Attributes, Members, Members, Gen.Bool,
        (attributes, data, inner, isLast) =>
        {
            var whole = data.Length > 2 && !data.Contains("\"x\"", StringComparison.Ordinal)
                ? $"{data[..^1]},\"x\":{inner}}}"
                : data;
            return isLast ? $"{{{attributes},\"data\":{whole}}}" : $"{{\"data\":{whole},{attributes}}}";
        });

    [Fact]
    public void What_is_stepped_over_changes_no_answer() =>
        Gen.Select(PatternTexts.Array[1, 6], Texts).Sample((patterns, json) =>
        {
            var (reason, _, @event) = Sample.Read(json);
            if (reason is not (null or RejectReason.InvalidEvent))
            {
                return true;
            }
            var matches = new bool[patterns.Length];
            PatternSet.Compile(patterns.Select(Patterns.Compile)).Match(@event, matches);
            return matches.SequenceEqual(patterns.Select(pattern => ReferenceMatcher.Matches(pattern, json)));
        }, iter: 40_000);

    [Fact]
    public void Sets_of_more_fields_and_branches_than_a_word_has_bits_are_matched()
    {
        var patterns = Enumerable.Range(0, 200).Select(index => Patterns.Compile(
            $$$"""
            {"type":["t{{{index % 7}}}"],"data":{"name{{{index}}}":[{{{index}}},"v{{{index % 3}}}"]}}
            """)).ToArray();
        var set = PatternSet.Compile(patterns);
        for (var type = 0; type < 7; type++)
        {
            var members = Enumerable.Range(0, 200).Select(index => $"\"name{index}\":{index + (index % 5)}");
            var @event = Patterns.Event($$$"""{"type":"t{{{type}}}","data":{ {{{string.Join(',', members)}}} }}""");
            var matches = new bool[set.Count];
            set.Match(@event, matches);
            var expected = Enumerable.Range(0, 200).Select(index => index % 7 == type && index % 5 == 0);
            Assert.Equal(expected, matches);
        }
    }

    // Half of the names are written with an escape.
    private static string Escape(string name, int salt) =>
        name.Length > 0 && salt % 2 == 0 ? $"\\u{(int)name[0]:x4}{name[1..]}" : name;

    private static string NameOf(string member) => Core.Json.JsonText.ToText(
        System.Text.Encoding.UTF8.GetBytes(member[1..member.IndexOf('"', 1)]));

    private static string Object(IEnumerable<string> members) =>
        "{" + string.Join(',', members.DistinctBy(NameOf)) + "}";
}
