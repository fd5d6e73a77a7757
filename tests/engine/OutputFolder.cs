using Pipeline.Engine.Storage;

namespace Pipeline.Tests.Engine;

/// <summary>A directory of a test's own, gone with the test.</summary>
internal sealed class OutputFolder : IDisposable
{
    private EngineFiles? _files;

    public string Path { get; } = Directory.CreateTempSubdirectory("pipeline-tests-").FullName;

    /// <summary>The engine's files in it; what they write later is there when somebody looks.</summary>
    public EngineFiles EngineFiles => _files ??= new EngineFiles(Path);

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and answers its path.</summary>
    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        var path = File(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>The texts of the files whose relative paths begin so, by path with '/' between.</summary>
    public SortedDictionary<string, string> Files(string prefix = "")
    {
        _files?.Behind.Settle();
        return new(
            Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
                .Select(file => System.IO.Path.GetRelativePath(Path, file).Replace('\\', '/'))
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(
                    name => name, name => System.IO.File.ReadAllText(File(name), System.Text.Encoding.Latin1)),
            StringComparer.Ordinal);
    }

    public void Dispose()
    {
        _files?.Behind.Settle();
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
