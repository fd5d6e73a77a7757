namespace Pipeline.Cli;

/// <summary>The synthesized template that a command works on.</summary>
internal static class TemplateFile
{
    /// <summary>The committed one, beside the program.</summary>
    public static string Default { get; } = Path.Combine(PathText.Home, "infra", "pipeline.template.json");

    /// <summary>The template's bytes.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the template '{file}' cannot be read: {error.Message}", error);
        }
    }
}
