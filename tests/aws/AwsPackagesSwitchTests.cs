using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>One property decides whether the AWS packages are our projects or AWS's packages.</summary>
public sealed class AwsPackagesSwitchTests
{
    private static readonly string[] Wanted =
    [
        "Amazon.Lambda.Core", "Amazon.Lambda.KinesisEvents", "Amazon.Lambda.SQSEvents",
        "Amazon.Lambda.Serialization.SystemTextJson", "AWSSDK.Kinesis",
    ];

    private static readonly string Functions = Repository.PathOf("functions", "Pipeline.Functions.csproj");

    [Fact]
    public void Bundled_packages_are_projects()
    {
        var items = Evaluate(Functions, "bundled");
        Assert.Empty(Wanted.Except(items["ProjectReference"]));
        Assert.Empty(items["PackageReference"].Intersect(Wanted));
    }

    [Fact]
    public void Official_packages_are_packages_of_a_version_that_the_repository_names()
    {
        var items = Evaluate(Functions, "official");
        Assert.Empty(Wanted.Except(items["PackageReference"]));
        Assert.Empty(items["ProjectReference"].Intersect(Wanted));
        Assert.Empty(Wanted.Except(items["PackageVersion"]));
    }

    [Fact]
    public void Every_project_that_asks_for_a_package_follows_the_switch()
    {
        // One of them is evaluated above; of the others the text says it. The bundled packages know each other.
        var bundled = Repository.PathOf("aws") + Path.DirectorySeparatorChar;
        var projects = Directory.EnumerateFiles(Repository.PathOf(), "*.csproj", SearchOption.AllDirectories)
            .Where(path => !path.Contains("node_modules", StringComparison.Ordinal))
            .Where(path => !path.StartsWith(bundled, StringComparison.Ordinal))
            .Select(File.ReadAllText).ToArray();
        Assert.All(projects, text => Assert.DoesNotMatch(
            "ProjectReference Include=\"[^\"]*(AWSSDK|Amazon[.]Lambda)[.]", text));
        var asked = projects.SelectMany(text =>
            Regex.Matches(text, "<AwsPackage Include=\"([^\"]+)\"").Select(match => match.Groups[1].Value));
        Assert.All(asked, package => Assert.True(
            File.Exists(Repository.PathOf("aws", package, $"{package}.csproj")), package));
    }

    [Fact]
    public void A_switch_that_stands_between_is_an_error_that_says_what_is_allowed()
    {
        var (exitCode, output) = Run("-t:CheckAwsPackages", "-p:AwsPackages=neither", Functions);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("AwsPackages is 'neither'; it must be 'bundled' or 'official'.", output,
            StringComparison.Ordinal);
    }

    private static Dictionary<string, HashSet<string>> Evaluate(string project, string value)
    {
        var (exitCode, output) = Run(
            $"-p:AwsPackages={value}", "-getItem:ProjectReference", "-getItem:PackageReference",
            "-getItem:PackageVersion", project);
        Assert.True(exitCode == 0, output);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.GetProperty("Items").EnumerateObject()
            .ToDictionary(items => items.Name, items => Names(items.Value));
    }

    private static (int ExitCode, string Output) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", "-nologo", .. arguments])
        {
            RedirectStandardOutput = true,
        };
        // A build that started the tests passes its own settings on, such as where its SDK lies.
        foreach (var name in start.Environment.Keys.ToArray())
        {
            if (name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            {
                start.Environment.Remove(name);
            }
        }
        // No build server that outlives the test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (Win32Exception)
        {
            Assert.Skip("The dotnet command is not on the path.");
            throw;
        }
    }

    private static HashSet<string> Names(JsonElement items) => [.. items.EnumerateArray().Select(item =>
    {
        var identity = item.GetProperty("Identity").GetString()!;
        var isProject = identity.EndsWith(".csproj", StringComparison.Ordinal);
        return isProject ? Path.GetFileNameWithoutExtension(identity) : identity;
    })];
}
