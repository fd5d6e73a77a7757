using System.Text;
using System.Text.Json;
using CsCheck;
using Pipeline.Core;
using Xunit;
using static Pipeline.Tests.CommandLine;

namespace Pipeline.Tests.Schemas;

public sealed class SchemasCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("schemas").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("""{"type":"integer"}""", """{"type":["number","null"]}""")]
    [InlineData("""{"enum":["a",1]}""", """{"enum":[1.0,"a","b"],"type":["string","integer"]}""")]
    [InlineData("""{"required":["a","b"]}""", """{"required":["a"]}""")]
    [InlineData("""{"minimum":1,"maxLength":5}""", """{"exclusiveMinimum":0.5,"maxLength":6,"minLength":0}""")]
    [InlineData("""{"exclusiveMaximum":1}""", """{"maximum":1.0}""")]
    [InlineData("""{"pattern":"^a","format":"date"}""", """{"pattern":"^a"}""")]
    [InlineData("""{"properties":{"a":{"type":"string"}},"additionalProperties":false}""",
        """{"properties":{"b":{"type":"null"}}}""")]
    [InlineData("""{"items":{"minimum":2}}""", """{"prefixItems":[{"minimum":1}],"items":{"minimum":2}}""")]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"string"}]}""",
        """{"anyOf":[{"type":"string"},{"type":"null"},true]}""")]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":2}]}""", """{"allOf":[{"minimum":0}]}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"type":"null"}}}""",
        """{"properties":{"a":{"type":"null"}}}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#"}},"required":["a"]}""", """{"properties":{"a":{"$ref":"#"}}}""")]
    [InlineData("""{"not":{"type":"null"},"if":{"minimum":1},"then":{"maximum":3}}""",
        """{"not":{"type":"null"},"if":{"minimum":1},"then":{"maximum":3}}""")]
    [InlineData("false", """{"type":"null"}""")]
    public void A_schema_that_allows_more_is_compatible(string before, string now)
    {
        var (code, output, error) = Check(before, now);
        Assert.Equal("", error);
        Assert.EndsWith("1 schemas are sound; breaking changes: 0, notes: 0.\n", output, StringComparison.Ordinal);
        Assert.Equal(0, code);
    }

    [Theory]
    [InlineData("""{"type":"number"}""", """{"type":"integer"}""", "/type", "the type number is not allowed any more")]
    [InlineData("{}", """{"type":"object"}""", "/type", "the type null is not allowed any more")]
    [InlineData("""{"enum":["a","b"]}""", """{"enum":["a"]}""", "/enum", "the value \"b\" is not allowed any more")]
    [InlineData("{}", """{"const":1}""", "/const", "only some values are allowed now")]
    [InlineData("{}", """{"required":["a"]}""", "/required/0", "'a' was not required before")]
    [InlineData("""{"minimum":1}""",
        """{"exclusiveMinimum":1}""", "/exclusiveMinimum",
        "exclusiveMinimum 1 allows less than before")]
    [InlineData("""{"maxLength":5}""", """{"maxLength":4}""", "/maxLength", "maxLength 4 is less than before")]
    [InlineData("{}", """{"minItems":1}""", "/minItems", "minItems 1 is more than before")]
    [InlineData("""{"pattern":"a"}""", """{"pattern":"b"}""", "/pattern", "pattern is another one and may allow less")]
    [InlineData("{}", """{"format":"date"}""", "/format", "format was not there before")]
    [InlineData("{}", """{"additionalProperties":false}""", "/additionalProperties", "no value is allowed any more")]
    [InlineData("""{"properties":{"a":true},"additionalProperties":false}""", """{"additionalProperties":false}""",
        "/additionalProperties", "the member 'a' is not described any more")]
    [InlineData("""{"properties":{"a/b":{"items":{"type":["null","string"]}}}}""",
        """{"properties":{"a/b":{"items":{"type":"null"}}}}""",
        "/properties/a~1b/items/type", "the type string is not allowed any more")]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"string"}]}""", """{"anyOf":[{"type":"null"}]}""", "/anyOf",
        "what its schema 1 allowed fits none of the schemas any more")]
    [InlineData("{}", """{"allOf":[{"minimum":0}]}""", "/allOf/0", "this was not demanded before")]
    [InlineData("{}", """{"uniqueItems":true}""", "/uniqueItems", "elements must differ now")]
    [InlineData("{}", "false", "", "no value is allowed any more")]
    public void A_schema_that_allows_less_breaks_and_says_where(
        string before, string now, string pointer, string message)
    {
        var (code, output, _) = Check(before, now, "--json");
        using var answer = JsonDocument.Parse(output);
        Assert.Equal(1, code);
        Assert.False(answer.RootElement.GetProperty("compatible").GetBoolean());
        var finding = answer.RootElement.GetProperty("findings")[0];
        Assert.EndsWith("t.schema.json", finding.GetProperty("file").GetString(), StringComparison.Ordinal);
        Assert.True(finding.GetProperty("breaking").GetBoolean());
        Assert.Equal(pointer, finding.GetProperty("pointer").GetString());
        Assert.Equal(message, finding.GetProperty("message").GetString());
    }

    [Fact]
    public void A_member_described_for_the_first_time_is_a_note()
    {
        var (code, output, _) = Check("{}", """{"properties":{"a":{"type":"null"}}}""");
        Assert.Equal(0, code);
        Assert.Contains(
            "t.schema.json#/properties/a: note: 'a' was not described before", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Minor_versions_are_held_to_their_predecessors_and_no_schema_may_vanish()
    {
        Write("now", "t-1-0", """{"type":"string"}""");
        Write("now", "t-1-2", """{"type":"null"}""");
        Write("now", "t-2-0", """{"type":"array"}""");
        Write("before", "u", "{}");
        var (code, output, _) = Run("schemas", "check", "--schemas", Folder("now"), "--against", Folder("before"));
        Assert.Equal(1, code);
        Assert.Contains(
            "t-1-2.schema.json#/type: breaking: the type string is not allowed any more.\n",
            output,
            StringComparison.Ordinal);
        Assert.Contains(
            "u.schema.json: breaking: the schema is gone.\n3 schemas are sound; breaking changes: 2, notes: 0.\n",
            output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_in_a_schema_ends_with_1_and_one_sentence()
    {
        Write("now", "t", """{"minimun":1}""");
        var (code, output, error) = Run("schemas", "check", "--schemas", Folder("now"));
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("t.schema.json#/minimun: unknown keyword 'minimun'", error, StringComparison.Ordinal);
        Assert.Equal(1, Run("schemas", "check", "--schemas", Folder("nowhere")).Exit);
        Assert.Equal(2, Run("schemas", "check", "--agianst", "x").Exit);
        Assert.Equal(2, Run("schemas").Exit);
    }

    [Fact]
    public void The_shipped_schemas_are_sound_and_compatible_with_themselves()
    {
        var shipped = Path.Combine(Tools.RepositoryRoot, "functions", "config", "schemas");
        Assert.Equal(0, Run("schemas", "check", "--schemas", shipped, "--against", shipped).Exit);
    }

    // The comparison may refuse what is compatible, but never pass what is not.
    [Fact]
    public void What_is_found_compatible_allows_every_value_that_was_allowed()
    {
        var leaf = Gen.OneOf(
            "true", "{}", """{"type":"string"}""",
        """{"type":["integer","null"]}""",
            """{"type":"number","minimum":1}""",
            """{"exclusiveMinimum":1,"maximum":3}""",
        """{"enum":[1,"a",null]}""", """{"const":2}""",
            """{"maxLength":1}""",
            """{"multipleOf":2}""", """{"pattern":"a"}""");
        var schema = Gen.Recursive<string>((depth, inner) => depth > 2 ? leaf : Gen.OneOf(
            leaf,
            Gen.Select(inner, inner, (a, b) => $$$"""{"properties":{"a":{{{a}}},"b":{{{b}}}},"required":["a"]}"""),
            Gen.Select(inner, inner, (a, b) => $$$"""{"properties":{"a":{{{a}}}},"additionalProperties":{{{b}}} }"""),
            Gen.Select(inner, inner, (a, b) => $$"""{"prefixItems":[{{a}}],"items":{{b}}}"""),
            Gen.Select(inner, inner, Gen.OneOf("anyOf", "allOf", "oneOf"),
                (a, b, word) => $$"""{"{{word}}":[{{a}},{{b}}]}"""),
            Gen.Select(inner, a => $$"""{"contains":{{a}},"maxItems":2}""")));
        var values = Gen.Recursive<string>((depth, inner) => depth > 2
            ? Gen.OneOf("1", "2", "3.5", "null", "\"a\"", "\"bb\"")
            : Gen.OneOf(Gen.OneOf("1", "2", "null", "\"a\"", "[]", "{}"), inner.Select(a => $$"""{"a":{{a}}}"""),
                Gen.Select(inner, inner, (a, b) => $$"""{"a":{{a}},"b":{{b}}}"""),
                Gen.Select(inner, inner, (a, b) => $"[{a},{b}]")));
        Gen.Select(schema, schema, values.Array[30]).Sample(
            (before, now, samples) =>
            {
                var (code, output, _) = Check(before, now);
                if (code != 0 || output.Contains("note:", StringComparison.Ordinal))
                {
                    return true;
                }
                var (old, @new) = (Compile(before), Compile(now));
                return samples.Select(Encoding.UTF8.GetBytes).All(value => !old.IsValid(value) || @new.IsValid(value));
            },
            iter: 500, threads: 1);
    }

    [Fact]
    public void Schemas_inferred_from_the_sample_accept_the_sample()
    {
        var sample = Path.Combine(Tools.RepositoryRoot, "events", "sample.ndjson");
        var (code, _, _) = Run("schemas", "infer", sample, "--output", Folder("inferred"));
        Assert.Equal(0, code);
        var set = SchemaSet.Load(Directory.GetFiles(Folder("inferred"))
            .Select(file => new KeyValuePair<string, ReadOnlyMemory<byte>>(file, File.ReadAllBytes(file))));
        var judged = 0;
        foreach (var line in File.ReadLines(sample))
        {
            var (reason, errors, @event) = Events.Sample.Read(line);
            if (reason is null)
            {
                var schema = set.Find(@event);
                Assert.NotNull(schema);
                schema.Validate(@event.Raw(EventAttribute.Data), "/data", errors);
                Assert.Empty(errors);
                judged++;
            }
        }
        Assert.True(judged > 1000);
        Assert.Equal(1, Run("schemas", "infer", sample, "--output", Folder("inferred")).Exit);
    }

    [Fact]
    public void A_schema_says_what_the_samples_have_in_common()
    {
        var lines = Enumerable.Range(0, 40).Select(index =>
        {
            var (number, day, word) = (index == 7 ? "1.5" : "2.0", 1 + (index % 9), index % 2 == 0 ? "on" : "off");
            var data = $"\"n\":{number},\"at\":\"2026-01-0{day}\",\"w\":\"{word}\",\"l\":[1,\"x\"]";
            return "{\"type\":\"t\",\"data\":{" + data + (index == 3 ? "" : ",\"o\":null") + "}}";
        });
        var file = Path.Combine(_root, "events.ndjson");
        File.WriteAllLines(file, lines.Append("not json").Append("""{"type":"t"}"""));
        var (code, output, error) = Run("schemas", "infer", file);
        Assert.Equal(0, code);
        Assert.StartsWith("pipeline: 2 lines are no events", error, StringComparison.Ordinal);
        using var schemas = JsonDocument.Parse(output);
        using var expected = JsonDocument.Parse("""
            {"$schema":"https://json-schema.org/draft/2020-12/schema","title":"t","type":"object",
             "required":["n","at","w","l"],"additionalProperties":true,
             "properties":{"n":{"type":"number"},"at":{"type":"string","format":"date"},
              "w":{"type":"string","enum":["off","on"]},
              "o":{"type":"null"},"l":{"type":"array","items":{"type":["integer","string"]}}}}
            """);
        Assert.True(JsonElement.DeepEquals(expected.RootElement, schemas.RootElement.GetProperty("t")), output);
    }

    private string Folder(string name) => Path.Combine(_root, name);

    private void Write(string folder, string name, string schema)
    {
        Directory.CreateDirectory(Folder(folder));
        File.WriteAllText(Path.Combine(Folder(folder), name + ".schema.json"), schema);
    }

    private (int Exit, string Output, string Error) Check(string before, string now, params string[] more)
    {
        Write("before", "t", before);
        Write("now", "t", now);
        return Run(["schemas", "check", "--schemas", Folder("now"), "--against", Folder("before"), .. more]);
    }

    private static EventSchema Compile(string schema) => EventSchema.Compile("s", Encoding.UTF8.GetBytes(schema));
}
