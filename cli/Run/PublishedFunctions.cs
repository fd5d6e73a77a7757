using System.Runtime.InteropServices;
using Pipeline.Core;
using Pipeline.Infra;

namespace Pipeline.Cli.Run;

/// <summary>The functions as they are uploaded to Lambda, published from the sources for this machine.</summary>
internal static class PublishedFunctions
{
    /// <summary>
    /// Publishes them, which compiles only what changed, and answers a folder of the caller's own, so that whoever
    /// publishes next takes nothing away under a run.
    /// </summary>
    /// <param name="log">Gets what the compiler says.</param>
    /// <exception cref="ConfigurationException">There are no sources here, or they do not compile.</exception>
    public static string Publish(TextWriter log)
    {
        var sources = FindSources() ?? throw new ConfigurationException(
            $"There are no sources of the functions above '{AppContext.BaseDirectory}', so they cannot be published; "
            + "name a published folder with --artifact.");
        var runtime = RuntimeOf();
        log.WriteLine($"pipeline: publishing the functions for {runtime} ...");
        string? own = null;
        var error = FunctionsBuild.Publish(
            sources, runtime, ["-r", runtime], Path.Combine("isolated", runtime), log.WriteLine,
            folder => own = Copy(folder));
        return error is null
            ? own!
            : throw new ConfigurationException(
                $"{error} Name a published folder with --artifact, or run without --isolated.");
    }

    private static string RuntimeOf()
    {
        var musl = RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "-musl" : "";
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux" + musl;
        return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
    }

    private static string Copy(string folder)
    {
        var copy = Directory.CreateTempSubdirectory("pipeline-functions-").FullName;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }

    private static string? FindSources()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "functions", "Pipeline.Functions.csproj")))
            {
                return folder.FullName;
            }
        }
        return null;
    }
}
