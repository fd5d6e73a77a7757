using Xunit;

namespace Pipeline.Tests.Replays;

/// <summary>The folder <c>events/</c> of the repository.</summary>
internal static class PayloadFiles
{
    public static string Folder { get; } = Path.Combine(Tools.RepositoryRoot, "events");

    /// <summary>The committed payloads, by their names below the folder, such as <c>Validate/normal.json</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Directory.EnumerateDirectories(Folder).SelectMany(Directory.EnumerateFiles)
            .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    /// <summary>The names as the data of a theory.</summary>
    public static TheoryData<string> Theory(Func<string, bool> which) => [.. Names.Where(which)];
}
