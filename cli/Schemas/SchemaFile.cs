using System.Globalization;
using System.Text.Json;

namespace Pipeline.Cli.Schemas;

/// <summary>A schema's file as a document, for commands that compare; validation compiles it instead.</summary>
internal sealed class SchemaFile
{
    private SchemaFile(string path, JsonElement root) => (Path, Root) = (path, root);

    internal string Path { get; }

    internal JsonElement Root { get; }

    internal static SchemaFile Parse(string path, ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        return new SchemaFile(path, document.RootElement.Clone());
    }

    /// <summary>The schema that a reference within the file names by pointer; null when it names another one.</summary>
    internal JsonElement? Resolve(string reference)
    {
        if (!reference.StartsWith('#') || (reference.Length > 1 && reference[1] != '/'))
        {
            return null;
        }
        var at = Root;
        foreach (var escaped in Uri.UnescapeDataString(reference[1..]).Split('/').Skip(1))
        {
            var name = escaped.Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind == JsonValueKind.Array
                && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && index < at.GetArrayLength())
            {
                at = at[index];
            }
            else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }
        return at;
    }
}
