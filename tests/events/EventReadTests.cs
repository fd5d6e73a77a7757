using System.Text;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Events;

public class EventReadTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("-0.0e-0")]
    [InlineData("1E+400")]
    [InlineData("12.5e-3")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[ ]")]
    [InlineData("{ }")]
    [InlineData("[1 , [2,{}] ,\"\"]")]
    [InlineData("{\"\":{\"\":1}}")]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"")]
    [InlineData("\"é漢😀\u007f\"")]
    [InlineData("{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":2}]}")]
    [InlineData("{\"a\":1,\"A\":2,\"a \":3}")]
    public void What_JSON_allows_is_read(string value)
    {
        var @event = Sample.Good(Sample.WithData(value));
        Assert.Equal("{\"a\":" + value + "}", Encoding.UTF8.GetString(@event.Raw(EventAttribute.Data)));
    }

    [Theory]
    [InlineData("01", "leading zero at byte 97")]
    [InlineData("-01", "leading zero at byte 98")]
    [InlineData("1.", "expected a digit of a number at byte 99, found '}'")]
    [InlineData("-", "expected a digit of a number at byte 98")]
    [InlineData(".5", "expected a value at byte 97, found '.'")]
    [InlineData("+1", "expected a value at byte 97, found '+'")]
    [InlineData("1e", "expected a digit")]
    [InlineData("1e+", "expected a digit")]
    [InlineData("0x1", "expected ',' or '}' after a member at byte 98, found 'x'")]
    [InlineData("NaN", "expected a value at byte 97, found 'N'")]
    [InlineData("-Infinity", "expected a digit")]
    [InlineData("tru", "expected a value")]
    [InlineData("nul1", "expected a value")]
    [InlineData("True", "expected a value")]
    [InlineData("'x'", "expected a value")]
    [InlineData("", "expected a value at byte 97, found '}'")]
    [InlineData("[1,]", "expected a value at byte 100, found ']'")]
    [InlineData("[,1]", "expected a value")]
    [InlineData("[1 2]", "expected ',' or ']' after an element at byte 100, found '2'")]
    [InlineData("[1}", "expected ',' or ']'")]
    [InlineData("{\"x\":1,}", "expected a member name in double quotes at byte 104, found '}'")]
    [InlineData("{,}", "expected a member name")]
    [InlineData("{x:1}", "expected a member name")]
    [InlineData("{\"x\" 1}", "expected ':' after a member name at byte 102, found '1'")]
    [InlineData("{\"x\":1]", "expected ',' or '}'")]
    [InlineData("1 /* one */", "found '/'")]
    [InlineData("// one\n1", "found '/'")]
    [InlineData("\"a\tb\"", "control character, to be escaped inside a string, at byte 99, found 0x09")]
    [InlineData("\"a\nb\"", "found 0x0A")]
    [InlineData("\"a\0b\"", "found 0x00")]
    [InlineData("\"\\x41\"", "unknown escape in a string at byte 98")]
    [InlineData("\"\\u12g4\"", "four hexadecimal digits")]
    [InlineData("\"\\u12", "four hexadecimal digits")]
    [InlineData("\"\\ud800\"", "lone surrogate escape at byte 98")]
    [InlineData("\"\\ud800\\ud800\"", "lone surrogate")]
    [InlineData("\"\\udc00\\ud800\"", "lone surrogate")]
    [InlineData("\"\\ud800x\"", "lone surrogate")]
    [InlineData("\"\\uDBFF\\n\"", "lone surrogate")]
    [InlineData("\"abc", "without its closing quote")]
    [InlineData("\"abc\\", "unknown escape")]
    [InlineData("1}}", "more after the end of the JSON text at byte 100, found '}'")]
    [InlineData("1}} {", "more after the end of the JSON text at byte 101")]
    public void What_JSON_forbids_is_told_with_its_place(string value, string expected)
    {
        var (reason, errors, _) = Sample.Read(Sample.WithData(value));
        Assert.Equal(RejectReason.InvalidJson, reason);
        var error = Assert.Single(errors);
        Assert.Equal("", error.Pointer);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no JSON text")]
    [InlineData(" \t\r\n", "no JSON text")]
    [InlineData("\uFEFF{}", "byte order mark")]
    [InlineData(" \uFEFF{}", "byte order mark, which JSON does not allow, at byte 1")]
    [InlineData("[]", "expected an object at byte 0, found []")]
    [InlineData("  \"text\"", "expected an object at byte 2, found \"text\"")]
    [InlineData("1", "expected an object")]
    [InlineData("null", "expected an object")]
    [InlineData("{} {}", "more after the end of the JSON text at byte 3, found '{'")]
    [InlineData("{}\n{}", "more after the end")]
    [InlineData("{}x", "more after the end")]
    [InlineData("{", "expected a member name in double quotes at byte 1, found the end")]
    [InlineData("{\"a\":1", "expected ',' or '}' after a member at byte 6, found the end")]
    [InlineData("\v{}", "expected a value at byte 0, found 0x0B")]
    [InlineData("{}\0", "found 0x00")]
    public void A_text_that_is_not_one_object_is_told_as_that(string text, string expected)
    {
        var (reason, errors, _) = Sample.Read(text);
        Assert.Equal(RejectReason.InvalidJson, reason);
        Assert.Contains(expected, Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0x80 })]
    public void Bytes_that_are_not_UTF8_come_before_any_other_fault(byte[] bytes)
    {
        byte[] inString = [.. "{\"a\":\""u8, .. bytes, .. "\"}"u8];
        byte[] afterFault = [.. "{{{, \uFEFF"u8, .. bytes];
        foreach (var (data, at) in new[] { (inString, 6), (afterFault, 8) })
        {
            var (reason, errors, _) = Sample.Read(data);
            Assert.Equal(RejectReason.InvalidUtf8, reason);
            Assert.Contains($"not UTF-8 at byte {at}", Assert.Single(errors).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "/a")]
    [InlineData("""{"a":1,"\u0061":2}""", "/a")]
    [InlineData("""{"\u0061":1,"a":2}""", "/a")]
    [InlineData("""{"\u00e9":1,"é":2}""", "/é")]
    [InlineData("""{"😀":1,"\ud83d\ude00":2}""", "/😀")]
    [InlineData("""{"x":[0,{"y":{"a/b":1,"a\/b":2}}]}""", "/x/1/y/a~1b")]
    [InlineData("""{"":1,"":2}""", "/")]
    [InlineData("""{"data":{},"data":{}}""", "/data")]
    [InlineData("""{"abcdefgh1ijklmnop":1,"abcdefgh2ijklmnop":1,"abcdefgh1ijklmnop":1}""", "/abcdefgh1ijklmnop")]
    public void A_name_given_twice_is_told_by_its_pointer(string text, string pointer)
    {
        var (reason, errors, @event) = Sample.Read(text);
        Assert.Equal(RejectReason.DuplicateName, reason);
        var error = Assert.Single(errors);
        Assert.Equal(pointer, error.Pointer);
        Assert.Contains("already, again at byte", error.Message, StringComparison.Ordinal);
        Assert.False(@event.Has(EventAttribute.Data));
    }

    [Fact]
    public void All_names_given_twice_are_told()
    {
        var (_, errors, _) = Sample.Read("""{"a":1,"b":{"c":1,"c":2},"a":2,"d":{"a":1},"a":3}""");
        Assert.Equal(["/b/c", "/a", "/a"], errors.Select(error => error.Pointer));
    }

    [Fact]
    public void A_broken_text_is_not_judged_by_its_names() =>
        Assert.Equal(RejectReason.InvalidJson, Sample.Read("""{"a":1,"a":2""").Reason);

    [Fact]
    public void All_that_is_wrong_with_the_attributes_is_told()
    {
        var (reason, errors, @event) = Sample.Read(
            """{"specversion":1.0,"id":"","type":7,"time":"2026-02-30T00:00:00Z","data":[1]}""");
        Assert.Equal(RejectReason.InvalidEvent, reason);
        Assert.Equal(
            [
                ("/specversion", "must be the string \"1.0\", found 1.0"),
                ("/id", "must be a string that is not empty, found \"\""),
                ("/source", "missing; it must be a string that is not empty"),
                ("/type", "must be a string that is not empty, found 7"),
                ("/time", "must be an RFC 3339 timestamp with an offset, such as \"2026-01-31T12:00:00Z\", "
                    + "found \"2026-02-30T00:00:00Z\""),
                ("/data", "must be an object, found [1]"),
            ],
            errors.Select(error => (error.Pointer, error.Message)));
        Assert.Equal("[1]", Encoding.UTF8.GetString(@event.Raw(EventAttribute.Data)));
        Assert.True(@event.Has(EventAttribute.Id));
        Assert.False(@event.Has(EventAttribute.Source));
    }

    [Fact]
    public void An_empty_object_misses_all_that_is_required()
    {
        var (reason, errors, _) = Sample.Read("{}");
        Assert.Equal(RejectReason.InvalidEvent, reason);
        Assert.Equal(
            ["/specversion", "/id", "/source", "/type", "/time", "/data"], errors.Select(error => error.Pointer));
        Assert.All(errors, error => Assert.StartsWith("missing; it must be ", error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    public void A_time_out_of_range_is_told(string time)
    {
        var (reason, errors, _) = Sample.Read(Sample.Json.Replace("2026-03-01T12:00:00Z", time));
        Assert.Equal(RejectReason.InvalidEvent, reason);
        var expected = new EventError("/time", $"must be from year 1 to 9999 in UTC, found \"{time}\"");
        Assert.Equal(expected, Assert.Single(errors));
    }

    [Fact]
    public void Names_and_values_are_read_however_they_are_escaped()
    {
        var @event = Sample.Good(
            """
             {"spec\u0076ersion" : "1\u002e0", "id":"a\nb", "source":"/\u00e9", "type":"t",
              "time":"2026-03-01T1\u0032:00:00Z",
              "data" : { } , "\u0073ubject":"\ud83d\ude00", "severitynumber" : 21 }
            """);
        Assert.Equal("a\nb", @event.Text(EventAttribute.Id));
        Assert.Equal("/é", @event.Text(EventAttribute.Source));
        Assert.Equal("😀", @event.Text(EventAttribute.Subject));
        Assert.Equal("21", Encoding.UTF8.GetString(@event.Raw(EventAttribute.SeverityNumber)));
        Assert.Null(@event.Text(EventAttribute.SeverityNumber));
        Assert.Null(@event.Text(EventAttribute.DataRef));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), @event.Time);
    }

    [Fact]
    public void Only_top_level_members_are_attributes()
    {
        var @event = Sample.Good(Sample.WithData("""{"subject":"x","id":[{"dataref":1}]}"""));
        Assert.False(@event.Has(EventAttribute.Subject));
        Assert.Equal("1", @event.Text(EventAttribute.Id));
    }

    [Fact]
    public void A_text_without_escapes_is_a_slice_and_one_with_escapes_needs_the_buffer()
    {
        var @event = Sample.Good(Sample.Json.Replace("\"/s\"", "\"a\\tb\""));
        Assert.True(@event.TryGetUtf8(EventAttribute.Type, [], out var type));
        Assert.True(type.SequenceEqual("t"u8));
        Assert.False(@event.TryGetUtf8(EventAttribute.Source, new byte[3], out _));
        Assert.True(@event.TryGetUtf8(EventAttribute.Source, new byte[4], out var source));
        Assert.True(source.SequenceEqual("a\tb"u8));
        Assert.False(@event.TryGetUtf8(EventAttribute.Data, new byte[99], out _));
        Assert.False(@event.TryGetUtf8(EventAttribute.Subject, new byte[99], out _));
    }

    [Fact]
    public void White_space_around_the_document_is_no_part_of_it()
    {
        var @event = Sample.Good("\r\n\t " + Sample.Json + " \r\n");
        Assert.Equal(Sample.Json, Encoding.UTF8.GetString(@event.Json));
        Assert.Equal("t", @event.Text(EventAttribute.Type));
    }

    [Fact]
    public void Every_attribute_has_its_name_and_every_name_its_attribute()
    {
        foreach (var attribute in Enum.GetValues<EventAttribute>())
        {
            Assert.Equal(attribute.ToString().ToLowerInvariant(), Encoding.UTF8.GetString(attribute.Name()));
            Assert.True(EventAttributes.TryFind(attribute.Name(), out var found));
            Assert.Equal(attribute, found);
        }
        Assert.Equal(EventAttributes.Count, Enum.GetValues<EventAttribute>().Length);
        Assert.False(EventAttributes.TryFind("Id"u8, out _));
        Assert.False(EventAttributes.TryFind(""u8, out _));
        Assert.False(EventAttributes.TryFind("a name longer than any"u8, out _));
    }

    [Fact]
    public void Reading_a_good_event_allocates_nothing()
    {
        var record = Sample.Record(Sample.Json);
        var errors = new EventErrors();
        Event.Read(record, errors, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            Event.Read(record, errors, out _);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
