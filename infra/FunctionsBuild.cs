using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Pipeline.Infra;

/// <summary>Calls <c>dotnet publish</c> for the functions; the stack and the command line share it.</summary>
/// <remarks>
/// It has intermediate folders of its own, one for each form, kept between runs: the compiler works incrementally, and
/// a build under way beside it is not disturbed. The folder that is published into is laid anew, so that nothing stale
/// stays.
/// </remarks>
internal static class FunctionsBuild
{
    private const string Project = "functions";

    /// <summary>Publishes one form of the functions.</summary>
    /// <param name="root">The folder of the repository.</param>
    /// <param name="form">Names the intermediate folders.</param>
    /// <param name="options">What the form is published with.</param>
    /// <param name="folder">Where it goes, below <c>functions/bin</c>.</param>
    /// <param name="log">Gets what the compiler says; nothing, when there is nothing to say.</param>
    /// <param name="use">Called with the whole path of the folder while nobody else publishes.</param>
    /// <returns>Null, or one sentence that says what went wrong.</returns>
    public static string? Publish(
        string root, string form, IReadOnlyList<string> options, string folder, Action<string> log,
        Action<string>? use = null)
    {
        var bin = Path.Combine(root, Project, "bin");
        var target = Path.Combine(bin, folder);
        // Two processes that publish into one folder would break each other's files.
        var name = $"{bin.Replace('/', '-').Replace('\\', '-').Replace(':', '-')}-publish";
        using var turn = new Mutex(initiallyOwned: false, @"Global\" + name);
        Enter(turn);
        try
        {
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }
            var error = Run(
                root,
                [
                    "publish", Project, .. options, "-c", "Release", "--artifacts-path",
                    Path.Combine(bin, "publish", form), "-o", target, "--nologo", "-v", "quiet",
                    // Nobody is left behind who would hold standard output open.
                    "-nodeReuse:false", "-p:UseSharedCompilation=false",
                ],
                log);
            if (error is null)
            {
                use?.Invoke(target);
            }
            return error;
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

    private static string? Run(string root, string[] arguments, Action<string> log)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        // A build that started this process passes its own settings on, such as where its SDK lies.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.Ordinal)))
        {
            start.Environment.Remove(name);
        }
        try
        {
            using var publish = Process.Start(start)!;
            while (publish.StandardOutput.ReadLine() is { } line)
            {
                log(line);
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
}
