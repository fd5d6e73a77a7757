using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Tests.Engine;
using Pipeline.Tests.Replays;
using Xunit;

namespace Pipeline.Tests.Processes;

/// <summary>
/// The published binary does with a payload what the function does in process, byte for byte, but for the moments that
/// a command's objects name: a process measures how long it computes.
/// </summary>
[Collection(PublishedFunctions.Collection)]
public sealed partial class IsolatedInvokeTests : IDisposable
{
    private readonly OutputFolder _folder = new();

    public static TheoryData<string> Payloads => PayloadFiles.Theory(_ => true);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Payloads))]
    public void A_payload_gets_the_same_from_the_binary(string payload)
    {
        string[] arguments = [payload.Split('/')[0], "--event", Path.Combine(PayloadFiles.Folder, payload), "--json"];
        var (exit, output, error) = Isolated([.. arguments, "--output", _folder.File("isolated")]);
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(Invocations.Run(null, [.. arguments, "--output", _folder.File("in-process")]).Output, output);
        Assert.Equal(WithoutMoments(Files("in-process")), WithoutMoments(Files("isolated")));
    }

    [Fact]
    public void A_command_delivered_twice_is_carried_out_once_by_two_processes()
    {
        var shop = _folder.File("shop");
        Assert.Equal(0, Isolated("ExecuteLow", "--event", Payload("ExecuteLow/normal.json"), "--output", shop).Exit);
        var before = Files("shop");
        var (exit, _, error) = Isolated(
            "ExecuteLow", "--event", Payload("ExecuteLow/redelivery.json"), "--output", shop);
        Assert.Equal(0, exit);
        Assert.StartsWith("ExecuteLow: 4 in, 4 dropped (already-executed 4)", error, StringComparison.Ordinal);
        Assert.Equal(before, Files("shop"));
    }

    [Fact]
    public void Wrong_settings_end_in_one_sentence_before_anything_is_written()
    {
        var (exit, output, error) = Isolated(
            "Route", "--event", Payload("Route/normal.json"), "--output", _folder.File("out"), "--template",
            Template(route => route["Environment"]!["Variables"]!["FUNCTION_TIMEOUT_SECONDS"] = "soon"));
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("FUNCTION_TIMEOUT_SECONDS is 'soon'", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Theory]
    [InlineData("Validate", "pipeline.json", "/unknownType")]
    [InlineData("ExecuteLow", "execute.json", "/blockFor")]
    public void A_wrong_configuration_is_told_as_in_process(string function, string file, string pointer)
    {
        var published = PublishedFunctions.Native().Folder;
        foreach (var path in Directory.EnumerateFiles(published, "*", SearchOption.AllDirectories))
        {
            _folder.Write("artifact/" + Path.GetRelativePath(published, path), File.ReadAllBytes(path));
        }
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                _folder.File("artifact/bootstrap"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        _folder.Write("artifact/config/pipeline.json", """{"unknownType":"maybe"}"""u8);
        _folder.Write("artifact/config/execute.json", """{"blockFor":7}"""u8);
        var (exit, output, error) = Invocations.Run(
            null, function, "--event", Payload($"{function}/normal.json"), "--json", "--isolated", "--artifact",
            _folder.File("artifact"));
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains(file, error, StringComparison.Ordinal);
        Assert.Contains(pointer, error, StringComparison.Ordinal);
        Assert.DoesNotContain("Runtime.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_runs_out_of_time_is_killed_and_told_of()
    {
        // Nobody takes its commands, so it tries until it is killed.
        var (exit, output, error) = Isolated(
            "Route", "--event", Payload("Route/normal.json"), "--template", Template(route =>
            {
                route["Environment"]!["Variables"]!["QUEUE_HIGH"] = "https://sqs.us-east-1.amazonaws.com/1/nowhere";
                route["Timeout"] = 1;
            }));
        Assert.Equal(1, exit);
        Assert.Equal(
            """{"errorMessage":"Task timed out after 1.00 seconds","errorType":"Sandbox.Timedout"}""" + "\n", output);
        Assert.Contains(
            "pipeline: Route failed: Sandbox.Timedout: Task timed out", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_holds_no_functions_is_named()
    {
        var (exit, output, error) = Invocations.Run(
            null, "Route", "--event", Payload("Route/normal.json"), "--isolated", "--artifact", _folder.Path);
        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith(
            $"pipeline: The artifact '{_folder.Path}' holds no functions", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_artifact_goes_with_isolation() => Assert.Equal(
        (2, "", "pipeline invoke: --artifact goes with --isolated.\n"),
        Invocations.Run(null, "Route", "--event", Payload("Route/normal.json"), "--artifact", "somewhere"));

    private static IEnumerable<string> WithoutMoments(SortedDictionary<string, string> files) =>
        files.Select(file => $"{file.Key} {Moment().Replace(file.Value, "(moment)")}");

    [GeneratedRegex(@"(?<=""(startedAt|finishedAt|leaseUntil|openedAt|closedAt|at|until)"":"")[^""]+")]
    private static partial Regex Moment();

    private static (int Exit, string Output, string Error) Isolated(params string[] arguments) => Invocations.Run(
        null, [.. arguments, "--isolated", "--artifact", PublishedFunctions.Native().Folder]);

    private static string Payload(string name) => Path.Combine(PayloadFiles.Folder, name);

    /// <summary>The files below a folder, by their names in it.</summary>
    private SortedDictionary<string, string> Files(string folder) => new(
        _folder.Files(folder + "/").ToDictionary(file => file.Key[folder.Length..], file => file.Value),
        StringComparer.Ordinal);

    /// <summary>The committed template with other properties of Route, in a file.</summary>
    private string Template(Action<JsonObject> change)
    {
        var template = JsonNode.Parse(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "infra", "pipeline.template.json")))!;
        change(template["Resources"]!["Route"]!["Properties"]!.AsObject());
        return _folder.Write("template.json", Encoding.UTF8.GetBytes(template.ToJsonString()));
    }
}
