using System.Text;
using System.Text.Json;
using Pipeline.Engine;
using Pipeline.Engine.Storage;

namespace Pipeline.Cli.Run;

/// <summary>The output directory that a run owns: it empties its own, and refuses anybody else's.</summary>
internal static class OutputDirectory
{
    /// <summary>The file that says whose the directory is.</summary>
    public const string Marker = ".pipeline";

    private const string MarkerText = "Made by `pipeline run`, which empties this directory when it starts anew.\n";

    /// <summary>Takes an empty directory for a new run, which has it for itself until the answer is disposed.</summary>
    /// <exception cref="IOException">
    /// It holds files that no run made, or the input; or another run has it. Nothing was touched.
    /// </exception>
    public static IDisposable Prepare(RunOptions options)
    {
        var directory = options.Output;
        if (File.Exists(directory))
        {
            throw new IOException($"the output '{directory}' is a file; allowed is a directory");
        }
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            if (!File.Exists(Path.Combine(directory, Marker)))
            {
                throw new IOException(
                    $"the output directory '{directory}' is not empty and no run made it; empty it, or name another"
                    + " with --output");
            }
            if (options.Input is { } input && input != RunOptions.StandardInput && IsInside(input, directory))
            {
                throw new IOException(
                    $"the input '{input}' lies in the output directory '{directory}', which a run empties; name another"
                    + " with --output");
            }
        }
        Directory.CreateDirectory(directory);
        var marker = Take(directory, Marker, MarkerText);
        Empty(directory);
        return marker;
    }

    /// <summary>
    /// Takes a directory where a run stopped; the next one has it for itself until the answer is disposed.
    /// </summary>
    /// <param name="state">Where the run stopped.</param>
    /// <param name="otherwise">What an error says can be done where no run ended.</param>
    /// <exception cref="IOException">No run ended there, or another run has it.</exception>
    public static IDisposable Resume(
        string directory, out EngineState state,
        string otherwise = "so there is nothing to resume; run without --resume")
    {
        if (!File.Exists(Path.Combine(directory, Marker)))
        {
            throw NothingToResume(directory, otherwise);
        }
        var marker = Take(directory, Marker, MarkerText);
        try
        {
            state = EngineState.Load(new EngineFiles(directory)) ?? throw NothingToResume(directory, otherwise);
            return marker;
        }
        catch (JsonException error)
        {
            marker.Dispose();
            throw new IOException(
                $"what the run before left in '{directory}' is broken, so it cannot be resumed; run without --resume",
                error);
        }
        catch
        {
            marker.Dispose();
            throw;
        }
    }

    /// <summary>Makes sure that a run does not play what it writes.</summary>
    /// <exception cref="IOException">The output lies in the directory that is the input.</exception>
    public static void CheckApart(RunOptions options)
    {
        if (options.Input is { } input && Directory.Exists(input) && IsInside(options.Output, input))
        {
            throw new IOException(
                $"the output directory '{options.Output}' lies in the input '{input}', whose files are all played; name"
                + " another with --output");
        }
    }

    private static IOException NothingToResume(string directory, string otherwise) => new(
        $"the output directory '{directory}' holds no run that came to its end, {otherwise}");

    /// <summary>Opens a marker for this process alone, so that two never write into one directory.</summary>
    /// <param name="text">What a new marker says to who looks into it.</param>
    /// <exception cref="IOException">Another process has it.</exception>
    public static IDisposable Take(string directory, string name, string text)
    {
        FileStream marker;
        try
        {
            marker = new FileStream(
                Path.Combine(directory, name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new IOException(
                $"the output directory '{directory}' is in use by another run; wait for its end, or name another with"
                + $" --output ({error.Message})",
                error);
        }
        if (marker.Length == 0)
        {
            marker.Write(Encoding.UTF8.GetBytes(text));
            marker.Flush();
        }
        return marker;
    }

    private static bool IsInside(string path, string directory)
    {
        var relative = Path.GetRelativePath(Path.GetFullPath(directory), Path.GetFullPath(path));
        return relative != ".." && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && !Path.IsPathRooted(relative);
    }

    /// <summary>
    /// Deletes what is in the directory but the marker, so that a run stopped half way can be started anew.
    /// </summary>
    private static void Empty(string directory)
    {
        foreach (var folder in Directory.EnumerateDirectories(directory))
        {
            Directory.Delete(folder, recursive: true);
        }
        foreach (var file in Directory.EnumerateFiles(directory).Where(file => Path.GetFileName(file) != Marker))
        {
            File.Delete(file);
        }
    }
}
