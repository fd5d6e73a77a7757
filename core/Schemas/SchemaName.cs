using System.Text;

namespace Pipeline.Core;

/// <summary>What the name of a schema's file says: the event type, and the version when there is one.</summary>
/// <param name="Type">The event type; of a file for references only, its name.</param>
/// <param name="Version">The version; null for a file without one.</param>
/// <param name="IsForReferences">Whether the name begins with <c>_</c>: no event has that type.</param>
public sealed record SchemaName(string Type, SchemaVersion? Version, bool IsForReferences)
{
    /// <summary>How the name of a schema's file ends.</summary>
    public const string Suffix = ".schema.json";

    /// <summary>
    /// Reads a name: <c>&lt;type&gt;.schema.json</c> or <c>&lt;type&gt;-&lt;major&gt;-&lt;minor&gt;.schema.json</c>.
    /// </summary>
    /// <param name="file">The file, perhaps with its folder.</param>
    /// <exception cref="ConfigurationException">It ends otherwise, or names no type.</exception>
    public static SchemaName Parse(string file)
    {
        var name = file[(file.LastIndexOfAny(['/', '\\']) + 1)..];
        if (!name.EndsWith(Suffix, StringComparison.Ordinal) || name.Length == Suffix.Length)
        {
            throw new ConfigurationException(
                file, "", $"found the name '{name}'; allowed is an event's type followed by '{Suffix}'");
        }
        var type = name[..^Suffix.Length];
        var minor = type.LastIndexOf('-');
        var major = minor < 1 ? -1 : type.LastIndexOf('-', minor - 1);
        var hasVersion = SchemaVersion.TryParse(Encoding.UTF8.GetBytes(type[(major + 1)..]), out var version);
        return major > 0 && hasVersion
            ? new SchemaName(type[..major], version, type[0] == '_')
            : new SchemaName(type, null, type[0] == '_');
    }
}
