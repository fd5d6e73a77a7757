using System.Runtime.InteropServices;
using Pipeline.Infra;
using Pipeline.Infra.Constructs;
using Xunit;

namespace Pipeline.Tests.Processes;

/// <summary>
/// The functions as they are uploaded, published once for all tests of the process; between runs the compiler works
/// incrementally.
/// </summary>
internal static class PublishedFunctions
{
    /// <summary>Tests that need what is published wait for it together and start one process at a time.</summary>
    public const string Collection = "Published functions";

    private static readonly string[] Linkers = ["clang", "gcc"];

    /// <summary>The options that publish native code for this machine.</summary>
    public static Dictionary<string, object> NativeContext => new()
    {
        ["architecture"] = RuntimeInformation.OSArchitecture == Architecture.Arm64
            ? StackOptions.Arm
            : StackOptions.X86,
    };

    /// <summary>
    /// Native code for this machine. Skips the test with its reason where it cannot be linked.
    /// </summary>
    public static Publication Native()
    {
        if (!OperatingSystem.IsLinux())
        {
            Tools.Lack("Native code for Lambda is linked on Linux only.");
        }
        if (!Linkers.Any(IsOnPath))
        {
            Tools.Lack("Native code needs a linker: neither clang nor gcc is on the path.");
        }
        return Published(NativeContext);
    }

    /// <summary>The form that Lambda's own .NET runs.</summary>
    public static Publication Managed() => Published(new() { ["runtime"] = StackOptions.Managed });

    private static Publication Published(Dictionary<string, object> context)
    {
        var options = StackOptions.Read(context.GetValueOrDefault, out _)!;
        var publication = Publication.Of(options);
        // "Unable to find package": the feed has no compiler for this machine.
        if (publication.Error is not null && publication.Output.Contains("error NU1101", StringComparison.Ordinal))
        {
            Tools.Lack($"A package to publish with is not to be had:\n{publication.Output}");
        }
        Assert.True(publication.Error is null, publication.Error + "\n" + publication.Output);
        return publication;
    }

    private static bool IsOnPath(string program)
    {
        // RS0030: where programs are is said by the environment.
#pragma warning disable RS0030
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
#pragma warning restore RS0030
        return path.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
    }
}
