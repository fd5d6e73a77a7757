using System.Text;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Schemas;

public class EventSchemaMistakeTests
{
    private const string File = "functions/config/schemas/x.schema.json";

    [Theory]
    [InlineData("""{"properties":{"a":{"mnimum":1}}}""",
        "#/properties/a/mnimum: unknown keyword 'mnimum'; allowed are type, enum, ")]
    [InlineData("""{"$dynamicRef":"#a"}""", "#/$dynamicRef: unknown keyword '$dynamicRef'; allowed are ")]
    [InlineData("""{"Type":"object"}""", "#/Type: unknown keyword 'Type'; allowed are ")]
    [InlineData("""{"items":[{}]}""", "#/items: found [{}]; allowed is a schema: an object, true or false")]
    [InlineData("7", ": found 7; allowed is a schema: an object, true or false")]
    [InlineData("""{"type":"int"}""", "#/type: found \"int\"; allowed is one of null, boolean, object, ")]
    [InlineData("""{"type":["string","string"]}""", "#/type/1: found \"string\"; allowed is one of ")]
    [InlineData("""{"type":[]}""", "#/type: found []; allowed is at least one type")]
    [InlineData("""{"enum":[]}""", "#/enum: found []; allowed is an array of at least one value")]
    [InlineData("""{"enum":"a"}""", "#/enum: found \"a\"; allowed is an array")]
    [InlineData("""{"properties":[]}""", "#/properties: found []; allowed is an object of schemas")]
    [InlineData("""{"required":"a"}""", "#/required: found \"a\"; allowed is an array of member names")]
    [InlineData("""{"required":["a","\u0061"]}""", "#/required/1: found \"\\u0061\"; allowed is each member name once")]
    [InlineData("""{"required":[1]}""", "#/required/0: found 1; allowed is a string")]
    [InlineData("""{"additionalProperties":"no"}""", "#/additionalProperties: found \"no\"; allowed is a schema")]
    [InlineData("""{"minimum":"1"}""", "#/minimum: found \"1\"; allowed is a number")]
    [InlineData("""{"minLength":-1}""", "#/minLength: found -1; allowed is an integer of at least 0")]
    [InlineData("""{"maxItems":1.5}""", "#/maxItems: found 1.5; allowed is an integer of at least 0")]
    [InlineData("""{"format":"e-mail"}""",
        "#/format: found \"e-mail\"; allowed is one of the formats date-time, date, time, ")]
    [InlineData("""{"pattern":"("}""", "#/pattern: the pattern \"(\" cannot be used: ")]
    [InlineData("""{"pattern":"(?=a)"}""", "#/pattern: the pattern \"(?=a)\" cannot be used: ")]
    [InlineData("""{"pattern":"(a)\\1"}""", "#/pattern: the pattern ")]
    [InlineData("""{"pattern":"\\Aa"}""", "#/pattern: the pattern ")]
    [InlineData("""{"pattern":"(?i)a"}""", "#/pattern: the pattern ")]
    [InlineData("""{"pattern":"[]a]"}""", "#/pattern: the pattern ")]
    [InlineData("""{"properties":{"a":true,"a":false}}""",
        "#/properties/a: the object has a member of that name already")]
    [InlineData("""{"type":"object",}""", ": expected a member name in double quotes at byte 17, found '}'")]
    [InlineData("", ": no JSON text")]
    [InlineData("\uFEFF{}", ": a byte order mark")]
    public void A_mistake_is_told_with_file_pointer_and_what_is_allowed(string schema, string expected)
    {
        var mistake = Assert.Throws<ConfigurationException>(
            () => EventSchema.Compile(File, Encoding.UTF8.GetBytes(schema)));
        Assert.StartsWith(File + expected, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schemas_are_found_by_the_type_of_the_event()
    {
        var set = SchemaSet.Load(
        [
            new("schemas/app.error.schema.json", "{}"u8.ToArray()),
            new("b.schema.json", "false"u8.ToArray()),
        ]);
        Assert.Equal(2, set.Count);
        Assert.Equal(["app.error", "b"], set.Types);
        Assert.NotNull(set.Find("app.error"u8));
        Assert.Null(set.Find("app.errors"u8));
        Assert.Null(set.Find("App.error"u8));
        Assert.Null(set.Find(""u8));
        Assert.Same(set.Find("b"u8), set.Find(Events.Sample.Read("""{"type":"\u0062"}""").Event));
        Assert.Null(set.Find(Events.Sample.Read("""{"type":7}""").Event));
    }

    [Theory]
    [InlineData("a.schema.json", "a.json",
        "found the name 'a.json'; allowed is an event's type followed by '.schema.json'")]
    [InlineData("a.schema.json", "x/.schema.json", "found the name '.schema.json'")]
    [InlineData("x/a.schema.json", "y/a.schema.json", "the type 'a' has a schema in x/a.schema.json already")]
    public void A_file_that_does_not_fit_is_told(string first, string second, string expected)
    {
        var mistake = Assert.Throws<ConfigurationException>(
            () => SchemaSet.Load([new(first, "{}"u8.ToArray()), new(second, "{}"u8.ToArray())]));
        Assert.StartsWith($"{second}: {expected}", mistake.Message, StringComparison.Ordinal);
    }
}
