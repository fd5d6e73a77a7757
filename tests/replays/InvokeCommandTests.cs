using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Tests.Engine;
using Xunit;

namespace Pipeline.Tests.Replays;

/// <summary>The command as a user meets it: what it prints where, what it leaves, how it ends.</summary>
public sealed class InvokeCommandTests : IDisposable
{
    private const string Done = "{\"batchItemFailures\":[]}\n";

    private readonly OutputFolder _folder = new();

    private string Output => _folder.File("out");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_response_stands_alone_on_standard_output_and_what_it_did_on_the_other()
    {
        var (exit, output, error) = Run("Validate", "--event", Payload("Validate/bad-data.json"));
        Assert.Equal((0, Done), (exit, output));
        string[] said =
        [
            "Validate: 11 in, 1 emitted, 10 rejected (",
            "  put on Validated shardId-000000000000: 1 event of 23.20.192.77",
            "  wrote rejected/Validate/2026/01/05/08/shardId-000000000000-", " as invalid-data: /data/status",
            "  nothing is kept; --output DIR keeps the objects",
        ];
        Assert.All(said, text => Assert.Contains(text, error, StringComparison.Ordinal));
    }

    [Fact]
    public void Json_stands_alone_and_tells_all()
    {
        var (exit, output, error) = Run("Route", "--event", Payload("Route/normal.json"), "--json");
        Assert.Equal((0, ""), (exit, error));
        var json = JsonNode.Parse(output)!;
        Assert.Equal("Route", (string?)json["function"]);
        Assert.Equal(Done.TrimEnd(), json["response"]!.ToJsonString());
        Assert.Equal(5, (int)json["metrics"]!["emitted"]!);
        var queues = json["queues"]!.AsObject();
        Assert.Equal(["CommandsHigh", "CommandsNormal", "CommandsLow"], queues.Select(queue => queue.Key));
        Assert.Equal("notify", (string?)queues["CommandsLow"]![0]!["body"]!["name"]);
    }

    [Fact]
    public void The_same_payload_does_the_same_each_time()
    {
        string[] arguments = ["ExecuteNormal", "--event", Payload("ExecuteNormal/normal.json"), "--json", "--output"];
        var (_, first, _) = Run([.. arguments, Output]);
        var (_, second, _) = Run([.. arguments, _folder.File("other")]);
        Assert.Equal(first, second);
        Assert.Equal(_folder.Files("out/"), Renamed(_folder.Files("other/")));

        static SortedDictionary<string, string> Renamed(SortedDictionary<string, string> files) => new(
            files.ToDictionary(file => "out" + file.Key["other".Length..], file => file.Value), StringComparer.Ordinal);
    }

    [Fact]
    public void The_output_directory_holds_the_objects_and_nothing_of_the_engine()
    {
        var (exit, _, error) = Run("ExecuteHigh", "--event", Payload("ExecuteHigh/normal.json"), "--output", Output);
        Assert.Equal(0, exit);
        Assert.DoesNotContain("nothing is kept", error, StringComparison.Ordinal);
        var files = _folder.Files().Keys.ToList();
        Assert.Equal(3, files.Count);
        Assert.Equal("out/.pipeline-invoke", files[0]);
        Assert.StartsWith("out/commands/", files[1], StringComparison.Ordinal);
        Assert.Equal("out/incidents/search.json", files[2]);
    }

    [Fact]
    public void A_later_invocation_finds_what_an_earlier_one_left()
    {
        Run("ExecuteHigh", "--event", Payload("ExecuteHigh/block-address.json"), "--output", Output);
        var (exit, output, _) = Run(
            "Enrich", "--event", Payload("Enrich/normal.json"), "--output", Output, "--json");
        Assert.Equal(0, exit);
        Assert.Contains("\"blocked\": true", output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_comes_from_standard_input_too()
    {
        var (exit, output, _) = Invocations.Run(
            PayloadFiles.Read("Validate/normal.json"), "Validate", "--event", "-");
        Assert.Equal((0, Done), (exit, output));
        var (refused, _, error) = Invocations.Run([], "Validate", "--event", "-");
        Assert.Equal(1, refused);
        Assert.Contains("the event 'standard input' is no JSON", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Enrich", "Enrich/normal.json")]
    [InlineData("ExecuteLow", "ExecuteLow/normal.json")]
    public void A_payload_captured_in_any_account_and_region_is_taken(string function, string payload)
    {
        var here = Encoding.UTF8.GetString(PayloadFiles.Read(payload));
        var there = here.Replace("us-east-1", "eu-west-3", StringComparison.Ordinal)
            .Replace("123456789012", "210987654321", StringComparison.Ordinal)
            .Replace("stream/Validated", "stream/Shop-Validated1F", StringComparison.Ordinal)
            .Replace("CommandsLow", "Shop-CommandsLow-9ZY8", StringComparison.Ordinal);
        Assert.NotEqual(here, there);
        var file = _folder.Write("there.json", Encoding.UTF8.GetBytes(there));
        var (exit, output, error) = Run(function, "--event", file);
        Assert.Equal((0, Done), (exit, output));
        Assert.Equal(Run(function, "--event", Payload(payload)).Error, error);
    }

    [Fact]
    public void Settings_come_from_the_template_alone()
    {
        var template = Template(resources =>
            Variables(resources, "Validate")["OUTPUT_STREAM"] = new JsonObject { ["Ref"] = "Critical" });
        var (exit, _, error) = Run("Validate", "--event", Payload("Validate/normal.json"), "--template", template);
        Assert.Equal(0, exit);
        Assert.Contains("records on Critical", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_in_the_settings_of_another_function_does_not_matter()
    {
        var template = Template(resources => Variables(resources, "Route")["FUNCTION_TIMEOUT_SECONDS"] = "soon");
        Assert.Equal(0, Run("Validate", "--event", Payload("Validate/normal.json"), "--template", template).Exit);
        var (exit, output, error) = Run(
            "Route", "--event", Payload("Route/normal.json"), "--template", template, "--output", Output);
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("FUNCTION_TIMEOUT_SECONDS is 'soon'", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void A_function_that_fails_answers_its_error_document()
    {
        // Nobody takes its output, so it tries until it is killed.
        var template = Template(resources =>
        {
            Variables(resources, "Validate")["OUTPUT_STREAM"] = "nowhere";
            resources["Validate"]!["Properties"]!["Timeout"] = 1;
        });
        var (exit, output, error) = Run("Validate", "--event", Payload("Validate/normal.json"), "--template", template);
        Assert.Equal(1, exit);
        Assert.Equal(
            """{"errorMessage":"Task timed out after 1.00 seconds","errorType":"Sandbox.Timedout"}""" + "\n", output);
        Assert.StartsWith("Validate: 10 in, failed with Sandbox.Timedout\n", error, StringComparison.Ordinal);
        Assert.EndsWith(
            "pipeline: Validate failed: Sandbox.Timedout: Task timed out after 1.00 seconds\n",
            error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_that_comes_again_is_a_response_and_no_failure()
    {
        var template = Template(resources => Variables(resources, "Validate")["OUTPUT_STREAM"] = "nowhere");
        var (exit, output, error) = Run("Validate", "--event", Payload("Validate/normal.json"), "--template", template);
        Assert.Equal(0, exit);
        var first = JsonNode.Parse(PayloadFiles.Read("Validate/normal.json"))!["Records"]![0]!["kinesis"]!;
        Assert.Equal(
            $$"""{"batchItemFailures":[{"itemIdentifier":"{{first["sequenceNumber"]}}"}]}""" + "\n", output);
        Assert.StartsWith("Validate: 10 in, 1 reported\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_without_concurrency_is_throttled()
    {
        var template = Template(resources =>
            resources["Validate"]!["Properties"]!["ReservedConcurrentExecutions"] = 0);
        var (exit, output, error) = Run("Validate", "--event", Payload("Validate/normal.json"), "--template", template);
        Assert.Equal(1, exit);
        Assert.Contains("\"message\":\"Rate Exceeded.\"", output, StringComparison.Ordinal);
        Assert.Contains("TooManyRequestsException: Rate Exceeded.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Validate", "{", "is no JSON: ")]
    [InlineData("Validate", "[]", "Validate, which takes records of the stream Raw: There should be an object")]
    [InlineData("Validate", "{}", "The payload has no Records")]
    [InlineData("Validate", """{"Records":[{"messageId":"1","body":"b"}]}""", "Record 0 has no kinesis")]
    [InlineData("ExecuteHigh", "{", "is no JSON: ")]
    [InlineData("ExecuteHigh", "[]", "ExecuteHigh, which takes messages of the queue CommandsHigh: The payload")]
    [InlineData("ExecuteHigh", """{"Records":7}""", "The payload has no array of Records.")]
    [InlineData("ExecuteHigh", """{"Records":[{"kinesis":{}}]}""", "Record 0 has no messageId, a string.")]
    [InlineData("ExecuteHigh", """{"Records":[{"messageId":"1"}]}""", "Record 0 has no body, a string.")]
    [InlineData("ExecuteHigh", """{"Records":[7]}""", "Record 0 has no messageId, a string.")]
    public void A_payload_of_another_kind_is_refused_in_one_sentence(string function, string payload, string message)
    {
        var file = _folder.Write("event.json", Encoding.UTF8.GetBytes(payload));
        var (exit, output, error) = Run(function, "--event", file, "--output", Output);
        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith($"pipeline: the event '{file}' ", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(Output));
    }

    [Theory]
    [InlineData("""{"Records":[{"messageId":"1","body":"b"}]}""")]
    [InlineData("""{"Records":[{"messageId":"1","body":"b","attributes":{"ApproximateFirstReceiveTimestamp":"x"}}]}""")]
    [InlineData("""
        {"Records":[{"messageId":"1","body":"b","attributes":
          {"ApproximateFirstReceiveTimestamp":"9223372036854775807","ApproximateReceiveCount":"9223372036854775807"}}]}
        """)]
    public void A_message_may_say_anything_of_its_times(string payload)
    {
        var file = _folder.Write("event.json", Encoding.UTF8.GetBytes(payload));
        var (exit, output, _) = Run("ExecuteHigh", "--event", file);
        Assert.Equal((0, """{"batchItemFailures":[{"itemIdentifier":"1"}]}""" + "\n"), (exit, output));
    }

    [Theory]
    [InlineData("1545084650.987")]
    [InlineData("-1.5")]
    [InlineData("253402300799")]
    public void A_record_may_have_come_at_any_time(string arrival)
    {
        var payload = """
            {"Records":[{"kinesis":{"partitionKey":"k","sequenceNumber":"1","data":"e30=",
              "approximateArrivalTimestamp":0},"eventID":"shardId-000000000000:1"}]}
            """.Replace(":0}", ":" + arrival + "}", StringComparison.Ordinal);
        var file = _folder.Write("event.json", Encoding.UTF8.GetBytes(payload));
        var (exit, output, error) = Run("Validate", "--event", file);
        Assert.Equal((0, Done), (exit, output));
        Assert.StartsWith("Validate: 1 in, 1 rejected (invalid-event 1)", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "Nobody --event x", "no function 'Nobody'; there are Validate, Enrich, FilterCritical")]
    [InlineData(2, "Validate", "Option '--event' is required.")]
    [InlineData(2, "--event x", "Required argument 'FUNCTION' missing")]
    [InlineData(2, "Validate --event x --foo", "there is no option '--foo'")]
    [InlineData(2, "Validate --event -x", "write ./-x")]
    [InlineData(2, "Validate --event x --artifact x", "--artifact goes with --isolated.")]
    [InlineData(1, "Validate --event nowhere.json", "the event 'nowhere.json' cannot be read")]
    [InlineData(1, "Validate --event .", "the event '.' cannot be read")]
    [InlineData(1, "Validate --event x --template nowhere", "the template 'nowhere' cannot be read")]
    public void What_is_wrong_is_said_before_anything_is_written(int exit, string arguments, string message)
    {
        var (found, output, error) = Run([.. arguments.Split(' '), "--output", Output]);
        Assert.Equal((exit, ""), (found, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void A_directory_that_no_invocation_made_is_refused_untouched()
    {
        _folder.Write("out/thesis.txt", "years of work"u8);
        Refuses("is not empty and no invocation made it");
        File.Delete(Path.Combine(Output, "thesis.txt"));
        _folder.Write("out/.pipeline", []);
        Refuses("belongs to a run, whose accounts an invocation would falsify");
        File.Delete(Path.Combine(Output, ".pipeline"));
        Directory.Delete(Output);
        File.WriteAllText(Output, "a file");
        Refuses("is a file; allowed is a directory");

        void Refuses(string message)
        {
            var before = _folder.Files();
            var (exit, output, error) = Run(
                "Validate", "--event", Payload("Validate/normal.json"), "--output", Output);
            Assert.Equal((1, ""), (exit, output));
            Assert.Contains(message, error, StringComparison.Ordinal);
            Assert.Equal(before, _folder.Files());
        }
    }

    [Fact]
    public void A_directory_is_for_one_invocation_at_a_time_and_never_for_a_run()
    {
        string[] arguments = ["Validate", "--event", Payload("Validate/normal.json"), "--output", Output];
        Assert.Equal(0, Run(arguments).Exit);
        var marker = _folder.File("out/.pipeline-invoke");
        using (new FileStream(marker, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var (exit, _, error) = Run(arguments);
            Assert.Equal(1, exit);
            Assert.Contains("is in use", error, StringComparison.Ordinal);
        }
        Assert.Equal(0, Run(arguments).Exit);
        using var text = new StringWriter();
        Assert.Equal(1, Cli.Program.Run(["run", "--output", Output], new(Stream.Null, text, Interactive: false)));
        Assert.Contains("is not empty and no run made it", text.ToString(), StringComparison.Ordinal);
    }

    private static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        var (exit, output, error) = Invocations.Run(null, arguments);
        return (exit, output, error.ReplaceLineEndings("\n"));
    }

    private static string Payload(string name) => Path.Combine(PayloadFiles.Folder, name);

    private static JsonObject Variables(JsonObject resources, string function) =>
        resources[function]!["Properties"]!["Environment"]!["Variables"]!.AsObject();

    /// <summary>The committed template, changed, in a file.</summary>
    private string Template(Action<JsonObject> change)
    {
        var template = JsonNode.Parse(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "infra", "pipeline.template.json")))!;
        change(template["Resources"]!.AsObject());
        return _folder.Write("template.json", Encoding.UTF8.GetBytes(template.ToJsonString()));
    }
}
