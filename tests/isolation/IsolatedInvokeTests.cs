using System.Text.RegularExpressions;
using Pipeline.Tests.Engine;
using Pipeline.Tests.Isolated;
using Pipeline.Tests.Replays;
using Xunit;

namespace Pipeline.Tests.Isolation;

/// <summary>One invocation by the executable that is uploaded does what it does in this process.</summary>
[Collection(PublishedFunctions.Collection)]
public sealed partial class IsolatedInvokeTests
{
    public static TheoryData<string> Payloads => PayloadFiles.Theory(_ => true);

    [Theory]
    [MemberData(nameof(Payloads))]
    public void A_payload_does_the_same_in_process_and_in_a_process_of_its_own(string payload)
    {
        var function = payload.Split('/')[0];
        var (exit, output, _) = Invoke(function, payload);
        var (isolatedExit, isolatedOutput, error) = Invoke(
            function, payload, "--isolated", "--artifact", PublishedFunctions.Native().Folder);
        Assert.Equal(exit, isolatedExit);
        Assert.True(exit == 0, error);
        Assert.Equal(Measured().Replace(output, "$1"), Measured().Replace(isolatedOutput, "$1"));
    }

    [Theory]
    [InlineData("Validate")]
    [InlineData("ExecuteLow")]
    public void A_wrong_configuration_is_told_as_in_process(string function)
    {
        using var artifact = new OutputFolder();
        foreach (var (name, bytes) in Files(PublishedFunctions.Native().Folder))
        {
            artifact.Write(name, bytes);
        }
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(artifact.File("bootstrap"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        artifact.Write("config/pipeline.json", """{"unknownType":"maybe"}"""u8);
        artifact.Write("config/execute.json", """{"blockFor":7}"""u8);
        var (exit, output, error) = Invoke(
            function, $"{function}/normal.json", "--isolated", "--artifact", artifact.Path);
        Assert.Equal((1, ""), (exit, output));
        var file = function == "Validate" ? "pipeline.json" : "execute.json";
        var pointer = function == "Validate" ? "/unknownType" : "/blockFor";
        Assert.Contains(file, error, StringComparison.Ordinal);
        Assert.Contains(pointer, error, StringComparison.Ordinal);
        Assert.DoesNotContain("Runtime.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_artifact_goes_with_isolation()
    {
        var (exit, output, error) = Invoke("Validate", "Validate/normal.json", "--artifact", "somewhere");
        Assert.Equal((2, ""), (exit, output));
        Assert.Equal("pipeline invoke: --artifact goes with --isolated.\n", error);
    }

    [Fact]
    public void A_folder_that_holds_no_functions_is_named()
    {
        using var empty = new OutputFolder();
        var (exit, _, error) = Invoke("Validate", "Validate/normal.json", "--isolated", "--artifact", empty.Path);
        Assert.Equal(1, exit);
        Assert.StartsWith($"pipeline: The artifact '{empty.Path}' holds no functions", error, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Files(string folder) =>
        from file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        select (Path.GetRelativePath(folder, file), File.ReadAllBytes(file));

    private static (int Exit, string Output, string Error) Invoke(
        string function, string payload, params string[] arguments) => Invocations.Run(
            null, [function, "--event", Path.Combine(PayloadFiles.Folder, payload), "--json", .. arguments]);

    /// <summary>What a function makes of the time that it measured itself.</summary>
    [GeneratedRegex("""("(?:startedAt|finishedAt|at|openedAt|closedAt|until|leaseUntil)":\s*")[^"]*""")]
    private static partial Regex Measured();
}
