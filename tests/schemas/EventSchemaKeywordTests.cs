using System.Text;
using CsCheck;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Schemas;

public class EventSchemaKeywordTests
{
    [Theory]
    [InlineData("""{"multipleOf":0.01}""", "19.99")]
    [InlineData("""{"multipleOf":0.01}""", "12.5")]
    [InlineData("""{"multipleOf":1e308}""", "3e308")]
    [InlineData("""{"multipleOf":123456789012345678901234567890}""", "246913578024691357802469135780e3")]
    [InlineData("""{"multipleOf":8}""", "1e99999999999999999999")]
    [InlineData("""{"uniqueItems":true}""", """[1,"1",[1],{"a":1},{"a":2},null,false,0,"",[],{}]""")]
    [InlineData("""{"$ref":"#/$defs/a~1b","$defs":{"a/b":{"type":"null"}}}""", "null")]
    [InlineData("""{"anyOf":[{"minimum":3},{"multipleOf":2}]}""", "2")]
    [InlineData("""{"contains":{"const":1},"minContains":0}""", "[]")]
    [InlineData("""{"pattern":"^\\u{1F600}[a😀]$"}""", "\"😀😀\"")]
    [InlineData("""{"dependentSchemas":{"a":{"required":["b"]}}}""", """{"b":1}""")]
    [InlineData("""{"if":{"type":"string"},"then":{"minLength":2}}""", "1")]
    [InlineData("""{"then":false}""", "1")]
    [InlineData("""{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}""", """{"\u0061":1}""")]
    [InlineData("""{"prefixItems":[true],"unevaluatedItems":{"type":"null"}}""", "[1,null]")]
    public void A_valid_value_has_no_errors(string schema, string json) => Assert.Empty(Validate(schema, json));

    [Theory]
    [InlineData("""{"multipleOf":0.01}""", "19.995", "/data", "multipleOf: a multiple of 0.01, found 19.995")]
    [InlineData("""{"multipleOf":1e308}""", "1e307", "/data", "multipleOf: a multiple of 1e308, found 1e307")]
    [InlineData("""{"uniqueItems":true}""", "[[1],2,[1.0]]", "/data/2", "uniqueItems: each element once, found [1.0]")]
    [InlineData("""{"not":{"type":"null"}}""", "null", "/data", "not: must not fit the schema, found null")]
    [InlineData("""{"oneOf":[{"minimum":1},true]}""", "1", "/data",
        "oneOf: must fit one schema only, fits 0 and 1, found 1")]
    [InlineData("""{"contains":{"const":1}}""", "[2]", "/data", "contains: at least 1 of its schema, not 0, found [2]")]
    [InlineData("""{"contains":true,"maxContains":1}""", "[2,3]", "/data",
        "maxContains: at most 1 of its schema, not 2, found [2,3]")]
    [InlineData("""{"propertyNames":{"maxLength":1}}""", """{"ab":1}""", "/data/ab",
        "propertyNames/maxLength: at most 1 characters, not 2, found \"ab\"")]
    [InlineData("""{"patternProperties":{"^x":{"type":"null"}}}""", """{"\u0078a":1}""", "/data/xa",
        "type: must be null, found 1")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1}""", "/data",
        "dependentRequired: 'b' is missing, which 'a' needs, found {\"a\":1}")]
    [InlineData("""{"minProperties":1}""", "{}", "/data", "minProperties: at least 1, not 0, found {}")]
    [InlineData("""{"if":{"type":"string"},"then":{"minLength":2},"else":false}""", "\"a\"", "/data",
        "minLength: at least 2 characters, not 1, found \"a\"")]
    [InlineData("""{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}""", """{"a":1,"b":2}""",
        "/data/b", "unevaluatedProperties: no further members are allowed, found b")]
    [InlineData("""{"prefixItems":[true],"unevaluatedItems":false}""", "[1,2]", "/data/1",
        "unevaluatedItems: no further elements are allowed, found 2")]
    public void An_error_says_where_what_is_allowed_and_what_was_found(
        string schema, string json, string pointer, string message)
    {
        var error = Assert.Single(Validate(schema, json));
        Assert.Equal((pointer, message), (error.Pointer, error.Message));
    }

    [Fact]
    public void Where_no_alternative_fits_each_says_why_within_its_share()
    {
        var errors = Validate(
            """{"anyOf":[{"items":{"type":"null"}},{"type":"string"},{"oneOf":[{"maxItems":1}]}]}""",
            "[" + string.Join(',', Enumerable.Repeat(1, 50)) + "]");
        Assert.Equal("anyOf: must fit one of 3 schemas", errors[0].Message.Split(',')[0]);
        Assert.Equal(
            ["anyOf/0/type", "anyOf/1/type", "anyOf/2/oneOf", "anyOf/2/oneOf/0/maxItems"],
            errors.Skip(1).Select(error => error.Message.Split(':')[0]).Distinct());
        Assert.InRange(errors.Count, 5, Limits.ErrorsPerRowMax);
    }

    [Theory]
    [InlineData("""{"$ref":"#"}""", "#/$ref: found \"#\"; allowed is a reference that does not lead back to itself")]
    [InlineData("""{"$defs":{"a":{"not":{"$ref":"#/$defs/b"}},"b":{"allOf":[{"$ref":"#/$defs/a"}]}}}""", "#/$defs/")]
    [InlineData("""{"$ref":"#/$defs/a"}""", "#/$ref: found \"#/$defs/a\"; allowed is a pointer to a schema of x")]
    [InlineData("""{"$ref":"#/title","title":"x"}""", "#/$ref: found \"#/title\"; allowed is a pointer to a schema")]
    [InlineData("""{"$ref":"#a"}""", "#/$ref: found \"#a\"; allowed is an $anchor of file:///x")]
    [InlineData("""{"$ref":"https://example.com/a"}""", "#/$ref: found \"https://example.com/a\"; allowed is a ref")]
    [InlineData("""{"$id":"https://example.com/a#b"}""", "#/$id: found \"https://example.com/a#b\"; allowed is a URI")]
    [InlineData("""{"$anchor":"1"}""", "#/$anchor: found \"1\"; allowed is a letter")]
    [InlineData("""{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}""", "#/$defs/b/$anchor: found \"x\"; allowed")]
    [InlineData("""{"$defs":{"unused":{"minimum":"1"}}}""", "#/$defs/unused/minimum: found \"1\"; allowed is a number")]
    [InlineData("""{"allOf":[]}""", "#/allOf: found []; allowed is an array of at least one schema")]
    [InlineData("""{"multipleOf":0}""", "#/multipleOf: found 0; allowed is a number above 0")]
    [InlineData("""{"uniqueItems":1}""", "#/uniqueItems: found 1; allowed is true or false")]
    [InlineData("""{"dependentRequired":[]}""", "#/dependentRequired: found []; allowed is an object of arrays")]
    [InlineData("""{"pattern":"(a{999}){999}"}""", "#/pattern: the pattern ")]
    [InlineData("""{"$vocabulary":{}}""", "#/$vocabulary: unknown keyword '$vocabulary'")]
    public void A_mistake_is_told_with_file_and_pointer(string schema, string expected)
    {
        var mistake = Assert.Throws<ConfigurationException>(
            () => EventSchema.Compile("x", Encoding.UTF8.GetBytes(schema)));
        Assert.StartsWith("x" + expected, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void References_lead_from_file_to_file()
    {
        var schemas = EventSchema.CompileAll(
        [
            new("in/a.schema.json",
                """{"items":{"$ref":"_b.schema.json#/$defs/c"},"$id":"a.schema.json"}"""u8.ToArray()),
            new("in/_b.schema.json", """{"$defs":{"c":{"$ref":"urn:d#e"}}}"""u8.ToArray()),
            new("in/_d.schema.json", """{"$id":"urn:d","$defs":{"x":{"$anchor":"e","type":"null"}}}"""u8.ToArray()),
        ]);
        Assert.True(schemas[0].IsValid("[null]"u8));
        Assert.False(schemas[0].IsValid("[1]"u8));
        var mistake = Assert.Throws<ConfigurationException>(() => EventSchema.CompileAll(
            [new("a", """{"$id":"urn:a"}"""u8.ToArray()), new("b", """{"$id":"urn:a"}"""u8.ToArray())]));
        Assert.Equal("b#/$id: found \"urn:a\"; allowed is each $id once; a has it too", mistake.Message);
    }

    [Fact]
    public void A_chain_of_very_many_references_is_refused()
    {
        var links = Enumerable.Range(0, 500).Select(index => $$"""
            "a{{index}}":{"$ref":"#/$defs/a{{index + 1}}"}
            """);
        var schema = "{\"$defs\":{" + string.Join(',', links) + ",\"a500\":true}}";
        Assert.Contains(
            "at most 64 schemas that check one value within each other",
            Assert.Throws<ConfigurationException>(
                () => EventSchema.Compile("x", Encoding.UTF8.GetBytes(schema))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Alternatives_that_refer_to_themselves_end_as_an_error_on_hostile_data()
    {
        var schema = """
            {"$id":"urn:t","anyOf":[{"properties":{"x":{"$ref":"#"},"k":{"const":1}},"required":["k"]},
             {"properties":{"x":{"$ref":"#"},"k":{"const":2}},"required":["k"]}]}
            """;
        var depth = Limits.EventDepthMax - 2;
        var hostile = Nested(depth, ",\"k\":3}");
        Assert.NotEmpty(Validate(schema, hostile));
        Assert.False(EventSchema.Compile("x", Encoding.UTF8.GetBytes(schema)).IsValid(Encoding.UTF8.GetBytes(hostile)));
        Assert.Empty(Validate(schema, Nested(5, ",\"k\":2}")));
    }

    [Fact]
    public void Very_many_elements_and_members_are_compared_without_comparing_each_with_each()
    {
        var members = Enumerable.Range(0, 20_000).Select(index => $"\"name{index}\":{index}").ToArray();
        var first = "{" + string.Join(',', members) + "}";
        var second = "{" + string.Join(',', members.Reverse()) + "}";
        Assert.Single(Validate("""{"uniqueItems":true}""", $"[1,{first},2,3,4,5,6,7,8,{second}]"));
        var elements = Enumerable.Range(100_000, 100_000).Select(index => $"1e99999999999999{index}");
        Assert.Empty(Validate("""{"uniqueItems":true}""", $"[{string.Join(',', elements)}]"));
        Assert.Empty(Validate("""{"multipleOf":7}""", new string('7', 1_000_000)));
    }

    [Fact]
    public void An_element_is_a_repeat_exactly_when_it_equals_an_earlier_one()
    {
        var value = Gen.OneOf(
            Gen.OneOf("1", "1.0", "10e-1", "100", "1e2", "-0", "0", "0.0", "0.1", "1e-1", "true", "null"),
            Gen.OneOf("\"a\"", "\"\\u0061\"", "\"\"", "\"1\"", "[]", "{}", "[1]", "[1.0]", "[[]]"),
            Gen.OneOf("""{"a":1,"b":2}""", """{"b":2,"a":1.0}""", """{"a":2,"b":1}""", """{"a":1}"""));
        var schema = EventSchema.Compile("x", """{"uniqueItems":true}"""u8.ToArray());
        value.Array[0, 24].Sample(values =>
        {
            var utf8 = values.Select(Encoding.UTF8.GetBytes).ToArray();
            var isUnique = !utf8.Where((one, index) => utf8.Take(index)
                .Any(earlier => Core.Json.JsonValue.AreEqual(earlier, one))).Any();
            return schema.IsValid(Encoding.UTF8.GetBytes("[" + string.Join(", ", values) + "]")) == isUnique;
        }, iter: 20_000);
    }

    [Fact]
    public void Multiples_are_those_that_exact_division_leaves_no_rest_of() =>
        Gen.Select(Gen.Int[-5000, 5000], Gen.Int[-6, 6], Gen.Int[1, 500], Gen.Int[-6, 6]).Sample(
            (value, valueScale, divisor, divisorScale) =>
            {
                var scaledValue = value * System.Numerics.BigInteger.Pow(10, valueScale + 6);
                var scaledDivisor = divisor * System.Numerics.BigInteger.Pow(10, divisorScale + 6);
                var keyword = $$"""{"multipleOf":{{divisor}}e{{divisorScale}}}""";
                var schema = EventSchema.Compile("x", Encoding.UTF8.GetBytes(keyword));
                var number = Encoding.UTF8.GetBytes($"{value}e{valueScale}");
                return schema.IsValid(number) == (scaledValue % scaledDivisor).IsZero;
            },
            iter: 20_000);

    private static string Nested(int depth, string closing) =>
        string.Concat(Enumerable.Repeat("{\"x\":", depth)) + "0" + string.Concat(Enumerable.Repeat(closing, depth));

    private static EventErrors Validate(string schema, string json)
    {
        var errors = new EventErrors();
        EventSchema.Compile("s", Encoding.UTF8.GetBytes(schema))
            .Validate(Encoding.UTF8.GetBytes(json), "/data", errors);
        return errors;
    }
}
