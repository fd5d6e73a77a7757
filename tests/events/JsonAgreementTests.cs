using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using CsCheck;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Events;

/// <summary>Our scanner against System.Text.Json, made as strict as our rules.</summary>
public class JsonAgreementTests
{
    private static readonly Gen<string> Names = Gen.OneOf(
        "a", "b", "c", "id", "data", "\\u0061", "", "é", "\\u00e9", "long name number one", "\\n", "time");

    private static readonly Gen<string> Spaces = Gen.Frequency((8, Gen.Const("")), (1, Gen.OneOf(" ", "\n", "\t \r")));

    private static readonly Gen<string> Scalars = Gen.OneOf(
        Gen.OneOf("true", "false", "null", "0", "-0.5e+7", "1e400", "\"\"",
            "\"\\ud83d\\ude00\"", "\"😀\"", "\"\\ud83d\""),
        Gen.Int.Select(value => JsonSerializer.Serialize(value)),
        Gen.Double.Where(double.IsFinite).Select(value => JsonSerializer.Serialize(value)),
        Gen.String[0, 40].Select(value => JsonSerializer.Serialize(value)));

    private static readonly byte[] Damage = [.. "{}[],:\"\\ \n0123-+.eEtrufalsnd/'\u00e9"u8, 0, 0x1F, 0x80, 0xFF, 0xED];

    [Fact]
    public void Generated_texts_are_judged_as_the_reference_does() =>
        Value(4).Sample(text => Agree(Encoding.UTF8.GetBytes(text)), iter: 20_000);

    [Fact]
    public void Damaged_texts_are_judged_as_the_reference_does() =>
        Gen.Select(
            Value(4).Select(value => Encoding.UTF8.GetBytes("{\"x\":" + value + "}")),
            Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 3], Gen.Int[0, Damage.Length - 1]).Array[1, 3])
            .Select((text, edits) => edits.Aggregate(text, Damaged))
            .Sample(Agree, iter: 60_000);

    [Theory]
    [InlineData("{\"x\":\"\\ud800\"}", false)]
    [InlineData("{\"x\":1,\"\\u0078\":2}", false)]
    [InlineData("{\"x\":[1,2,{\"y\":\"\\ud83d\\ude00\"}]}", true)]
    public void The_reference_itself_knows_our_rules(string text, bool expected) =>
        Assert.Equal(expected, IsOurJson(Encoding.UTF8.GetBytes(text)));

    private static bool Agree(byte[] text)
    {
        var reason = Sample.Read(text).Reason;
        return IsOurJson(text) == (reason is null or RejectReason.InvalidEvent);
    }

    private static Gen<string> Value(int depth)
    {
        if (depth == 0)
        {
            return Scalars;
        }
        var inner = Value(depth - 1);
        var element = Gen.Select(Spaces, inner, Spaces, (before, value, after) => before + value + after);
        var member = Gen.Select(
            Spaces, Names, Spaces, element, (before, name, after, value) => $"{before}\"{name}\"{after}:{value}");
        return Gen.Frequency(
            (1, Scalars),
            (2, element.Array[0, 4].Select(values => "[" + string.Join(',', values) + "]")),
            (4, member.Array[0, 5].Select(members => "{" + string.Join(',', members) + "}")));
    }

    private static byte[] Damaged(byte[] text, (int Place, int Kind, int Value) edit)
    {
        var (place, kind, value) = edit;
        var at = place % (text.Length + 1);
        var rest = Math.Min(text.Length, at + 1);
        return kind switch
        {
            0 => [.. text[..at], .. text[rest..]],
            1 => [.. text[..at], Damage[value], .. text[at..]],
            2 => [.. text[..at], Damage[value], .. text[rest..]],
            _ => text[..at],
        };
    }

    private static bool IsOurJson(byte[] text)
    {
        if (!Utf8.IsValid(text))
        {
            return false;
        }
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = Limits.EventDepthMax });
        var names = new Stack<HashSet<string>>();
        try
        {
            var isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
            do
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject:
                        names.Push(new HashSet<string>(StringComparer.Ordinal));
                        break;
                    case JsonTokenType.EndObject:
                        names.Pop();
                        break;
                    case JsonTokenType.PropertyName when !names.Peek().Add(reader.GetString()!):
                        return false;
                    case JsonTokenType.String:
                        reader.GetString();
                        break;
                    default:
                        break;
                }
            }
            while (reader.Read());
            return isObject;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
