using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>One property decides whether the AWS packages are our projects or AWS's packages.</summary>
public sealed class AwsPackagesSwitchTests
{
    private static readonly string[] Wanted =
    [
        "Amazon.Lambda.Core", "Amazon.Lambda.KinesisEvents", "Amazon.Lambda.RuntimeSupport", "Amazon.Lambda.SQSEvents",
        "Amazon.Lambda.Serialization.SystemTextJson",
    ];

    [Fact]
    public void Bundled_packages_are_projects()
    {
        var (projects, packages) = References("bundled");
        Assert.Empty(Wanted.Except(projects));
        Assert.Empty(packages.Intersect(Wanted));
    }

    [Fact]
    public void Official_packages_are_packages()
    {
        var (projects, packages) = References("official");
        Assert.Empty(Wanted.Except(packages));
        Assert.Empty(projects.Intersect(Wanted));
    }

    private static (HashSet<string> Projects, HashSet<string> Packages) References(string value)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "msbuild", Repository.PathOf("functions", "Pipeline.Functions.csproj"), "-nologo",
                $"-p:AwsPackages={value}", "-getItem:ProjectReference", "-getItem:PackageReference",
            },
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
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            using var document = JsonDocument.Parse(output);
            var items = document.RootElement.GetProperty("Items");
            return (Names(items.GetProperty("ProjectReference")), Names(items.GetProperty("PackageReference")));
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
