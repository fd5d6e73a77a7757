using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Cli.Generate;
using Pipeline.Engine;
using Pipeline.Engine.Simulation;
using Xunit;
using static Pipeline.Tests.CommandLine;

namespace Pipeline.Tests.Runs;

/// <summary><c>pipeline shards</c> and <c>run --reshard</c> as a user meets them.</summary>
public sealed class ShardsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-shards-").FullName;

    private string Output => Path.Combine(_folder, "out");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_shards_of_a_stream_are_shown_as_a_table_and_as_JSON()
    {
        Play();
        var (exit, table, error) = Run("shards", "list", "Enriched", "--output", Output);
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("First hash key", table, StringComparison.Ordinal);
        Assert.Contains("shardId-000000000001", table, StringComparison.Ordinal);

        var shards = List("Enriched");
        Assert.Equal(["OPEN", "OPEN"], shards.Select(shard => shard["state"]!.GetValue<string>()));
        Assert.Equal("0", shards[0]["startingHashKey"]!.GetValue<string>());
        Assert.Equal(UInt128.MaxValue, UInt128.Parse(shards[1]["endingHashKey"]!.GetValue<string>(), null));
        Assert.All(shards, shard => Assert.True(shard["records"]!.GetValue<long>() > 0));
        Assert.All(shards, shard => Assert.True(
            shard["bytes"]!.GetValue<long>() > 100 * shard["records"]!.GetValue<long>()));
    }

    [Fact]
    public void A_resumed_run_goes_on_with_the_shards_that_were_split_merged_and_scaled_while_nothing_ran()
    {
        var input = TestRun.Generate(new GenerateOptions(600) { Seed = 3, Rate = 5, DuplicateRate = 0.05 });
        var half = Encoding.UTF8.GetString(input).Split('\n')[..300].Sum(line => Encoding.UTF8.GetByteCount(line) + 1);
        // What the first run leaves in Enriched's parents comes before what the second puts into their children.
        Assert.Equal(
            0, Run("run", "--input", Write("a", input[..half]), "--output", Output, "--disable", "Enrich").Exit);
        foreach (var stream in new[] { "Raw", "Validated", "Enriched" })
        {
            Change("split", stream, "0");
            Change("split", stream, "shardId-000000000001", "--at", "255211775190703847597530955573826158590");
            Change("merge", stream, "3", "4");
            Assert.Equal(7, List(stream).Count);
        }
        Change("scale", "Enriched", "4");
        var (exit, json, error) = Run(
            "run", "--input", Write("b", input[half..]), "--output", Output, "--resume", "--json");
        Assert.Equal((0, ""), (exit, error));
        TestRun.RunLaws.Check(input, JsonSerializer.Deserialize<RunSummary>(json)!, new RunOutput(Output));
        Assert.True(List("Validated").Where(shard => Text(shard, "state") == "OPEN")
            .All(shard => shard["records"]!.GetValue<long>() > 0));
        Assert.Equal(4, List("Enriched").Count(shard => Text(shard, "state") == "OPEN"));
        Assert.Equal(0, Run("run", "--output", Output, "--resume").Exit);
    }

    [Theory]
    [InlineData("InvalidArgumentException", "split", "Enriched", "0", "--at", "1")]
    [InlineData("ResourceNotFoundException", "split", "Enriched", "7")]
    [InlineData("InvalidArgumentException", "merge", "Enriched", "0", "0")]
    [InlineData("InvalidArgumentException", "scale", "Enriched", "5")]
    [InlineData("there are Raw, Validated, Enriched", "list", "Nothing")]
    public void What_AWS_would_refuse_is_told_and_changes_nothing(string told, params string[] arguments)
    {
        Play();
        var before = List("Enriched").Select(shard => shard.ToJsonString()).ToList();
        var (exit, output, error) = Run(["shards", .. arguments, "--output", Output]);
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.Equal(before, List("Enriched").Select(shard => shard.ToJsonString()));
    }

    [Theory]
    [InlineData("split", "Enriched", "one")]
    [InlineData("split", "Enriched", "shardId-1")]
    [InlineData("split", "Enriched", "0", "--at", "x")]
    [InlineData("scale", "Enriched", "0")]
    [InlineData("scale", "Enriched")]
    [InlineData("list")]
    public void A_command_that_is_not_understood_is_wrong_usage(params string[] arguments)
    {
        var (exit, _, error) = Run(["shards", .. arguments, "--output", Output]);
        Assert.Equal(2, exit);
        Assert.StartsWith("pipeline shards", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void There_are_no_shards_where_no_run_came_to_its_end()
    {
        var (exit, _, error) = Run("shards", "list", "Enriched", "--output", Output);
        Assert.Equal(1, exit);
        Assert.Contains("no shards to show", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"at":"PT80S","stream":"Enriched","operation":"split","shard":"shardId-000000000000"}""" + "\n"
        + """{"at":"PT80S","stream":"Raw","operation":"scale","count":3}""")]
    [InlineData("""
        [ { "at": "80s", "stream": "Enriched", "operation": "split", "shard": 0, "newStartingHashKey": "1000" },
          { "at": "80s", "stream": "Raw", "operation": "scale", "count": 3 } ]
        """)]
    public void A_run_reshards_as_its_script_says(string script)
    {
        var input = Write("in", TestRun.Generate(new GenerateOptions(600) { Rate = 5 }));
        var file = Write("script", Encoding.UTF8.GetBytes(script));
        var (exit, _, error) = Run("run", "--input", input, "--output", Output, "--reshard", file);
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(["CLOSED", "OPEN", "OPEN", "OPEN"], List("Enriched").Select(shard => Text(shard, "state")));
        Assert.Equal(3, List("Raw").Count(shard => Text(shard, "state") == "OPEN"));
    }

    [Fact]
    public void A_step_that_AWS_would_refuse_is_a_warning()
    {
        var file = Write("script", """{"at":"PT1M","stream":"Raw","operation":"scale","count":9}"""u8.ToArray());
        var input = Write("in", TestRun.Generate(new GenerateOptions(20)));
        var (exit, output, error) = Run("run", "--input", input, "--output", Output, "--reshard", file, "--json");
        Assert.Equal(0, exit);
        Assert.StartsWith(
            "pipeline: warning: At PT1M of the run: scale Raw to 9 was refused", error, StringComparison.Ordinal);
        Assert.NotNull(JsonNode.Parse(output));
    }

    /// <summary>Two shards have eight slots at least; with eight, a third one has too few.</summary>
    [Theory]
    [InlineData("split", "Enriched", "0")]
    [InlineData("scale", "Enriched", "3")]
    public void More_shards_than_the_slots_allow_are_refused_and_change_nothing(params string[] arguments)
    {
        Play("--template", WithSlots(8));
        var before = List("Enriched").Select(shard => shard.ToJsonString()).ToList();
        var (exit, output, error) = Run(["shards", .. arguments, "--output", Output]);
        Assert.Equal((1, ""), (exit, output));
        Assert.Equal(
            "pipeline: nothing was changed: 3 shards need at least 12 slots (4 a shard), but the functions have 8;"
            + " keep to 2 shards, or drain the pipeline and synthesize it with -c slots=16.\n", error);
        Assert.Equal(before, List("Enriched").Select(shard => shard.ToJsonString()));
        // A merge makes room for a split.
        Change("merge", "Enriched", "0", "1");
        Change("split", "Enriched", "2");
    }

    [Fact]
    public void A_run_leaves_a_split_out_that_its_slots_do_not_allow_and_refuses_such_a_scaling_at_once()
    {
        var split = Write("split", """{"at":"PT1S","stream":"Raw","operation":"split","shard":0}"""u8.ToArray());
        var scale = Write("scale", """{"at":"PT1S","stream":"Raw","operation":"scale","count":3}"""u8.ToArray());
        var input = Write("in", TestRun.Generate(new GenerateOptions(20)));
        string[] run = ["run", "--input", input, "--output", Output, "--template", WithSlots(8), "--reshard"];
        var (exit, _, error) = Run([.. run, scale]);
        Assert.Equal(1, exit);
        Assert.Contains($"{scale}:1: 3 shards need at least 12 slots", error, StringComparison.Ordinal);
        Assert.Contains("allowed: whole numbers from 1 to 2.", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));

        (exit, _, error) = Run([.. run, split]);
        Assert.Equal(0, exit);
        Assert.StartsWith(
            "pipeline: warning: At PT1S of the run: split shardId-000000000000 of Raw was refused and left out; 3"
            + " shards need at least 12 slots", error, StringComparison.Ordinal);
        Assert.Equal(2, List("Raw").Count);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("10000")]
    public void Shards_of_a_run_that_its_slots_do_not_allow_are_refused_before_any_output(string shards)
    {
        var (exit, _, error) = Run("run", "--output", Output, "--template", WithSlots(8), "--shards", shards);
        Assert.Equal(1, exit);
        Assert.StartsWith($"pipeline: --shards {shards}: {shards} shards need", error, StringComparison.Ordinal);
        Assert.Contains("but the functions have 8; keep to 2 shards", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    public static TheoryData<string, int, string, string> Mistakes() => new()
    {
        { "{", 1, "no JSON", "JSON objects" },
        { "[]\n7", 2, "Number", "an object" },
        { """{"at":"PT1M"}""", 1, "'operation' is missing", "split, merge, scale" },
        { """{"at":"PT1M","stream":"Raw","operation":"cut"}""", 1, "operation 'cut'", "split, merge, scale" },
        { """{"at":"soon","stream":"Raw","operation":"scale","count":1}""", 1, "at 'soon'", "PT20S" },
        { """{"at":60,"stream":"Raw","operation":"scale","count":1}""", 1, "kind Number", "a text" },
        { """{"at":"PT1M","stream":"Ray","operation":"scale","count":1}""", 1, "no stream 'Ray'", "Raw, Validated" },
        { """{"at":"PT1M","stream":"Raw","operation":"scale","count":0}""", 1, "count 0", "from 1 to 10000" },
        { """{"at":"PT1M","stream":"Raw","operation":"scale"}""", 1, "'count' is missing", "from 1 to 10000" },
        { """{"at":"PT1M","stream":"Raw","operation":"split","shard":"x"}""", 1, "shard 'x'", "its number, 3" },
        { """{"at":"PT1M","stream":"Raw","operation":"split"}""", 1, "'shard' is missing", "its number, 3" },
        { """{"at":"PT1M","stream":"Raw","operation":"merge","shard":1}""", 1, "'adjacentShard' is missing", "3" },
        {
            """{"at":"PT1M","stream":"Raw","operation":"split","shard":1,"count":2}""",
            1, "'count'", "newStartingHashKey"
        },
        {
            """
            {"at":"PT1M","stream":"Raw","operation":"scale","count":1}

            {"at":"PT1M","stream":"Raw","operation":"split","shard":1,"newStartingHashKey":"-1"}
            """,
            3, "newStartingHashKey '-1'", "0 to 2^128-1"
        },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_in_a_script_ends_the_run_before_any_output(
        string script, int line, string found, string allowed)
    {
        var file = Write("script.ndjson", Encoding.UTF8.GetBytes(script));
        var (exit, output, error) = Run("run", "--output", Output, "--reshard", file);
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains($"{file}:{line}: ", error, StringComparison.Ordinal);
        Assert.Contains(found, error, StringComparison.Ordinal);
        Assert.Contains(allowed, error.Split("; allowed: ")[1], StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    private void Play(params string[] more)
    {
        var input = Write("in", TestRun.Generate(new GenerateOptions(100)));
        Assert.Equal(0, Run(["run", "--input", input, "--output", Output, .. more]).Exit);
    }

    /// <summary>The committed template with other slots.</summary>
    private string WithSlots(int slots)
    {
        var committed = Path.Combine(AppContext.BaseDirectory, "infra", "pipeline.template.json");
        return Write("template.json", Encoding.UTF8.GetBytes(File.ReadAllText(committed).Replace(
            "\"SLOTS\": \"128\"", $"\"SLOTS\": \"{slots}\"", StringComparison.Ordinal)));
    }

    private void Change(string operation, string stream, params string[] arguments)
    {
        var (exit, _, error) = Run(["shards", operation, stream, .. arguments, "--output", Output]);
        Assert.Equal((0, ""), (exit, error));
    }

    private List<JsonNode> List(string stream) =>
        [.. JsonNode.Parse(Run("shards", "list", stream, "--output", Output, "--json").Output)!.AsArray()
            .OfType<JsonNode>()];

    private static string Text(JsonNode json, string member) => json[member]!.GetValue<string>();

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
