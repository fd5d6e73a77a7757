using Pipeline.Core;

namespace Pipeline.Cli.Schemas;

/// <summary>The schema files of a folder, compiled to prove them sound.</summary>
internal sealed class SchemaFolder
{
    private SchemaFolder(IReadOnlyDictionary<SchemaName, SchemaFile> files) => Files = files;

    /// <summary>The files, by what their names say.</summary>
    internal IReadOnlyDictionary<SchemaName, SchemaFile> Files { get; }

    /// <summary>Reads a folder.</summary>
    /// <exception cref="ConfigurationException">A schema has a mistake, or a name is wrong.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    internal static SchemaFolder Read(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*" + SchemaName.Suffix)
            .Order(StringComparer.Ordinal)
            .Select(file => KeyValuePair.Create(file, (ReadOnlyMemory<byte>)File.ReadAllBytes(file)))
            .ToArray();
        _ = SchemaSet.Load(files);
        return new SchemaFolder(files.ToDictionary(
            file => SchemaName.Parse(file.Key), file => SchemaFile.Parse(file.Key, file.Value)));
    }
}
