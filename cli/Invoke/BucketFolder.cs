using Pipeline.Cli.Run;
using Pipeline.Engine.Storage;

namespace Pipeline.Cli.Invoke;

/// <summary>
/// The directory that stands for the bucket of an invocation: one of the user's that later invocations find again, or
/// a temporary one. An invocation has it for itself until this is disposed.
/// </summary>
internal sealed class BucketFolder : IDisposable
{
    /// <summary>The file that says whose the directory is.</summary>
    public const string Marker = ".pipeline-invoke";

    private readonly IDisposable? _marker;
    private readonly bool _isTemporary;

    private BucketFolder(string path, IDisposable? marker)
    {
        (Path, _marker, _isTemporary) = (path, marker, marker is null);
        Forget();
    }

    public string Path { get; }

    /// <summary>Takes the directory, or a temporary one when none is named.</summary>
    /// <exception cref="IOException">
    /// It is no directory, or holds files that no invocation made, or another invocation has it. Nothing was touched.
    /// </exception>
    public static BucketFolder Open(string? directory)
    {
        if (directory is null)
        {
            return new BucketFolder(Directory.CreateTempSubdirectory("pipeline-invoke-").FullName, null);
        }
        if (File.Exists(directory))
        {
            throw new IOException($"the output '{directory}' is a file; allowed is a directory");
        }
        if (File.Exists(System.IO.Path.Combine(directory, OutputDirectory.Marker)))
        {
            throw new IOException(
                $"the output directory '{directory}' belongs to a run, whose accounts an invocation would falsify; name"
                + " another with --output");
        }
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()
            && !File.Exists(System.IO.Path.Combine(directory, Marker)))
        {
            throw new IOException(
                $"the output directory '{directory}' is not empty and no invocation made it; empty it, or name another"
                + " with --output");
        }
        Directory.CreateDirectory(directory);
        return new BucketFolder(directory, OutputDirectory.Take(
            directory, Marker, "Made by `pipeline invoke`, which keeps what is in this directory.\n"));
    }

    public void Dispose()
    {
        if (_isTemporary)
        {
            Directory.Delete(Path, recursive: true);
        }
        else
        {
            Forget();
            _marker!.Dispose();
        }
    }

    /// <summary>Deletes the engine's own files: streams and queues are new for every invocation.</summary>
    private void Forget()
    {
        if (Directory.Exists(EngineFiles.FolderOf(Path)))
        {
            Directory.Delete(EngineFiles.FolderOf(Path), recursive: true);
        }
        var state = Directory.GetParent(EngineFiles.FolderOf(Path))!;
        if (state.Exists && !state.EnumerateFileSystemInfos().Any())
        {
            state.Delete();
        }
    }
}
