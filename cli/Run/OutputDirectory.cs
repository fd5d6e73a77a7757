using Pipeline.Engine;
using Pipeline.Engine.Storage;

namespace Pipeline.Cli.Run;

/// <summary>The output directory that a run owns: it empties its own, and refuses anybody else's.</summary>
internal static class OutputDirectory
{
    /// <summary>The file that says whose the directory is.</summary>
    public const string Marker = ".pipeline";

    /// <summary>Makes an empty directory for a new run.</summary>
    /// <exception cref="IOException">It holds files that no run made, or the input; nothing was touched.</exception>
    public static void Prepare(RunOptions options)
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
                    $"the output directory '{directory}' is not empty and no run made it; empty it, or name another with --output");
            }
            if (options.Input is { } input && IsInside(input, directory))
            {
                throw new IOException(
                    $"the input '{input}' lies in the output directory '{directory}', which a run empties; name another with --output");
            }
            Empty(directory);
        }
        Directory.CreateDirectory(directory);
        File.WriteAllText(
            Path.Combine(directory, Marker), "Made by `pipeline run`, which empties this directory when it starts anew.\n");
    }

    /// <summary>Where the run before stopped.</summary>
    /// <exception cref="IOException">No run ended there.</exception>
    public static EngineState Resume(string directory)
    {
        var state = File.Exists(Path.Combine(directory, Marker)) ? EngineState.Load(new EngineFiles(directory)) : null;
        return state ?? throw new IOException(
            $"the output directory '{directory}' holds no run that came to its end, so there is nothing to resume; run without --resume");
    }

    private static bool IsInside(string path, string directory)
    {
        var relative = Path.GetRelativePath(Path.GetFullPath(directory), Path.GetFullPath(path));
        return relative != ".." && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && !Path.IsPathRooted(relative);
    }

    /// <summary>Deletes what is in the directory, the marker last, so that a run stopped half way can be started anew.</summary>
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
