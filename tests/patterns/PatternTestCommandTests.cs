using Xunit;

namespace Pipeline.Tests.Patterns;

/// <summary><c>pipeline pattern test</c>, as its user meets it.</summary>
public sealed class PatternTestCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pattern-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_match_is_yes_and_0()
    {
        var (code, output, error) = Run("{\"data\":{\"a\":[1]}}", Events.Sample.Json + "\n");
        Assert.Equal((0, "yes\n", ""), (code, output, error));
    }

    [Fact]
    public void A_pattern_may_be_a_file()
    {
        var file = Write("pattern.json", " {\"data\":{\"a\":[1]}}\n");
        Assert.Equal(0, Run(file, Events.Sample.Json).Exit);
    }

    [Theory]
    [InlineData("""{"type":["x"],"data":{"a":[1]}}""", "type: wanted [\"x\"], found \"t\"")]
    [InlineData("""{"type":["x"],"subject":["y"]}""",
        "subject: wanted [\"y\"], found nothing", "type: wanted [\"x\"], found \"t\"")]
    [InlineData("""{"data":{"a":{"b":[1]}}}""", "data.a.b: wanted [1], found nothing")]
    [InlineData("""{"data":[{"exists":true}]}""",
        "data: wanted [{\"exists\":true}], found an object, which is no value itself")]
    [InlineData("""{"id":[{"exists":false}]}""", "id: wanted [{\"exists\":false}], found \"1\"")]
    [InlineData("""{"$or":[{"type":["x"],"id":["2"]},{"id":["3"]}]}""", "id: wanted [\"3\"], found \"1\"")]
    public void No_names_each_field_with_what_was_found(string pattern, params string[] lines)
    {
        var (code, output, error) = Run(pattern, Events.Sample.Json);
        Assert.Equal((1, ""), (code, error));
        Assert.Equal("no\n" + string.Concat(lines.Select(line => $"  {line}\n")), output);
    }

    [Theory]
    [InlineData("[{\"x\":1},{\"y\":2}]",
        "x: wanted [1], found 1, but in no array element that has the other fields too",
        "y: wanted [2], found 2, but in no array element that has the other fields too")]
    [InlineData("[{\"x\":[3,4,5,6,7]}]", "x: wanted [1], found 3, 4, 5 and 2 more", "y: wanted [2], found nothing")]
    [InlineData("[]", "x: wanted [1], found nothing", "y: wanted [2], found nothing")]
    [InlineData("{\"x\":[],\"y\":2}", "x: wanted [1], found an array without values")]
    public void No_explains_what_arrays_hold(string value, params string[] lines)
    {
        var (_, output, _) = Run("""{"data":{"a":{"x":[1],"y":[2]}}}""", Events.Sample.WithData(value));
        Assert.Equal("no\n" + string.Concat(lines.Select(line => $"  data.a.{line}\n")), output);
    }

    [Fact]
    public void The_answer_can_be_JSON()
    {
        var (code, output, _) = Run("""{"type":["x"]}""", Events.Sample.Json, "--json");
        Assert.Equal(1, code);
        Assert.Equal(
            """{"matches":false,"mismatches":[{"field":"type","wanted":"[\u0022x\u0022]","found":"\u0022t\u0022"}]}""",
            output);
        Assert.Equal(
            (0, """{"matches":true,"mismatches":[]}""", ""), Run("""{"type":["t"]}""", Events.Sample.Json, "--json"));
    }

    [Theory]
    [InlineData("""{"a":"x"}""", "{}", "pipeline: --pattern#/a: found \"x\"; allowed is an array")]
    [InlineData("""{"a":[1]}""", "[1]", "event.json: expected an object at byte 0")]
    [InlineData("""{"a":[1]}""", "{", "event.json: expected a member name")]
    [InlineData("""{"a":[1]}""", """{"b":{"a":1,"a":2}}""", "event.json#/b/a: the object has a member")]
    [InlineData("no-such-pattern.json", "{}", "no-such-pattern.json")]
    public void What_cannot_be_judged_fails_with_one_sentence(string pattern, string json, string part)
    {
        var (code, output, error) = Run(pattern, json);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(character => character == '\n'));
    }

    [Theory]
    [InlineData("pattern", "pipeline pattern: ")]
    [InlineData("pattern best", "pipeline pattern: ")]
    [InlineData("pattern test", "pipeline pattern test: ")]
    [InlineData("pattern test --pattern {}", "pipeline pattern test: ")]
    [InlineData("pattern test --event x", "pipeline pattern test: ")]
    [InlineData("pattern test --pattern {} --event x --bogus", "pipeline pattern test: there is no option '--bogus'")]
    public void Wrong_usage_ends_with_2_and_one_sentence(string line, string start)
    {
        var (code, output, error) = CommandLine.Run(line.Split(' '));
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith(start, error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(character => character == '\n'));
    }

    private (int Exit, string Output, string Error) Run(string pattern, string json, params string[] more) =>
        CommandLine.Run(["pattern", "test", "--pattern", pattern, "--event", Write("event.json", json), .. more]);

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
