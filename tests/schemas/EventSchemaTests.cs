using System.Text;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Schemas;

public class EventSchemaTests
{
    [Theory]
    [InlineData("true", "1")]
    [InlineData("{}", "[]")]
    [InlineData("""{"$schema":"x","$id":"x","title":1,"description":"","examples":[],"default":1}""", "1")]
    [InlineData("""{"$comment":"","deprecated":true,"readOnly":true,"writeOnly":false}""", "1")]
    [InlineData("""{"type":"integer"}""", "1.0")]
    [InlineData("""{"type":"integer"}""", "120e-1")]
    [InlineData("""{"type":"integer"}""", "-0.0")]
    [InlineData("""{"type":"integer"}""", "1e400")]
    [InlineData("""{"type":"number"}""", "1")]
    [InlineData("""{"type":["null","string"]}""", "null")]
    [InlineData("""{"type":["integer","string"]}""", "\"\"")]
    [InlineData("""{"enum":[1,"é",{"a":[1,2],"b":null}]}""", """{ "b":null, "\u0061":[1.0,20e-1] }""")]
    [InlineData("""{"enum":[1,"é"]}""", "\"\\u00e9\"")]
    [InlineData("""{"const":100}""", "1e2")]
    [InlineData("""{"const":0}""", "-0")]
    [InlineData("""{"minimum":0.1}""", "0.1")]
    [InlineData("""{"minimum":0.1}""", "\"not a number\"")]
    [InlineData("""{"minimum":1e400}""", "10e399")]
    [InlineData("""{"exclusiveMaximum":1e-400}""", "0")]
    [InlineData("""{"maximum":9007199254740993}""", "9007199254740993")]
    [InlineData("""{"minLength":1,"maxLength":1}""", "\"😀\"")]
    [InlineData("""{"minLength":2.0,"maxLength":2}""", "\"\\ud83d\\ude00\\n\"")]
    [InlineData("""{"maxItems":0}""", "[ ]")]
    [InlineData("""{"items":{"type":"integer"},"minItems":2}""", "[1,2]")]
    [InlineData("""{"items":false}""", "[]")]
    [InlineData("""{"pattern":"b"}""", "\"abc\"")]
    [InlineData("""{"pattern":"^\\d+$"}""", "\"123\"")]
    [InlineData("""{"pattern":"^[\\w.-]+@[^\\W_]+$"}""", "\"a.b-c@d\"")]
    [InlineData("""{"pattern":"^[[a]+$"}""", "\"[a[\"")]
    [InlineData("""{"format":"date-time"}""", "\"2026-01-01T00:00:00Z\"")]
    [InlineData("""{"format":"ipv4"}""", "5")]
    [InlineData("""{"required":["a"]}""", "1")]
    [InlineData("""{"required":["a","né"],"properties":{"a":{"type":"null"}}}""", """{"n\u00e9":1,"\u0061":null}""")]
    [InlineData("""{"properties":{"a":true},"additionalProperties":{"type":"string"}}""", """{"a":1,"b":"x"}""")]
    [InlineData("""{"properties":{"a":true},"additionalProperties":false}""", """{"a":1}""")]
    public void A_valid_value_has_no_errors(string schema, string json) => Assert.Empty(Validate(schema, json));

    [Theory]
    [InlineData("false", "1", "/data", "false: the schema allows no value, found 1")]
    [InlineData("""{"type":"integer"}""", "1.5", "/data", "type: must be integer, found 1.5")]
    [InlineData("""{"type":"integer"}""", "1e-400", "/data", "type: must be integer, found 1e-400")]
    [InlineData("""{"type":["null","string"]}""", "[1]", "/data", "type: must be null or string, found [1]")]
    [InlineData("""{"type":"number"}""", "true", "/data", "type: must be number, found true")]
    [InlineData("""{"type":"object"}""", "\"{}\"", "/data", "type: must be object, found \"{}\"")]
    [InlineData("""{"enum":["a","b"]}""", "\"c\"", "/data", """enum: must be one of ["a","b"], found "c" """)]
    [InlineData("""{"enum":[[1,2]]}""", "[2,1]", "/data", "enum: must be one of [[1,2]], found [2,1]")]
    [InlineData("""{"const":1}""", "\"1\"", "/data", "const: must be 1, found \"1\"")]
    [InlineData("""{"const":{"a":1}}""", """{"a":1,"b":2}""", "/data",
        """const: must be {"a":1}, found {"a":1,"b":2}""")]
    [InlineData("""{"minimum":0}""", "-5", "/data", "minimum: at least 0, found -5")]
    [InlineData("""{"maximum":0.1}""", "0.10000000000000000000000000000001", "/data",
        "maximum: at most 0.1, found 0.10000000000000000000000000000001")]
    [InlineData("""{"exclusiveMinimum":1e400}""", "1e400", "/data", "exclusiveMinimum: more than 1e400, found 1e400")]
    [InlineData("""{"exclusiveMaximum":9007199254740992}""", "9007199254740993", "/data",
        "exclusiveMaximum: less than 9007199254740992, found 9007199254740993")]
    [InlineData("""{"minLength":2}""", "\"😀\"", "/data", "minLength: at least 2 characters, not 1, found \"😀\"")]
    [InlineData("""{"maxLength":1}""", "\"ab\"", "/data", "maxLength: at most 1 characters, not 2, found \"ab\"")]
    [InlineData("""{"minItems":2}""", "[[1,2]]", "/data", "minItems: at least 2, not 1, found [[1,2]]")]
    [InlineData("""{"maxItems":1}""", "[1,2]", "/data", "maxItems: at most 1, not 2, found [1,2]")]
    [InlineData("""{"items":{"type":"string"}}""", """["a",["b"]]""", "/data/1",
        """type: must be string, found ["b"]""")]
    [InlineData("""{"pattern":"^a$"}""", "\"a\\n\"", "/data", "pattern: must match ^a$, found \"a\\n\"")]
    [InlineData("""{"pattern":"^\\d$"}""", "\"٣\"", "/data", "pattern: must match ^\\d$, found \"٣\"")]
    [InlineData("""{"format":"ipv4"}""", "\"1.2.3\"", "/data", "format: must be ipv4, found \"1.2.3\"")]
    [InlineData("""{"required":["a"]}""", "{}", "/data", "required: 'a' is missing, found {}")]
    [InlineData("""{"properties":{"a/b":{"properties":{"~":{"type":"null"}}}}}""", """{"a\/b":{"~":1}}""",
        "/data/a~1b/~0", "type: must be null, found 1")]
    [InlineData("""{"properties":{"a":true},"additionalProperties":false}""", """{"b":1}""", "/data/b",
        "additionalProperties: allowed members are a, found b")]
    [InlineData("""{"additionalProperties":{"type":"string"}}""", """{"b":1}""", "/data/b",
        "type: must be string, found 1")]
    [InlineData("""{"properties":{"a":false}}""", """{"a":1}""", "/data/a",
        "false: the schema allows no value, found 1")]
    [InlineData("""{"required":["a"],"additionalProperties":false}""", """{"a":1}""", "/data/a",
        "additionalProperties: allowed members are none, found a")]
    public void An_error_says_where_what_is_allowed_and_what_was_found(
        string schema, string json, string pointer, string message)
    {
        var error = Assert.Single(Validate(schema, json));
        Assert.Equal(pointer, error.Pointer);
        Assert.Equal(message.TrimEnd(), error.Message);
        Assert.False(EventSchema.Compile("s", Encoding.UTF8.GetBytes(schema)).IsValid(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void All_errors_are_told_in_the_order_of_the_text()
    {
        var errors = Validate(
            """
            { "type": "object", "required": ["service", "status", "latencyMs"], "additionalProperties": false,
              "properties": { "service": { "type": "string", "minLength": 3, "pattern": "^[a-z]+$" },
                "status": { "type": "integer", "minimum": 100, "maximum": 599 },
                "latencyMs": { "type": "number" },
                "tags": { "items": { "properties": { "k": { "enum": ["x"] } }, "required": ["k"] } } } }
            """,
            """{ "tags": [ {"k":"x"}, {}, {"k":1} ], "status": 99.5, "more": 0, "service": "A" }""");
        Assert.Equal(
            [
                ("/data/tags/1", "required"), ("/data/tags/2/k", "enum"), ("/data/status", "type"),
                ("/data/status", "minimum"), ("/data/more", "additionalProperties"), ("/data/service", "minLength"),
                ("/data/service", "pattern"), ("/data", "required"),
            ],
            errors.Select(error => (error.Pointer, error.Message.Split(':')[0])));
    }

    [Fact]
    public void Errors_stop_at_their_limit_and_long_values_are_cut()
    {
        var errors = Validate(
            """{"items":{"type":"null"}}""",
            "[" + string.Join(',', Enumerable.Repeat("\"" + new string('é', 1000) + "\"", 50)) + "]");
        Assert.Equal(Limits.ErrorsPerRowMax, errors.Count);
        Assert.All(errors, error => Assert.InRange(error.Message.Length, 30, 120));
        Assert.All(errors, error => Assert.EndsWith("é…", error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(2000)]
    public void Every_required_member_is_missed_however_many_there_are(int count)
    {
        var names = Enumerable.Range(0, count).Select(index => $"\"n{index}\"").ToArray();
        var schema = $$"""{"required":[{{string.Join(',', names)}}]}""";
        foreach (var missing in new[] { 0, count / 2, count - 1 })
        {
            var others = names.Where((_, index) => index != missing).Select(name => name + ":1");
            var error = Assert.Single(Validate(schema, "{" + string.Join(',', others) + "}"));
            Assert.StartsWith($"required: 'n{missing}' ", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Numbers_of_a_megabyte_and_enormous_exponents_are_compared()
    {
        var digits = new string('9', 1_000_000);
        Assert.Single(Validate("""{"maximum":1e999999}""", digits + "0"));
        Assert.Empty(Validate("""{"maximum":1e1000000}""", digits));
        Assert.Single(Validate("""{"maximum":0}""", "1e" + digits));
        Assert.Empty(Validate("""{"maximum":1}""", "1e-" + digits));
        Assert.Single(Validate("""{"type":"integer"}""", "1e-" + digits));
    }

    [Theory]
    [InlineData(
        """
        {"type":"object","required":["a","b"],"properties":{"a":{"type":"string","minLength":1,"maxLength":9,
         "format":"ipv4"},"b":{"type":"array","items":{"type":"integer","minimum":0}}},"additionalProperties":false}
        """,
        """{"a":"10.0.0.1","b":[1,2,3]}""")]
    [InlineData(
        """
        {"$defs":{"n":{"type":"integer","multipleOf":3}},"allOf":[{"properties":{"a":{"$ref":"#/$defs/n"}}}],
         "anyOf":[{"required":["z"]},{"properties":{"b":{"oneOf":[{"type":"null"},{"minLength":1,"type":"string"}]}}}],
         "unevaluatedProperties":false,"if":{"required":["b"]},"then":{"minProperties":2},"not":{"required":["q"]}}
        """,
        """{"a":9,"b":"x"}""")]
    public void Validating_good_data_allocates_nothing(string rules, string data)
    {
        var schema = EventSchema.Compile("s", Encoding.UTF8.GetBytes(rules));
        var json = Encoding.UTF8.GetBytes(data);
        var errors = new EventErrors();
        schema.Validate(json, "/data", errors);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            schema.Validate(json, "/data", errors);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Empty(errors);
    }

    private static EventErrors Validate(string schema, string json)
    {
        var errors = new EventErrors();
        EventSchema.Compile("s", Encoding.UTF8.GetBytes(schema))
            .Validate(Encoding.UTF8.GetBytes(json), "/data", errors);
        return errors;
    }
}
