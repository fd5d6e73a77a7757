using System.Text;
using Pipeline.Core;
using Pipeline.Functions.Validate;
using Pipeline.Tests.Events;
using Xunit;

namespace Pipeline.Tests.Schemas;

public class SchemaSetTests
{
    // Each schema takes one value of "a" only, which tells which of them judged.
    private static readonly SchemaSet Set = SchemaSet.Load(
    [
        File("t.schema.json", 0), File("t-1-0.schema.json", 10), File("t-1-10.schema.json", 110),
        File("u-2-0.schema.json", 20),
        File("u-10-0.schema.json", 100), File("_t.schema.json", 7), File("v-1.schema.json", 1),
    ]);

    [Theory]
    [InlineData("t", null, 0)]
    [InlineData("t", "null", 0)]
    [InlineData("t", "\"https://schemas.example.com/t\"", 0)]
    [InlineData("t", "\"https://schemas.example.com/t.schema.json\"", 0)]
    [InlineData("t", "\"https://schemas.example.com/t-1-0.schema.json#\"", 10)]
    [InlineData("t", "\"https://schemas.example.com/t-1-10?x=/9-9\"", 110)]
    [InlineData("t", "\"https://schemas.example.com/t\\/1-10\"", 110)]
    [InlineData("t", "\"urn:example:t-1-0\"", 10)]
    [InlineData("t", "\"1-0\"", 10)]
    [InlineData("u", null, 100)]
    [InlineData("u", "\"u-2-0\"", 20)]
    [InlineData("v-1", null, 1)]
    public void An_event_is_judged_by_the_version_it_names(string type, string? dataSchema, int value) =>
        Assert.Equal(OutcomeKind.Emit, Judge(type, dataSchema, value).Kind);

    [Theory]
    [InlineData("t", "\"1-1\"", RejectReason.UnknownVersion,
        "names no version of the type's schema, found \"1-1\"; there are t, t-1-0, t-1-10")]
    [InlineData("t", "\"01-0\"", RejectReason.UnknownVersion, "names no version")]
    [InlineData("t", "\"t1-0\"", RejectReason.UnknownVersion, "names no version")]
    [InlineData("t", "\"u-2-0\"", RejectReason.UnknownVersion, "names no version")]
    [InlineData("t", "\"\"", RejectReason.UnknownVersion, "names no version")]
    [InlineData("t", "7", RejectReason.UnknownVersion, "names no version of the type's schema, found 7")]
    [InlineData("_t", null, RejectReason.UnknownType, "\"_t\" has no schema; there are t, u, v-1")]
    [InlineData("t-1-0", null, RejectReason.UnknownType, "\"t-1-0\" has no schema")]
    public void An_unknown_version_or_type_is_a_bad_row(
        string type, string? dataSchema, RejectReason reason, string message)
    {
        var row = Judge(type, dataSchema, 0).BadRow!;
        Assert.Equal(reason, row.Reason);
        var error = Assert.Single(row.Errors);
        Assert.Equal(reason == RejectReason.UnknownType ? "/type" : "/dataschema", error.Pointer);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    private static Outcome Judge(string type, string? dataSchema, int value)
    {
        var version = dataSchema is null ? "" : $"\"dataschema\":{dataSchema},";
        var json = Sample.WithData(value.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .Replace("\"type\":\"t\",", $"\"type\":\"{type}\",{version}", StringComparison.Ordinal);
        return new ValidateEvent(Set, UnknownType.Reject).Apply(Sample.Record(json));
    }

    private static KeyValuePair<string, ReadOnlyMemory<byte>> File(string name, int value) =>
        new(name, Encoding.UTF8.GetBytes("{\"properties\":{\"a\":{\"const\":" + value + "}}}"));
}
