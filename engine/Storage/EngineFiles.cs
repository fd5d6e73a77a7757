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

    /// <summary>Files of a command that lie at the bucket's root and are no objects.</summary>
    public static IReadOnlySet<string> BesideObjects { get; } =
        new HashSet<string> { ".pipeline", ".pipeline-invoke", "summary.json" };

    /// <summary>The folder of the engine's own files.</summary>
    public static string FolderOf(string outputDirectory) => Path.Combine(outputDirectory, "state", "engine");

    /// <summary>The whole path of a file; its folder exists.</summary>
    public string PathOf(string name)
    {
        var path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Who writes to the disk while the engine goes on.</summary>
    public WriteBehind Behind { get; } = new();

    public bool Exists(string name) => File.Exists(Settled(name));

    public byte[] Read(string name) => File.ReadAllBytes(Settled(name));

    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        Behind.Await(PathOf(name));
        File.WriteAllBytes(PathOf(name), bytes);
    }

    /// <summary>Writes a file soon; who reads it waits for that. The bytes must not change.</summary>
    public void WriteLater(string name, ReadOnlyMemory<byte> bytes)
    {
        var path = PathOf(name);
        Behind.Ask(path, bytes.Length, () => File.WriteAllBytes(path, bytes.Span));
    }

    public void Delete(string name) => File.Delete(Settled(name));

    private string Settled(string name)
    {
        var path = Path.Combine(_root, name);
        Behind.Await(path);
        return path;
    }
}
