using System.Runtime.InteropServices;
using System.Text.Json;
using Pipeline.Infra;
using Pipeline.Infra.Constructs;
using Pipeline.Tests.Aws;
using Xunit;

namespace Pipeline.Tests.Processes;

/// <summary>What is uploaded: exactly what runs, in a form that Lambda starts.</summary>
[Collection(PublishedFunctions.Collection)]
public sealed class PublicationTests
{
    private const int X86 = 62;
    private const int Arm64 = 183;

    [Fact]
    public void Nothing_is_said_while_it_is_made() => Assert.Empty(PublishedFunctions.Native().Output);

    [Fact]
    public void Native_code_comes_with_what_a_user_edits_and_the_countries_and_nothing_else()
    {
        var folder = PublishedFunctions.Native().Folder;
        Assert.Equal(["bootstrap"], Directory.GetFiles(folder).Select(Path.GetFileName));
        var folders = Directory.GetDirectories(folder).Select(Path.GetFileName).ToHashSet();
        Assert.Subset(new HashSet<string?> { "config", "geo" }, folders);
        AssertConfiguration(folder);
    }

    [Fact]
    public void Everyone_may_execute_native_code()
    {
        var bootstrap = Path.Combine(PublishedFunctions.Native().Folder, "bootstrap");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead
                | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
                File.GetUnixFileMode(bootstrap));
        }
    }

    [Fact]
    public void Native_code_needs_no_more_than_Amazon_Linux_2023_has()
    {
        var publication = PublishedFunctions.Native();
        if (publication.Refusal is { } refusal)
        {
            Tools.Lack(refusal);
        }
        var elf = ElfFile.Read(Path.Combine(publication.Folder, "bootstrap"));
        Assert.Equal(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? Arm64 : X86, elf.Machine);
        Assert.Subset(
            new HashSet<string>
            {
                "libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "ld-linux-x86-64.so.2",
                "ld-linux-aarch64.so.1",
            },
            elf.Libraries.ToHashSet());
        var versions = Publication.GlibcVersions(elf).ToList();
        Assert.NotEmpty(versions);
        Assert.All(versions, version => Assert.InRange(version, new(2, 0), Publication.GlibcMax));
        Assert.DoesNotContain(elf.Sections, name => name is ".symtab" or ".debug_info");
    }

    [Fact]
    public void The_managed_form_is_assemblies_their_configuration_and_what_a_user_edits()
    {
        var folder = PublishedFunctions.Managed().Folder;
        var files = Directory.GetFiles(folder).Select(Path.GetFileName).ToHashSet();
        Assert.Superset(
            new HashSet<string?>
            {
                $"{Publication.Assembly}.dll", $"{Publication.Assembly}.runtimeconfig.json",
                $"{Publication.Assembly}.deps.json",
            },
            files);
        Assert.All(files, file => Assert.True(
            Path.GetExtension(file) == ".dll" || file!.StartsWith(Publication.Assembly + ".", StringComparison.Ordinal),
            file));
        Assert.DoesNotContain(files, file => Path.GetExtension(file) is ".pdb" or ".xml");
        AssertConfiguration(folder);

        using var runtime = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(folder, $"{Publication.Assembly}.runtimeconfig.json")));
        var framework = runtime.RootElement.GetProperty("runtimeOptions").GetProperty("framework");
        Assert.Equal("Microsoft.NETCore.App", framework.GetProperty("name").GetString());
        Assert.StartsWith("10.0.", framework.GetProperty("version").GetString());
    }

    [Fact]
    public async Task The_managed_form_starts_by_the_rules_of_the_managed_runtime()
    {
        var folder = PublishedFunctions.Managed().Folder;
        using var runtime = new RuntimeApiServer();
        using var aws = new ScriptedAws();
        var environment = FunctionSettings.Of("FilterCritical", folder, runtime.Endpoint, aws.Address);
        environment["_HANDLER"] = Publication.Assembly;
        await using var function = FunctionRun.StartManaged(environment);
        runtime.Invoke("a", Payloads.Empty);
        var post = await runtime.PostAsync();
        Assert.Equal(RuntimeApiServer.Root + "invocation/a/response", post.Path);
        Assert.Equal("""{"batchItemFailures":[]}""", post.Text);
        var metrics = Assert.Single(await function.StopAsync());
        Assert.Equal("FilterCritical", metrics.GetProperty("Function").GetString());
    }

    [Fact]
    public async Task The_managed_form_tells_a_mistake_as_the_native_one_does()
    {
        var folder = PublishedFunctions.Managed().Folder;
        using var runtime = new RuntimeApiServer();
        var environment = FunctionSettings.Of("Route", folder, runtime.Endpoint, new Uri("http://127.0.0.1:9/"));
        environment["_HANDLER"] = Publication.Assembly;
        environment.Remove("QUEUE_LOW");
        await using var function = FunctionRun.StartManaged(environment);
        Assert.Equal(RuntimeApiServer.Root + "init/error", (await runtime.PostAsync()).Path);
        var (exitCode, _, error) = await function.EndAsync();
        Assert.Equal((1, "Function Route: the setting QUEUE_LOW is missing.\n"), (exitCode, error));
    }

    private static void AssertConfiguration(string folder)
    {
        var edited = Path.Combine(Tools.RepositoryRoot, "functions", "config");
        var uploaded = Path.Combine(folder, "config");
        Assert.Equal(Files(edited), Files(uploaded));
        Assert.All(Files(edited), file => Assert.Equal(
            File.ReadAllBytes(Path.Combine(edited, file)), File.ReadAllBytes(Path.Combine(uploaded, file))));
    }

    private static List<string> Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];
}
