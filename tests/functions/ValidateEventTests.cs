using System.Text;
using CsCheck;
using Pipeline.Cli.Generate;
using Pipeline.Core;
using Pipeline.Functions.Validate;
using Pipeline.Tests.Generate;
using Xunit;
using static Pipeline.Tests.Functions.ValidateBench;

namespace Pipeline.Tests.Functions;

public class ValidateEventTests
{
    private static readonly string Good = EventJson.Of("1", """{"service":"a","version":"1"}""", "deploy.finished");

    public static TheoryData<string> BadKinds => [.. BadKind.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(BadKinds))]
    public void A_bad_line_is_rejected_for_its_reason_with_its_bytes_and_its_errors(string name)
    {
        var kind = BadKind.All.Single(kind => kind.Name == name);
        for (var seed = 0; seed < 25; seed++)
        {
            var line = kind.Example(seed);

            var outcome = Validate(line);

            Assert.Equal(OutcomeKind.Reject, outcome.Kind);
            Assert.Equal(kind.Reason, outcome.BadRow!.Reason);
            Assert.Equal(line, outcome.BadRow.Record.Data);
            Assert.Null(outcome.BadRow.PayloadRef);
            Assert.InRange(outcome.BadRow.Errors.Count, 1, Limits.ErrorsPerRowMax);
            Assert.All(outcome.BadRow.Errors, error => Assert.InRange(error.Message.Length, 1, 1000));
        }
    }

    [Fact]
    public void Every_good_event_of_every_type_passes()
    {
        var types = new HashSet<string>();
        foreach (var line in Generated.Lines(new GenerateOptions(8000) { Seed = 3, Rate = 0.5, DuplicateRate = 0.02 }))
        {
            var outcome = Validate(line);
            Assert.True(outcome.Kind == OutcomeKind.Emit, outcome.BadRow is null ? "dropped" : Errors(outcome));
            types.Add(outcome.Event.Text(EventAttribute.Type)!);
        }
        // No story of the generator has a failed payment.
        Assert.Empty(SchemaCheck.Schemas.Keys.Except(types).Except(["payment.failed"]));
    }

    [Fact]
    public void One_row_names_all_errors_of_the_event_and_of_its_data()
    {
        var outcome = Validate(
            """{"specversion":"0.3","source":"/s","type":"deploy.finished","time":"soon","data":{"service":"A b"}}""");

        Assert.Equal(RejectReason.InvalidEvent, outcome.BadRow!.Reason);
        Assert.Equal(
            ["/specversion", "/id", "/time", "/data/service", "/data"],
            outcome.BadRow.Errors.Select(error => error.Pointer));
        Assert.Contains("version", Errors(outcome), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "type":"nobody.knows","id":"1","data":{} """, "/type")]
    [InlineData(""" "type":"nobody.knows","data":{} """, "/id /type")]
    [InlineData(""" "type":"nobody.knows","id":"1" """, "/data /type")]
    [InlineData(""" "type":"deploy.finished","id":"1","data":[] """, "/data")]
    [InlineData(""" "type":"","id":"1","data":{} """, "/type")]
    [InlineData(""" "type":7,"id":"1","data":{} """, "/type")]
    public void Each_error_is_named_once(string members, string pointers)
    {
        var line = $$"""{"specversion":"1.0","source":"/s","time":"2026-03-01T12:00:00Z",{{members}}}""";

        Assert.Equal(pointers, string.Join(' ', Validate(line).BadRow!.Errors.Select(error => error.Pointer)));
    }

    [Fact]
    public void An_unknown_type_is_named_with_the_types_there_are_and_never_at_length()
    {
        var outcome = Validate(Good.Replace("deploy.finished", new string('t', 500_000), StringComparison.Ordinal));

        Assert.Equal(RejectReason.UnknownType, outcome.BadRow!.Reason);
        var message = Assert.Single(outcome.BadRow.Errors).Message;
        Assert.InRange(message.Length, 1, 1000);
        Assert.All(SchemaCheck.Schemas.Keys, type => Assert.Contains(type, message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_type_passes_when_the_pipeline_says_so_but_must_be_an_event()
    {
        var line = Good.Replace("deploy.finished", "nobody.knows", StringComparison.Ordinal);

        Assert.Equal(OutcomeKind.Emit, Validate(line, UnknownType.Accept).Kind);
        Assert.Equal(
            RejectReason.InvalidEvent,
            Validate(line.Replace("\"1.0\"", "1", StringComparison.Ordinal), UnknownType.Accept).BadRow!.Reason);
        Assert.Equal(
            RejectReason.InvalidData,
            Validate(Good.Replace("\"version\"", "\"v\"", StringComparison.Ordinal), UnknownType.Accept)
                .BadRow!.Reason);
    }

    [Fact]
    public void The_raw_position_is_stamped_at_the_end() =>
        Assert.Equal(Good[..^1] + ",\"rawposition\":\"4:4711:2\"}", Written(Validate(Good)));

    [Theory]
    [InlineData("\"1:1:1\"")]
    [InlineData("null")]
    [InlineData("{\"shard\":[1,\"}\"]}")]
    public void An_incoming_raw_position_is_replaced_in_its_place(string value)
    {
        var line = Good.Replace("\"id\"", $"\"rawposition\": {value} ,\"id\"", StringComparison.Ordinal);

        Assert.Equal(line.Replace(value, "\"4:4711:2\"", StringComparison.Ordinal), Written(Validate(line)));
    }

    [Fact]
    public void A_second_delivery_is_stamped_anew_when_its_stamp_comes_in_again() =>
        Assert.Equal(Written(Validate(Good)), Written(Validate(Written(Validate(Good)))));

    [Fact]
    public void Only_line_ends_between_tokens_and_white_space_around_the_document_change() =>
        Gen.String[Gen.Char[" \t\r\n"], 0, 4].Array[0, 24].Sample(spaces =>
        {
            var tokens = new[]
            {
                "", "{", "\"specversion\"", ":", "\"1.0\"", ",", "\"id\"", ":", "\"a\\n\\r b\"", ",",
                "\"source\":\"/s\"", ",",
                "\"type\":\"deploy.finished\"", ",", "\"time\":\"2026-03-01T12:00:00Z\"", ",", "\"data\":", "{",
                "\"service\":\"a\"", ",", "\"version\"", ":", "\"1 \\u000d\"", "}", "}", "",
            };
            var line = new StringBuilder();
            for (var i = 0; i < tokens.Length; i++)
            {
                line.Append(tokens[i]).Append(i < spaces.Length ? spaces[i] : "");
            }

            var expected = line.ToString().Trim(' ', '\t', '\r', '\n').Replace('\n', ' ').Replace('\r', ' ');
            Assert.Equal(expected[..^1] + ",\"rawposition\":\"4:4711:2\"}", Written(Validate(line.ToString())));
        });

    [Fact]
    public void An_event_of_the_largest_size_passes_and_one_byte_more_is_too_large()
    {
        var largest = Sized(Limits.EventBytesMax);

        Assert.Equal(OutcomeKind.Emit, Validate(largest).Kind);

        var larger = Sized(Limits.EventBytesMax + 1);
        var row = Validate(larger).BadRow!;
        Assert.Equal((RejectReason.TooLarge, null), (row.Reason, row.PayloadRef));
        Assert.Equal(larger, row.Record.Data);
        Assert.Contains($"{Limits.EventBytesMax + 1}", Errors(Validate(larger)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_too_large_to_travel_is_a_bad_row_that_names_its_object()
    {
        var key = Oversize.Key(new byte[2_000_000]);

        var row = Validate(Oversize.Reference(key, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))).BadRow!;

        Assert.Equal((RejectReason.TooLarge, key), (row.Reason, row.PayloadRef));
        Assert.Equal("oversize/" + key["oversize/".Length..], key);
        Assert.Equal("oversize/".Length + 64, key.Length);
    }

    [Theory]
    [InlineData("\"source\":\"/oversize\"", "\"source\":\"/elsewhere\"")]
    [InlineData("pipeline.oversize", "deploy.finished")]
    [InlineData("\"data\":{}", "\"data\":{\"service\":\"a\",\"version\":\"1\"}")]
    [InlineData("\"id\":\"", "\"id\":\"0")]
    [InlineData("\"dataref\":\"oversize/", "\"dataref\":\"elsewhere/")]
    [InlineData("\"dataref\":\"oversize/", "\"dataref\":\"oversize/../")]
    public void What_only_looks_like_a_reference_keeps_its_own_bytes(string what, string instead)
    {
        var reference = Encoding.UTF8.GetString(Oversize.Reference(Oversize.Key([1]), DateTimeOffset.UnixEpoch));
        Assert.Contains(what, reference, StringComparison.Ordinal);

        var row = Validate(reference.Replace(what, instead, StringComparison.Ordinal)).BadRow!;

        Assert.NotEqual(RejectReason.TooLarge, row.Reason);
        Assert.Null(row.PayloadRef);
    }

    [Fact]
    public void A_good_event_may_refer_to_data_elsewhere()
    {
        var line = Good.Replace("\"id\"", $"\"dataref\":\"{Oversize.Key([1])}\",\"id\"", StringComparison.Ordinal);

        Assert.Equal(OutcomeKind.Emit, Validate(line).Kind);
    }

    private static byte[] Sized(int bytes)
    {
        var line = Good.Replace("\"version\":\"1\"", "\"version\":\"1\",\"pad\":\"\"", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(
            line.Replace("\"pad\":\"", "\"pad\":\"" + new string('x', bytes - line.Length), StringComparison.Ordinal));
    }
}
