using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Pipeline.Core;

namespace Pipeline.Cli.Run;

/// <summary>The functions as they are uploaded to Lambda, published from the sources for this machine.</summary>
internal static class PublishedFunctions
{
    private const string Project = "functions";

    /// <summary>Publishes them, which compiles only what changed, and answers the folder.</summary>
    /// <param name="log">Gets what the compiler says.</param>
    /// <exception cref="ConfigurationException">There are no sources here, or they do not compile.</exception>
    public static string Publish(TextWriter log)
    {
        var sources = FindSources() ?? throw new ConfigurationException(
            $"There are no sources of the functions above '{AppContext.BaseDirectory}', so they cannot be published; "
            + "name a published folder with --artifact.");
        var runtime = RuntimeInformation.RuntimeIdentifier;
        var bin = Path.Combine(sources, Project, "bin");
        var folder = Path.Combine(bin, "isolated", runtime);
        // Intermediate folders of its own, kept for the next time: a build under way beside it is not disturbed.
        string[] arguments =
        [
            "publish", Project, "-c", "Release", "-r", runtime, "--artifacts-path",
            Path.Combine(bin, "publish", runtime), "-o", folder, "--nologo", "-v", "quiet",
            // Nobody is left behind who would hold standard output open.
            "-nodeReuse:false", "-p:UseSharedCompilation=false",
        ];
        // Two processes that publish into one folder would break each other's files.
        using var turn = new Mutex(initiallyOwned: false, $"publish{bin.Replace('/', '-').Replace('\\', '-')}");
        Enter(turn);
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
            log.WriteLine($"pipeline: publishing the functions for {runtime} ...");
            var exitCode = Run(arguments, sources, log);
            return exitCode == 0 ? folder : throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The functions cannot be published ('dotnet {string.Join(' ', arguments)}' ended with {exitCode}; the "
                + $"reason stands above); name a published folder with --artifact, or run without --isolated."));
        }
        finally
        {
            turn.ReleaseMutex();
        }
    }

    private static void Enter(Mutex turn)
    {
        try
        {
            turn.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // Whoever had it died; what it left is built over.
        }
    }

    private static int Run(string[] arguments, string folder, TextWriter log)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        // `dotnet run` started this process, and says there where its own build's parts are.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.Ordinal)))
        {
            start.Environment.Remove(name);
        }
        try
        {
            using var publish = Process.Start(start)!;
            while (publish.StandardOutput.ReadLine() is { } line)
            {
                log.WriteLine(line);
            }
            publish.WaitForExit();
            return publish.ExitCode;
        }
        catch (Win32Exception error)
        {
            throw new ConfigurationException(
                $"The functions cannot be published, because dotnet does not start: {error.Message}.");
        }
    }

    private static string? FindSources()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, Project))
                && File.Exists(Path.Combine(folder.FullName, Project, "Pipeline.Functions.csproj")))
            {
                return folder.FullName;
            }
        }
        return null;
    }
}
