using System.Text;
using Pipeline.Core;
using Pipeline.Functions.Adapters;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>Mistakes in filter.json and routes.json: where, what was found, what is allowed.</summary>
public class RuleFileTests
{
    private const string Match = "\"match\":{\"type\":[\"t\"]}";
    private const string Rest = Match + ""","priority":"low","command":"notify" """;

    public static string LongName { get; } = new('a', ConfigFile.NameCharactersMax);

    [Theory]
    [InlineData("""{}""", ": the member critical is missing; it must be an array of objects.")]
    [InlineData("""{"critical":{}}""", "#/critical: found {}; allowed is an array of objects.")]
    [InlineData("""{"critical":[7]}""", "#/critical/0: found 7; allowed is an object.")]
    [InlineData("""{"critical":[],"x~/y":1}""", "#/x~0~1y: unknown member; allowed are critical.")]
    [InlineData("""{"critical":[{"name":"a","match":{"type":["t"]},"command":"b"}]}""",
        "#/critical/0/command: unknown member; allowed are name, match.")]
    [InlineData("""{"critical":[{"match":{"type":["t"]}}]}""",
        "#/critical/0: the member name is missing; it must be a name: 1 to 64 of a-z, 0-9 and -.")]
    [InlineData("""{"critical":[{"name":"","match":{"type":["t"]}}]}""", "#/critical/0/name: found \"\"; allowed is ")]
    [InlineData("""{"critical":[{"name":"App","match":{"type":["t"]}}]}""",
        "#/critical/0/name: found \"App\"; allowed is a name: 1 to 64 of a-z, 0-9 and -.")]
    [InlineData("""{"critical":[{"name":"a b","match":{"type":["t"]}}]}""", "#/critical/0/name: found \"a b\"; ")]
    [InlineData("""{"critical":[{"name":["a"],"match":{"type":["t"]}}]}""", "#/critical/0/name: found [\"a\"]; ")]
    [InlineData("""{"critical":[{"name":"a","match":{"type":["t"]}},{"name":"a","match":{"type":["u"]}}]}""",
        "#/critical/1/name: found \"a\", the name of a rule before; allowed is each name once.")]
    [InlineData("""{"critical":[{"name":"a"}]}""",
        "#/critical/0: the member match is missing; it must be a pattern: an object.")]
    [InlineData("""{"critical":[{"name":"a","match":[]}]}""", "#/critical/0/match: found []; allowed is a pattern: ")]
    [InlineData("""{"critical":[{"name":"a","match":{}}]}""", "#/critical/0/match: found {}; allowed is at least one ")]
    [InlineData("""{"critical":[{"name":"a","match":{"type":["t"]}},{"name":"b","match":{"data":{"n":7}}}]}""",
        "#/critical/1/match/data/n: found 7; allowed is an array of values and matchers")]
    [InlineData("""{"critical":[{"name":"a","match":{"n":[{"numerc":[">",1]}]}}]}""",
        "#/critical/0/match/n/0/numerc: ")]
    [InlineData("""{"critical":[{"name":"a","match":{"type":["t"],"type":["u"]}}]}""",
        "#/critical/0/match/type: the object has a member of that name already")]
    public void A_mistake_in_the_filter_names_its_place(string text, string expected) =>
        Assert.StartsWith("filter.json" + expected, MistakeOf(() => Filter(text)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"routes":null}""", "#/routes: found null; allowed is an array of objects.")]
    [InlineData("""{"routes":[{"name":"a"}]}""",
        "#/routes/0: the member match is missing; it must be a pattern: an object.")]
    [InlineData("""{"routes":[{"name":"a",""" + Match + ""","command":"b"}]}""",
        "#/routes/0: the member priority is missing; it must be high or normal or low.")]
    [InlineData("""{"routes":[{"name":"a",""" + Match + ""","priority":"High","command":"b"}]}""",
        "#/routes/0/priority: found \"High\"; allowed is high or normal or low.")]
    [InlineData("""{"routes":[{"name":"a",""" + Match + ""","priority":"high"}]}""",
        "#/routes/0: the member command is missing; it must be a name: 1 to 64 of a-z, 0-9 and -.")]
    [InlineData("""{"routes":[{"name":"a",""" + Match + ""","priority":"high","command":"open_incident"}]}""",
        "#/routes/0/command: found \"open_incident\"; allowed is a name: 1 to 64 of a-z, 0-9 and -.")]
    [InlineData("""{"routes":[{"name":"a",""" + Rest + """},{"name":"a",""" + Rest + "}]}",
        "#/routes/1/name: found \"a\", the name of a rule before; allowed is each name once.")]
    [InlineData("""{"routes":[{"name":"a","arguments":{},""" + Rest + "}]}",
        "#/routes/0/arguments: unknown member; allowed are name, match, priority, command, args, deadline.")]
    [InlineData("""{"routes":[{"name":"a","args":"$.data",""" + Rest + "}]}",
        "#/routes/0/args: found \"$.data\"; allowed is an object.")]
    [InlineData("""{"routes":[{"name":"a","args":null,""" + Rest + "}]}",
        "#/routes/0/args: found null; allowed is an object.")]
    [InlineData("""{"routes":[{"name":"a","args":{"x":[0,{"a/b":"$.data..ip"}]},""" + Rest + "}]}",
        "#/routes/0/args/x/1/a~1b: found \"$.data..ip\": the path 'data..ip' has an empty name at character 5; ")]
    [InlineData("""{"routes":[{"name":"a","args":{"x":"$."},""" + Rest + "}]}",
        "#/routes/0/args/x: found \"$.\": the path '' has an empty name")]
    [InlineData("""{"routes":[{"name":"a","args":{"x":1,"x":2},""" + Rest + "}]}",
        "#/routes/0/args/x: the object has a member of that name already")]
    [InlineData("""{"routes":[{"name":"a","deadline":"1h",""" + Rest + "}]}",
        "#/routes/0/deadline: found \"1h\"; allowed is a duration from PT0S to P365D, such as PT1M.")]
    [InlineData("""{"routes":[{"name":"a","deadline":"-PT1H",""" + Rest + "}]}",
        "#/routes/0/deadline: found \"-PT1H\"; allowed is a duration")]
    [InlineData("""{"routes":[{"name":"a","deadline":"PT0S",""" + Rest + "}]}",
        "#/routes/0/deadline: found \"PT0S\"; allowed is a duration longer than none, such as PT1H.")]
    public void A_mistake_in_the_routes_names_its_place(string text, string expected) =>
        Assert.StartsWith("routes.json" + expected, MistakeOf(() => Routes(text)), StringComparison.Ordinal);

    [Fact]
    public void A_name_may_have_its_limit_and_no_more()
    {
        Assert.Equal(LongName, Assert.Single(Routes(WithName(LongName)).Routes).Name);
        Assert.StartsWith(
            "routes.json#/routes/0/name: found \"aaa",
            MistakeOf(() => Routes(WithName(LongName + "a"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_may_be_empty_and_has_a_limit()
    {
        Assert.Empty(Filter("""{"critical":[]}""").Critical);
        var rules = Enumerable.Range(0, ConfigFile.ObjectsMax + 1).Select(i => $$"""{"name":"r{{i}}",{{Match}}}""");

        Assert.Equal(
            ConfigFile.ObjectsMax,
            Filter($$"""{"critical":[{{string.Join(',', rules.Skip(1))}}]}""").Critical.Count);
        Assert.Equal(
            "filter.json#/critical: found 1001 elements; allowed are 1000.",
            MistakeOf(() => Filter($$"""{"critical":[{{string.Join(',', rules)}}]}""")));
    }

    [Fact]
    public void A_file_that_a_user_broke_is_named_as_the_user_knows_it()
    {
        var root = Directory.CreateTempSubdirectory("rules");
        Directory.CreateDirectory(Path.Combine(root.FullName, "config"));
        var config = ConfigFolder.Open(new("Test", new Dictionary<string, string>
        {
            ["LAMBDA_TASK_ROOT"] = root.FullName,
        }));

        Assert.Equal("functions/config/filter.json: the file is missing.", MistakeOf(() => config.Filter()));
        File.WriteAllText(Path.Combine(root.FullName, "config", "routes.json"), """{"route":[]}""");
        Assert.Equal(
            "functions/config/routes.json#/route: unknown member; allowed are routes.",
            MistakeOf(() => config.Routes()));
        root.Delete(recursive: true);
    }

    private static string WithName(string name) => $$"""{"routes":[{"name":"{{name}}",{{Rest}}}]}""";

    private static FilterRules Filter(string text) =>
        FilterRules.Read(ConfigFile.Parse("filter.json", Encoding.UTF8.GetBytes(text)));

    private static RouteRules Routes(string text) =>
        RouteRules.Read(ConfigFile.Parse("routes.json", Encoding.UTF8.GetBytes(text)));

    private static string MistakeOf(Action read) => Assert.Throws<ConfigurationException>(read).Message;
}
