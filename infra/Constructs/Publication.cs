using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Pipeline.Infra.Constructs;

/// <summary>
/// The functions as they are uploaded: a folder that <c>dotnet publish</c> made, once in this process.
/// </summary>
/// <remarks>
/// It has intermediate folders of its own, one for each form, kept between runs: the compiler works incrementally, and
/// a build under way beside it is not disturbed. The folder itself is laid anew, so that nothing stale is uploaded.
/// </remarks>
public sealed class Publication
{
    /// <summary>The name of the functions' assembly, by which the managed runtime finds it.</summary>
    public const string Assembly = "Pipeline.Functions";

    private static readonly ConcurrentDictionary<string, Lazy<Publication>> Made = new();

    private Publication(string form, string[] arguments)
    {
        var bin = Path.Combine(FunctionsCode.RepositoryRoot, "functions", "bin");
        Folder = Path.Combine(bin, "asset", form);
        // Two processes that publish into one folder would break each other's files.
        using var turn = new Mutex(initiallyOwned: false, $"publish{bin.Replace('/', '-').Replace('\\', '-')}");
        Enter(turn);
        try
        {
            if (Directory.Exists(Folder))
            {
                Directory.Delete(Folder, recursive: true);
            }
            (Error, Output) = Run(
            [
                "publish", "functions", .. arguments, "-c", "Release", "--artifacts-path",
                Path.Combine(bin, "publish", form), "-o", Folder, "--nologo", "-v", "quiet",
                // Nobody is left behind who would hold standard output open.
                "-nodeReuse:false", "-p:UseSharedCompilation=false",
            ]);
        }
        finally
        {
            turn.ReleaseMutex();
        }
    }

    /// <summary>The folder to upload.</summary>
    public string Folder { get; }

    /// <summary>One sentence that says what went wrong; null when nothing did.</summary>
    public string? Error { get; }

    /// <summary>What the build said: nothing, when there is nothing to say.</summary>
    public string Output { get; }

    /// <summary>The publication for a runtime and an architecture.</summary>
    public static Publication Of(StackOptions options)
    {
        var (form, arguments) = options switch
        {
            { Runtime: StackOptions.Managed } => ("managed", (string[])["-p:PublishAot=false"]),
            { Architecture: StackOptions.Arm } => ("linux-arm64", ["-r", "linux-arm64"]),
            _ => ("linux-x64", ["-r", "linux-x64"]),
        };
        return Made.GetOrAdd(form, _ => new(() => new Publication(form, arguments))).Value;
    }

    private static void Enter(Mutex turn)
    {
        try
        {
            turn.WaitOne();
        }
        // Whoever had it died; what it left is built over.
        catch (AbandonedMutexException)
        {
        }
    }

    private static (string? Error, string Output) Run(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = FunctionsCode.RepositoryRoot,
            RedirectStandardOutput = true,
        };
        // A build that started this process passes its own settings on, such as where its SDK lies.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.Ordinal)))
        {
            start.Environment.Remove(name);
        }
        var output = new StringBuilder();
        try
        {
            using var publish = Process.Start(start)!;
            // Standard output is the template's: `cdk synth > file` must hold nothing else.
            while (publish.StandardOutput.ReadLine() is { } line)
            {
                Console.Error.WriteLine(line);
                output.AppendLine(line);
            }

            publish.WaitForExit();
            var error = publish.ExitCode == 0
                ? null
                : $"'dotnet {string.Join(' ', arguments)}' failed; the reason stands above.";
            return (error, output.ToString());
        }
        catch (Win32Exception exception)
        {
            return ($"The functions cannot be published, because dotnet does not start: {exception.Message}.", "");
        }
    }
}
