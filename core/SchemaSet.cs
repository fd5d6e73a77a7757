using System.Text;

namespace Pipeline.Core;

/// <summary>
/// The schemas of all event types: those of a folder, one file <c>&lt;type&gt;.schema.json</c> a type.
/// </summary>
public sealed class SchemaSet
{
    /// <summary>How the name of a schema's file ends.</summary>
    public const string Suffix = ".schema.json";

    private readonly Json.Utf8Map<EventSchema> _schemas;

    private SchemaSet(Json.Utf8Map<EventSchema> schemas) => _schemas = schemas;

    /// <summary>How many types have a schema.</summary>
    public int Count => _schemas.Count;

    /// <summary>The types that have a schema, in the order of their files.</summary>
    public IEnumerable<string> Types => _schemas.Names.Select(Encoding.UTF8.GetString);

    /// <summary>Compiles the schemas.</summary>
    /// <param name="files">Each file's name, perhaps with its folder, for messages, and its bytes.</param>
    /// <exception cref="ConfigurationException">
    /// A name that ends otherwise or names no type, two files of one type, or a mistake in a schema.
    /// </exception>
    public static SchemaSet Load(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files)
    {
        var fileOfType = new Dictionary<string, string>(StringComparer.Ordinal);
        var schemas = new List<KeyValuePair<byte[], EventSchema>>();
        foreach (var (file, bytes) in files)
        {
            var name = file[(file.LastIndexOfAny(['/', '\\']) + 1)..];
            if (!name.EndsWith(Suffix, StringComparison.Ordinal) || name.Length == Suffix.Length)
            {
                throw new ConfigurationException(
                    file, "", $"found the name '{name}'; allowed is an event's type followed by '{Suffix}'");
            }
            var type = name[..^Suffix.Length];
            if (!fileOfType.TryAdd(type, file))
            {
                throw new ConfigurationException(
                    file, "", $"the type '{type}' has a schema in {fileOfType[type]} already; allowed is one");
            }
            schemas.Add(KeyValuePair.Create(Encoding.UTF8.GetBytes(type), EventSchema.Compile(file, bytes)));
        }
        return new SchemaSet(new Json.Utf8Map<EventSchema>(schemas));
    }

    /// <summary>The schema of a type; null when it has none. Types compare exactly.</summary>
    /// <param name="type">The type, UTF-8, unescaped.</param>
    public EventSchema? Find(ReadOnlySpan<byte> type) => _schemas.TryGet(type, out var schema) ? schema : null;

    /// <summary>The schema of an event's type; null when it has none.</summary>
    public EventSchema? Find(in Event @event)
    {
        using var type = @event.Decode(EventAttribute.Type, stackalloc byte[Json.JsonText.StackBytes]);
        return Find(type.Span);
    }
}
