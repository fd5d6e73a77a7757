using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Engine.Simulation;
using Xunit;
using static Pipeline.Tests.CommandLine;

namespace Pipeline.Tests.Runs;

/// <summary>The command as a user meets it: what it prints, what it leaves, how it ends.</summary>
public sealed class RunCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-command-").FullName;

    private string Output => Path.Combine(_folder, "out");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_sample_is_played_balanced_and_reported()
    {
        var (exit, output, error) = Run("run", "--output", Output);
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains(
            "10,000 lines = 9,800 archived + 200 rejected + 0 dead-lettered + 0 in flight: balanced", output,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
        var summary = Summary();
        Assert.True(summary["accounting"]!["balanced"]!.GetValue<bool>());
        var written = new RunOutput(Output);
        Assert.Equal(9800, written.Archived().Count());
        Assert.Equal(200, written.BadRows().Count());
    }

    [Fact]
    public void Json_stands_alone_on_standard_output_and_equals_the_file()
    {
        var input = Write("one.ndjson", Event("1"));
        var (exit, output, _) = Run("run", "--input", input, "--output", Output, "--json");
        Assert.Equal(0, exit);
        Assert.EndsWith("}\n", output, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(output), Summary()));
    }

    [Fact]
    public void An_empty_file_is_balanced()
    {
        var (exit, _, error) = Run("run", "--input", Write("empty", []), "--output", Output);
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(0, Summary()["input"]!["lines"]!.GetValue<long>());
    }

    [Fact]
    public void Lines_that_are_no_events_come_out_byte_for_byte()
    {
        byte[][] lines =
        [
            [0xff, 0x00, 0x0d], "{"u8.ToArray(), Encoding.UTF8.GetBytes(new string('{', 3000)),
            [0xf3, 0x89, 0x9a, 0xc2, 1, 2, 3],
        ];
        var input = Write("bad", [.. lines.SelectMany(line => (byte[])[.. line, (byte)'\n'])]);
        var (exit, _, _) = Run("run", "--input", input, "--output", Output);
        Assert.Equal(0, exit);
        var payloads = new RunOutput(Output).BadRows()
            .Select(row => Convert.ToHexString(row.GetProperty("payload").GetBytesFromBase64()));
        Assert.Equal(
            lines.Select(Convert.ToHexString).Order(StringComparer.Ordinal), payloads.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(300)]
    public void Repeats_are_counted_also_of_events_that_name_no_key(int sourceCharacters)
    {
        var line = Encoding.UTF8.GetString(Event("1")).Replace(
            "/test", "/" + new string('s', sourceCharacters - 1), StringComparison.Ordinal);
        byte[] input = [.. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(line, 4))), .. Event("2")];
        var (exit, _, _) = Run("run", "--input", Write("repeats", input), "--output", Output);
        Assert.Equal(0, exit);
        Assert.Equal(5, Summary()["accounting"]!["archived"]!.GetValue<long>());
        Assert.Equal(3, Summary()["duplicates"]!.GetValue<long>());
    }

    [Fact]
    public void A_line_too_large_to_travel_is_kept_whole_and_named_by_its_bad_row()
    {
        var line = Encoding.UTF8.GetBytes("{\"a\":\"" + new string('x', 2_000_000) + "\"}");
        var (exit, _, _) = Run("run", "--input", Write("large", [.. line, (byte)'\n']), "--output", Output);
        Assert.Equal(0, exit);
        var row = Assert.Single(new RunOutput(Output).BadRows());
        Assert.Equal("too-large", row.GetProperty("reason").GetString());
        Assert.Equal(line, File.ReadAllBytes(Path.Combine(Output, row.GetProperty("payloadRef").GetString()!)));
    }

    [Fact]
    public void A_truncated_gz_is_played_as_far_as_it_goes_and_told_with_its_offset()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < 2000; i++)
            {
                gzip.Write(Event(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{i * 7919}")));
            }
        }
        var (exit, _, error) = Run("run", "--input", Write("cut.gz", packed.ToArray()[..^9]), "--output", Output);
        Assert.Equal(1, exit);
        Assert.Matches("breaks off after [0-9]+ bytes", error);
        Assert.True(Summary()["accounting"]!["balanced"]!.GetValue<bool>());
        Assert.True(Summary()["input"]!["lines"]!.GetValue<long>() > 1000);
    }

    [Theory]
    [InlineData(2, "--foo", "there is no option '--foo'")]
    [InlineData(2, "--shards 0", "--shards takes a whole number from 1 to 10000")]
    [InlineData(2, "--pace slow", "--pace takes event or full")]
    [InlineData(1, "--shards 64", "64 shards need at least 256 slots")]
    [InlineData(1, "--disable Nobody", "its functions: Validate, Enrich")]
    [InlineData(1, "--input nowhere", "The input 'nowhere' does not exist")]
    [InlineData(1, "--template nowhere", "the template 'nowhere' cannot be read")]
    [InlineData(1, "--template .", "the template '.' cannot be read")]
    [InlineData(2, "--template -x", "write ./-x")]
    [InlineData(2, "--input --json", "--input takes the name of a file")]
    [InlineData(2, "--disable --json", "--disable takes one FUNCTION or several, not '--json'")]
    public void What_is_wrong_is_said_before_anything_is_written(int exit, string arguments, string message)
    {
        var (found, output, error) = Run(["run", "--output", Output, .. arguments.Split(' ')]);
        Assert.Equal((exit, ""), (found, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void An_output_without_a_name_is_wrong_usage()
    {
        var (exit, output, error) = Run("run", "--output", "");
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains("--output takes the name of a directory", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_refuses_an_input_that_holds_its_output()
    {
        var input = Directory.CreateDirectory(Path.Combine(_folder, "in")).FullName;
        File.WriteAllBytes(Path.Combine(input, "a.ndjson"), Event("1"));
        var inside = Path.Combine(input, "out");
        var (exit, _, error) = Run("run", "--input", input, "--output", inside);
        Assert.Equal(1, exit);
        Assert.Contains("lies in the input", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(inside));
    }

    [Theory]
    [InlineData]
    [InlineData("--resume")]
    public void A_directory_that_another_run_uses_is_refused_untouched(params string[] more)
    {
        var input = Write("one", Event("1"));
        Run("run", "--input", input, "--output", Output);
        var before = FilesInOutput();
        var marker = Path.Combine(Output, ".pipeline");
        using (new FileStream(marker, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var (refused, _, error) = Run(["run", "--input", input, "--output", Output, .. more]);
            Assert.Equal(1, refused);
            Assert.Contains("is in use by another run", error, StringComparison.Ordinal);
        }
        Assert.Equal(before, FilesInOutput());
        Assert.Equal(0, Run(["run", "--input", input, "--output", Output, .. more]).Exit);
    }

    [Fact]
    public void A_run_whose_state_is_broken_cannot_be_resumed_and_says_so()
    {
        Run("run", "--input", Write("one", Event("1")), "--output", Output);
        File.WriteAllText(Path.Combine(Output, "state", "engine", "engine.json"), "{");
        var (exit, _, error) = Run("run", "--resume", "--output", Output);
        Assert.Equal(1, exit);
        Assert.Contains("cannot be resumed; run without --resume", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Reasons_are_not_cut_when_the_report_goes_to_a_file()
    {
        var (_, output, _) = Run("run", "--output", Output);
        var reasons = Assert.Single(
            output.Split('\n'), line => line.StartsWith("Validate rejected:", StringComparison.Ordinal));
        Assert.Equal(Summary()["functions"]!["Validate"]!["rejected"]!.AsObject().Count, reasons.Split(", ").Length);
    }

    [Fact]
    public void An_unknown_resource_is_named_before_anything_is_written()
    {
        var committed = Path.Combine(AppContext.BaseDirectory, "infra", "pipeline.template.json");
        var template = JsonNode.Parse(File.ReadAllBytes(committed))!;
        template["Resources"]!["Table"] = JsonNode.Parse("""{"Type":"AWS::DynamoDB::Table","Properties":{}}""");
        var file = Write("template.json", Encoding.UTF8.GetBytes(template.ToJsonString()));
        var (exit, _, error) = Run("run", "--template", file, "--output", Output);
        Assert.Equal(1, exit);
        Assert.Contains("Table.Type: found 'AWS::DynamoDB::Table'", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void A_directory_that_no_run_made_is_refused_untouched()
    {
        Directory.CreateDirectory(Output);
        var precious = Path.Combine(Output, "thesis.txt");
        File.WriteAllText(precious, "years of work");
        var (exit, _, error) = Run("run", "--output", Output);
        Assert.Equal(1, exit);
        Assert.Contains("is not empty and no run made it", error, StringComparison.Ordinal);
        Assert.Equal([precious], Directory.GetFileSystemEntries(Output));
    }

    [Fact]
    public void A_run_empties_its_own_directory_but_never_its_input()
    {
        Run("run", "--input", Write("first", Event("1")), "--output", Output);
        var archived = Assert.Single(new RunOutput(Output).FilesBelow("archive"));
        var (exit, _, error) = Run("run", "--input", archived, "--output", Output);
        Assert.Equal(1, exit);
        Assert.Contains("lies in the output directory", error, StringComparison.Ordinal);
        Assert.True(File.Exists(archived));
        Run("run", "--input", Write("second", Event("2")), "--output", Output);
        Assert.Equal("2", RunOutput.Member(Assert.Single(new RunOutput(Output).Archived()).Line, "id"));
    }

    [Fact]
    public void What_a_disabled_function_left_in_its_pipe_a_resumed_run_drains()
    {
        var input = Write("two", [.. Event("1"), .. Event("2")]);
        var (exit, _, _) = Run("run", "--input", input, "--output", Output, "--disable", "Enrich");
        Assert.Equal(0, exit);
        Assert.Equal(2, Summary()["accounting"]!["inFlight"]!.GetValue<long>());
        (exit, _, _) = Run("run", "--output", Output, "--resume");
        Assert.Equal(0, exit);
        Assert.Equal(2, Summary()["accounting"]!["archived"]!.GetValue<long>());
        Assert.Equal(2, Summary()["input"]!["lines"]!.GetValue<long>());
    }

    [Fact]
    public void Nothing_can_be_resumed_where_no_run_came_to_its_end()
    {
        var (exit, _, error) = Run("run", "--resume", "--output", Output);
        Assert.Equal(1, exit);
        Assert.Contains("nothing to resume", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unreadable_directory_is_told_before_anything_is_written()
    {
        if (OperatingSystem.IsWindows() || !File.Exists("/usr/bin/setpriv") || Environment.UserName != "root")
        {
            Assert.Skip("Only root can become another user, by setpriv.");
            return;
        }
        var locked = Directory.CreateDirectory(
            Path.Combine(_folder, "locked"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        var program = Path.Combine(AppContext.BaseDirectory, "pipeline.dll");
        if (RunAsNobody("test", "-r", program).Exit != 0)
        {
            Assert.Skip("The tests lie where another user may not read.");
        }
        var (exit, error) = RunAsNobody(
            "dotnet", program, "run", "--input", locked.FullName, "--output", Path.Combine(_folder, "theirs"));
        Assert.Contains("cannot be read", error, StringComparison.Ordinal);
        Assert.Equal(1, exit);
    }

    private (int Exit, string Error) RunAsNobody(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", .. command])
        {
            RedirectStandardError = true,
            Environment = { ["HOME"] = _folder, ["DOTNET_CLI_HOME"] = _folder },
        })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }

    private List<string> FilesInOutput() =>
        [.. Directory.GetFiles(Output, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static byte[] Event(string id) => Encoding.UTF8.GetBytes(
        $$$"""{"specversion":"1.0","id":"{{{id}}}","source":"/test","type":"deploy.finished","""
        + "\"time\":\"2026-02-03T04:05:06Z\",\"data\":{\"service\":\"checkout\",\"version\":\"1.2.3\"}}\n");

    private JsonNode Summary() => JsonNode.Parse(File.ReadAllBytes(Path.Combine(Output, "summary.json")))!;

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
