using System.Text.Json.Nodes;
using Pipeline.Engine.Simulation;
using Pipeline.Tests.Engine;
using Xunit;

namespace Pipeline.Tests.Processes;

/// <summary><c>run --isolated</c> as a user meets it.</summary>
[Collection(PublishedFunctions.Collection)]
public sealed class IsolatedCommandTests : IDisposable
{
    private readonly OutputFolder _folder = new();

    private static byte[] Sample => Pipeline.Tests.Engine.Run.Sample(200);

    private string Output => _folder.File("out");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_functions_are_published_and_play_the_input()
    {
        // Skips where nothing can be published; what is there is not compiled again.
        PublishedFunctions.Native();
        var input = _folder.Write("in.ndjson", Sample);
        var (exit, output, error) = Run("--isolated", "--input", input, "--output", Output, "--json");
        Assert.True(exit == 0, error);
        Assert.StartsWith("pipeline: publishing the functions for ", error, StringComparison.Ordinal);
        Assert.True((bool)JsonNode.Parse(output)!["accounting"]!["balanced"]!);
        var written = new RunOutput(Output);
        Assert.Equal(200, written.Archived().Count() + written.BadRows().Count());
    }

    [Fact]
    public void A_run_in_processes_of_their_own_goes_on_where_one_in_process_stopped()
    {
        var artifact = PublishedFunctions.Native().Folder;
        var input = _folder.Write("in.ndjson", Sample);
        var (first, _, _) = Run("--input", input, "--output", Output, "--disable", "Enrich", "--json");
        var (second, output, error) = Run(
            "--isolated", "--artifact", artifact, "--resume", "--output", Output, "--json");
        Assert.Equal(0, first);
        Assert.True(second == 0, error);
        Assert.Equal(0, (int)JsonNode.Parse(output)!["accounting"]!["inFlight"]!);
    }

    [Fact]
    public void A_folder_without_functions_stops_the_run_before_it_writes_anything()
    {
        var (exit, output, error) = Run("--isolated", "--artifact", _folder.Path, "--output", Output);
        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith(
            $"pipeline: The artifact '{_folder.Path}' holds no functions", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void An_artifact_goes_with_isolation() => Assert.Equal(
        (2, "", "pipeline run: --artifact goes with --isolated.\n"), Run("--artifact", "x", "--output", Output));

    private static (int Exit, string Output, string Error) Run(params string[] arguments) =>
        CommandLine.Run(["run", .. arguments]);
}
