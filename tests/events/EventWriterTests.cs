using System.Buffers;
using System.Text;
using CsCheck;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Events;

public class EventWriterTests
{
    private const string Head =
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"time\":\"2026-03-01T12:00:00Z\",";

    private static readonly Gen<string> Members = Gen.OneOf(
        "\"x\" : 1.0e0", "\"rawposition\":\"old\"", "\"geocountry\": null ", "\"y\":\"\\u000a\\n, }\"",
        "\"event\\u0064ate\":[1]",
        "\"Rawposition\":{\"rawposition\":\"no\"}", "\"subject\"\n:\r\"é\"");

    [Theory]
    [InlineData("{}", """{"eventdate":"2026-03-01"}""")]
    [InlineData("{ \n}", """{  "eventdate":"2026-03-01"}""")]
    [InlineData("""{"a":1}""", """{"a":1,"eventdate":"2026-03-01"}""")]
    [InlineData("""{"a":1 }""", """{"a":1 ,"eventdate":"2026-03-01"}""")]
    [InlineData("""{"eventdate":{"x":[1]},"a":1}""", """{"eventdate":"2026-03-01","a":1}""")]
    [InlineData("""{"eventdate" : "2026-03-01"}""", """{"eventdate" : "2026-03-01"}""")]
    [InlineData("""{"data":{"eventdate":1}}""", """{"data":{"eventdate":1},"eventdate":"2026-03-01"}""")]
    public void An_attribute_is_replaced_in_its_place_or_added_at_the_end(string json, string expected)
    {
        var edits = new AttributeEdits();
        edits.Set(EventAttribute.EventDate, "2026-03-01"u8.ToArray());
        Assert.Equal(expected, Write(Sample.Read(json).Event, edits));
    }

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData("""{"geocountry" : "XX","a":1}""", """{"geocountry" : null,"a":1}""")]
    public void An_attribute_that_is_unset_becomes_null_and_a_missing_one_stays_missing(string json, string expected)
    {
        var edits = new AttributeEdits();
        edits.Unset(EventAttribute.GeoCountry);
        Assert.Equal(expected, Write(Sample.Read(json).Event, edits));
    }

    [Fact]
    public void The_largest_event_with_everything_that_is_stamped_on_it_fits_every_pipe_and_Firehose()
    {
        var head = Head + "\"data\":{\"x\":\"";
        var json = head + new string('x', Limits.EventBytesMax - head.Length - 3) + "\"}}";
        var longest = new Position(
            new string('s', 128), SequenceNumber.Parse(new string('9', SequenceNumber.DigitsMax)), int.MaxValue);
        var edits = new AttributeEdits();
        edits.Set(EventAttribute.RawPosition, longest);
        edits.Set(EventAttribute.GeoCountry, "DE"u8.ToArray());
        edits.Set(EventAttribute.EventDate, "2026-03-01"u8.ToArray());

        var written = Encoding.UTF8.GetByteCount(Write(Sample.Read(json).Event, edits));

        Assert.Equal(Limits.EventBytesMax, json.Length);
        Assert.True(written > Limits.EventBytesMax);
        Assert.True(written + PartitionKeyRule.KeyBytesMax <= Limits.RecordBytesMax);
        Assert.True(written + 1 <= Limits.FirehoseRecordBytesMax);
    }

    [Fact]
    public void Edits_are_spliced_wherever_they_stand_and_in_whatever_order_they_are_set()
    {
        var @event = Sample.Read("""{"geocountry":1,"x":2,"rawposition":3}""").Event;
        var edits = new AttributeEdits();
        edits.Set(EventAttribute.EventDate, "d"u8.ToArray());
        edits.Set(EventAttribute.RawPosition, Sample.At);
        edits.Set(EventAttribute.Sequence, "s"u8.ToArray());
        edits.Set(EventAttribute.GeoCountry, "DE"u8.ToArray());
        Assert.Equal(
            """{"geocountry":"DE","x":2,"rawposition":"3:4959:2","eventdate":"d","sequence":"s"}""",
            Write(@event, edits));
    }

    [Fact]
    public void Line_ends_between_tokens_become_spaces_and_escaped_ones_stay() =>
        Assert.Equal(
            """{ "a":  [1,	"x\ny\r"] , "b": 2 }""",
            Write(Sample.Read("{\n\"a\":\r\n[1,\t\"x\\ny\\r\"]\r,\n\"b\":\n2\n}").Event, default));

    [Fact]
    public void Without_edits_the_event_is_written_byte_for_byte() =>
        Assert.Equal(Sample.Json, Write(Sample.Good(" " + Sample.Json + "\r\n"), default));

    [Fact]
    public void Edits_change_nothing_else_and_a_second_time_nothing_at_all() =>
        Gen.Select(Members.Array[0, 5], Gen.Int[0, 15], Gen.String[0, 20]).Sample((members, mask, text) =>
        {
            var data = $"{{\"t\": {System.Text.Json.JsonSerializer.Serialize(text)} , \"rawposition\":1}}";
            var known = string.Concat(members.Distinct().Select(member => member + ","));
            var json = Head + known + "\"data\":" + data + "}";
            var @event = Sample.Good(json);
            var edits = Edits(mask);
            var once = Write(@event, edits);
            var again = Sample.Good(once);
            return Write(again, edits) == once
                && Encoding.UTF8.GetString(again.Raw(EventAttribute.Data)) == data
                && !once.AsSpan().ContainsAny('\n', '\r')
                && Rest(again) == Rest(@event)
                && IsSet(again, edits);
        });

    [Fact]
    public void The_last_setting_of_an_attribute_holds_and_takes_no_room()
    {
        var edits = new AttributeEdits();
        for (var round = 0; round < 10; round++)
        {
            edits.Set(EventAttribute.GeoCountry, new[] { (byte)('a' + round) });
        }
        Assert.Equal(1, edits.Count);
        Assert.Equal("""{"geocountry":"j"}""", Write(Sample.Read("{}").Event, edits));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\"b")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    public void A_text_that_would_break_the_JSON_is_refused(string text)
    {
        var edits = new AttributeEdits();
        Assert.Throws<ArgumentException>(() => edits.Set(EventAttribute.GeoCountry, Encoding.UTF8.GetBytes(text)));
        Assert.Equal(0, edits.Count);
    }

    [Fact]
    public void The_data_is_never_edited_and_a_fifth_edit_is_refused()
    {
        var edits = new AttributeEdits();
        Assert.Throws<ArgumentException>(() => edits.Set(EventAttribute.Data, Sample.At));
        foreach (var attribute in new[]
            { EventAttribute.Id, EventAttribute.Type, EventAttribute.Source, EventAttribute.Subject })
        {
            edits.Set(attribute, Sample.At);
        }
        Assert.Throws<InvalidOperationException>(() => edits.Set(EventAttribute.Sequence, Sample.At));
    }

    private static string Write(in Event @event, AttributeEdits edits)
    {
        var output = new ArrayBufferWriter<byte>();
        EventWriter.Write(@event, edits, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static AttributeEdits Edits(int mask)
    {
        var edits = new AttributeEdits();
        EventAttribute[] attributes =
            [EventAttribute.GeoCountry, EventAttribute.RawPosition, EventAttribute.Subject, EventAttribute.EventDate];
        for (var bit = 0; bit < attributes.Length; bit++)
        {
            if ((mask & (1 << bit)) != 0)
            {
                edits.Set(attributes[bit], Encoding.UTF8.GetBytes($"new {bit}"));
            }
        }
        return edits;
    }

    private static bool IsSet(Event @event, AttributeEdits edits)
    {
        for (var index = 0; index < edits.Count; index++)
        {
            if (@event.Text(edits[index].Attribute) != Encoding.UTF8.GetString(edits[index].Text.Span))
            {
                return false;
            }
        }
        return true;
    }

    // All members the edits cannot touch, as they are written.
    private static string Rest(Event @event)
    {
        var rest = new StringBuilder();
        var members = new Core.Json.JsonMembers(@event.Json, 0);
        while (members.MoveNext())
        {
            var isKnown = EventAttributes.TryFind(
                Encoding.UTF8.GetBytes(Core.Json.JsonText.ToText(members.Name)), out var attribute);
            if (!isKnown || attribute < EventAttribute.Subject)
            {
                rest.Append(Encoding.UTF8.GetString(members.Name)).Append('=')
                    .Append(Encoding.UTF8.GetString(members.Value)).Append('|');
            }
        }
        return rest.ToString();
    }
}
