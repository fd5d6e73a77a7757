using System.Reflection;
using System.Xml.Linq;
using Amazon.Kinesis;
using Amazon.Lambda.Core;
using Amazon.Lambda.KinesisEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>The signatures in each <c>api.txt</c> are those of the assembly we compile against.</summary>
public sealed class OfficialApiTests
{
    public static TheoryData<string> Packages =>
    [
        "Amazon.Lambda.Core", "Amazon.Lambda.KinesisEvents", "Amazon.Lambda.Serialization.SystemTextJson",
        "Amazon.Lambda.SQSEvents", "AWSSDK.Kinesis",
    ];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Every_claimed_signature_exists(string package) =>
        AssertNone("claimed, but not in the assembly", Claimed(package).Except(ApiText.Of(AssemblyOf(package))));

    [Theory]
    [MemberData(nameof(Packages))]
    public void Nothing_is_public_that_is_not_claimed(string package)
    {
        var assembly = AssemblyOf(package);
        if (assembly.GetName().GetPublicKeyToken() is { Length: > 0 })
        {
            Assert.Skip("The official package holds more than the part we use.");
        }
        AssertNone("in the assembly, but not claimed", ApiText.Of(assembly).Except(Claimed(package)));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Claims_are_sorted_and_claimed_once(string package)
    {
        var claimed = Claimed(package);
        Assert.Equal(claimed.Distinct().Order(StringComparer.Ordinal), claimed);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Claims_name_the_version_that_the_official_switch_restores(string package)
    {
        var restored = XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion")
            .Single(version => (string?)version.Attribute("Include") == package);
        var header = File.ReadLines(Repository.PathOf("aws", package, "api.txt")).First();
        Assert.Equal($"# {package} {(string?)restored.Attribute("Version")}", header);
    }

    [Fact]
    public void Every_project_in_the_folder_is_checked() =>
        Assert.Equal(
            Directory.EnumerateFiles(Repository.PathOf("aws"), "*.csproj", SearchOption.AllDirectories)
                .Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            Packages.Select(row => row.Data).Order(StringComparer.Ordinal));

    [Fact]
    public void Only_a_folder_named_Internal_touches_the_internals_of_the_core() =>
        Assert.All(
            Directory.EnumerateFiles(Repository.PathOf("aws"), "*.cs", SearchOption.AllDirectories)
                .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(
                    folder => folder is "Internal" or "obj" or "bin")),
            path => Assert.DoesNotMatch("(Runtime|Util)[.](\\w+[.])*Internal", File.ReadAllText(path)));

    private static void AssertNone(string complaint, IEnumerable<string> signatures)
    {
        foreach (var signature in signatures)
        {
            Assert.Fail($"{complaint}: {signature}");
        }
    }

    private static Assembly AssemblyOf(string package) => package switch
    {
        "Amazon.Lambda.Core" => typeof(ILambdaContext).Assembly,
        "Amazon.Lambda.KinesisEvents" => typeof(KinesisEvent).Assembly,
        "Amazon.Lambda.Serialization.SystemTextJson" => typeof(AbstractLambdaJsonSerializer).Assembly,
        "Amazon.Lambda.SQSEvents" => typeof(SQSEvent).Assembly,
        "AWSSDK.Kinesis" => typeof(EncryptionType).Assembly,
        _ => throw new ArgumentOutOfRangeException(nameof(package), package, "Name a type of its assembly here."),
    };

    private static string[] Claimed(string package)
    {
        var lines = File.ReadLines(Repository.PathOf("aws", package, "api.txt"));
        return [.. lines.Where(line => line.Length > 0 && line[0] != '#')];
    }
}
