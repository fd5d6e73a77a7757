using System.Text;
using CsCheck;
using Pipeline.Core;
using Pipeline.Core.Json;
using Xunit;

namespace Pipeline.Tests.Events;

public class JsonWalkTests
{
    private static readonly Gen<byte[]> AnyBytes = Gen.OneOf(
        Gen.Byte.Array[0, 40],
        Gen.OneOf([.. "{{{}}[[]],,::\"\"\"\\u12n0-.e \n\u0001"u8.ToArray()]).Array[0, 40]);

    private static readonly EventSchema Schema = EventSchema.Compile("s", """
        {"type":"object","required":["n"],"properties":{"n":{"type":"integer","minimum":1,"minLength":1,"format":"ipv4",
         "items":{"enum":[{"n":[1]}]}}},"additionalProperties":{"items":{"pattern":"n","maximum":1e5}}}
        """u8.ToArray());

    [Fact]
    public void Walks_end_inside_the_text_whatever_the_bytes_are() =>
        AnyBytes.Sample(
            bytes =>
            {
                var @event = Sample.Read(bytes).Event;
                DataPath.Parse("n.u").TryFind(@event, out _);
                Schema.IsValid(bytes);
                Schema.Validate(bytes, "/data", new EventErrors());
                JsonValue.AreEqual(bytes, [.. bytes, (byte)'1']);
                return JsonWalk.SkipValue(bytes, 0) <= bytes.Length && CountMembers(bytes) <= bytes.Length;
            },
            iter: 50_000);

    [Theory]
    [InlineData("""{"a":[1,{"b":"x,y}"},"]"],"c":{}, "d" : -1.5e3 }""", "a=[1,{\"b\":\"x,y}\"},\"]\"] c={} d=-1.5e3 ")]
    [InlineData("""{"a\"":"\\\"","b":"\\"}""", "a\\\"=\"\\\\\\\"\" b=\"\\\\\" ")]
    [InlineData("{ }", "")]
    public void Members_come_in_order_with_their_values_as_written(string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var members = new JsonMembers(bytes, 0);
        var seen = new StringBuilder();
        while (members.MoveNext())
        {
            seen.Append(Encoding.UTF8.GetString(members.Name)).Append('=')
                .Append(Encoding.UTF8.GetString(members.Value)).Append(' ');
        }
        Assert.Equal(expected, seen.ToString());
        Assert.Equal(bytes.Length, members.End);
    }

    [Fact]
    public void Elements_come_in_order_and_a_walk_may_say_where_one_ends()
    {
        var text = "[ 1 ,[2,3], \"a]\" ,{}]"u8;
        var elements = new JsonElements(text, 0);
        var seen = new List<string>();
        while (elements.MoveNext())
        {
            var end = JsonWalk.SkipValue(text, elements.ValueStart);
            seen.Add(Encoding.UTF8.GetString(text[elements.ValueStart..end]));
            elements.ValueEnd = end;
        }
        Assert.Equal(["1", "[2,3]", "\"a]\"", "{}"], seen);
        Assert.Equal(text.Length, elements.End);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("line\nend\u0001", "line end ")]
    [InlineData("", "")]
    public void An_excerpt_of_a_short_text_is_the_text_on_one_line(string text, string expected) =>
        Assert.Equal(expected, JsonText.Excerpt(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void An_excerpt_is_short_and_ends_at_a_whole_character() =>
        Gen.String[0, 100].Sample(text =>
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            var excerpt = JsonText.Excerpt(utf8);
            return Encoding.UTF8.GetByteCount(excerpt) <= JsonText.ExcerptBytesMax + 2
                && excerpt.EndsWith('…') == (utf8.Length > JsonText.ExcerptBytesMax || text.EndsWith('…'));
        });

    private static int CountMembers(byte[] bytes)
    {
        var members = new JsonMembers(bytes, 0);
        var count = 0;
        while (members.MoveNext() && members.Value.Length <= bytes.Length)
        {
            count++;
        }
        return count;
    }
}
