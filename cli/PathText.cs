namespace Pipeline.Cli;

/// <summary>Paths as messages name them.</summary>
internal static class PathText
{
    /// <summary>Where the program's own files lie: the template, the sample, what a user configures.</summary>
    public static string Home { get; } = AppContext.BaseDirectory;

    /// <summary>A path as its user wrote it; one of the program's own files by its name in the repository.</summary>
    public static string Shown(string path) =>
        path.StartsWith(Home, StringComparison.Ordinal) ? path[Home.Length..] : path;
}
