using System.ComponentModel;
using System.Diagnostics;
using Amazon.CDK;
using Amazon.CDK.AWS.Lambda;

namespace Pipeline.Infra.Constructs;

/// <summary>
/// The one artifact that all functions share: the published <c>functions</c> project, or a placeholder.
/// </summary>
public static class FunctionsCode
{
    /// <summary>The folder that holds <c>cdk.json</c>, above this assembly.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    private static string AssetFolder { get; } = Path.Combine(RepositoryRoot, "functions", "bin", "asset");

    /// <summary>The code for the stack's functions; published before when it is not the placeholder.</summary>
    public static Code For(StackOptions options) => options.Code == StackOptions.CodeNone
        ? Code.FromAsset(Path.Combine(RepositoryRoot, "infra", "placeholder"), new Amazon.CDK.AWS.S3.Assets.AssetOptions
        {
            // Fixed, so that the template is the same on every machine.
            AssetHashType = AssetHashType.CUSTOM,
            AssetHash = "placeholder",
        })
        : Code.FromAsset(AssetFolder);

    /// <summary>
    /// Publishes the functions for the architecture of the options. The compiler works incrementally; the folder is
    /// laid
    /// anew, so that nothing stale is uploaded.
    /// </summary>
    /// <remarks>
    /// It is done here and not by the <c>build</c> command of <c>cdk.json</c>, because that one is not told the
    /// context: it
    /// could not know that <c>-c code=none</c> asks for no build.
    /// </remarks>
    /// <returns>Null, or one sentence that says what went wrong.</returns>
    public static string? Publish(StackOptions options)
    {
        if (Directory.Exists(AssetFolder))
        {
            Directory.Delete(AssetFolder, recursive: true);
        }

        var runtime = options.Architecture == StackOptions.Arm ? "linux-arm64" : "linux-x64";
        string[] arguments =
            ["publish", "functions", "-c", "Release", "-r", runtime, "-o", AssetFolder, "--nologo", "-v", "quiet"];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = RepositoryRoot,
            RedirectStandardOutput = true,
        };
        try
        {
            using var publish = Process.Start(start)!;
            // Standard output is the template's: `cdk synth > file` must hold nothing else.
            while (publish.StandardOutput.ReadLine() is { } line)
            {
                Console.Error.WriteLine(line);
            }

            publish.WaitForExit();
            return publish.ExitCode == 0
                ? null
                : $"'dotnet {string.Join(' ', arguments)}' failed; the reason stands above.";
        }
        catch (Win32Exception exception)
        {
            return $"The functions cannot be published, because dotnet does not start: {exception.Message}.";
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "cdk.json")))
            {
                return folder.FullName;
            }
        }

        throw new UnreachableException($"No cdk.json above {AppContext.BaseDirectory}.");
    }
}
