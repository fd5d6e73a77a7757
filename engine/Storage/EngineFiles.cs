namespace Pipeline.Engine.Storage;

/// <summary>The engine's own files, below <c>state/engine/</c> of the output directory.</summary>
public sealed class EngineFiles
{
    private readonly string _root;

    /// <param name="outputDirectory">The directory that stands for the data bucket.</param>
    public EngineFiles(string outputDirectory)
    {
        _root = FolderOf(outputDirectory);
        Directory.CreateDirectory(_root);
    }

    /// <summary>Files of a run that lie at the bucket's root and are no objects.</summary>
    public static IReadOnlySet<string> BesideObjects { get; } = new HashSet<string> { ".pipeline", "summary.json" };

    /// <summary>The folder of the engine's own files.</summary>
    public static string FolderOf(string outputDirectory) => Path.Combine(outputDirectory, "state", "engine");

    /// <summary>The whole path of a file; its folder exists.</summary>
    public string PathOf(string name)
    {
        var path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    public bool Exists(string name) => File.Exists(Path.Combine(_root, name));

    public byte[] Read(string name) => File.ReadAllBytes(Path.Combine(_root, name));

    public void Write(string name, ReadOnlySpan<byte> bytes) => File.WriteAllBytes(PathOf(name), bytes);

    public void Delete(string name) => File.Delete(Path.Combine(_root, name));
}
