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
        var folder = Path.Combine(sources, Project, "bin", "isolated", runtime);
        string[] arguments =
            ["publish", Project, "-c", "Release", "-r", runtime, "-o", folder, "--nologo", "-v", "quiet"];
        log.WriteLine($"pipeline: publishing the functions for {runtime} ...");
        var exitCode = Run(arguments, sources, log);
        return exitCode == 0 ? folder : throw new ConfigurationException(string.Create(
            CultureInfo.InvariantCulture,
            $"The functions cannot be published ('dotnet {string.Join(' ', arguments)}' ended with {exitCode}; the "
            + $"reason stands above); name a published folder with --artifact, or run without --isolated."));
    }

    private static int Run(string[] arguments, string folder, TextWriter log)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        // A node of the compiler that stays behind would keep the pipe open, and with it this command.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
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
