using System.Text;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// The schemas of all event types: those of a folder, a file <c>&lt;type&gt;.schema.json</c> for each type, and
/// <c>&lt;type&gt;-&lt;major&gt;-&lt;minor&gt;.schema.json</c> for each version that events name by <c>dataschema</c>.
/// </summary>
/// <remarks>Files may refer to each other; one whose name begins with <c>_</c> is for references only.</remarks>
public sealed class SchemaSet
{
    /// <inheritdoc cref="SchemaName.Suffix"/>
    public const string Suffix = SchemaName.Suffix;

    private readonly Utf8Map<TypeSchemas> _types;

    private SchemaSet(Utf8Map<TypeSchemas> types) => _types = types;

    /// <summary>How many types have a schema.</summary>
    public int Count => _types.Count;

    /// <summary>The types that have a schema, in the order of their files.</summary>
    public IEnumerable<string> Types => _types.Names.Select(Encoding.UTF8.GetString);

    /// <summary>Compiles the schemas.</summary>
    /// <param name="files">Each file's name, perhaps with its folder, for messages, and its bytes.</param>
    /// <exception cref="ConfigurationException">
    /// A name that ends otherwise or names no type, two files of one type and version, or a mistake in a schema.
    /// </exception>
    public static SchemaSet Load(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files)
    {
        var all = files.ToArray();
        var fileOfName = new Dictionary<SchemaName, string>();
        foreach (var (file, _) in all)
        {
            var name = SchemaName.Parse(file);
            if (!fileOfName.TryAdd(name, file))
            {
                var version = name.Version is { } numbers ? $" in version {numbers}" : "";
                throw new ConfigurationException(
                    file,
                    "",
                    $"the type '{name.Type}' has a schema{version} in {fileOfName[name]} already; allowed is one");
            }
        }
        var types = new Dictionary<string, TypeSchemas>(StringComparer.Ordinal);
        foreach (var (file, schema) in all.Zip(EventSchema.CompileAll(all)))
        {
            var name = SchemaName.Parse(file.Key);
            if (!name.IsForReferences)
            {
                types.TryAdd(name.Type, new TypeSchemas(name.Type));
                types[name.Type].Add(name.Version, schema);
            }
        }
        return new SchemaSet(new Utf8Map<TypeSchemas>(
            types.Select(one => KeyValuePair.Create(Encoding.UTF8.GetBytes(one.Key), one.Value))));
    }

    /// <summary>
    /// The schema of a type for events that name no version; null when it has none. Types compare exactly.
    /// </summary>
    /// <param name="type">The type, UTF-8, unescaped.</param>
    public EventSchema? Find(ReadOnlySpan<byte> type) => _types.TryGet(type, out var schemas) ? schemas.Current : null;

    /// <inheritdoc cref="Find(in Event, out bool)"/>
    public EventSchema? Find(in Event @event) => Find(@event, out _);

    /// <summary>The schema of an event's type, in the version that its <c>dataschema</c> names.</summary>
    /// <param name="isTypeKnown">Whether the type has a schema, be it in another version.</param>
    /// <returns>Null when there is none.</returns>
    public EventSchema? Find(in Event @event, out bool isTypeKnown)
    {
        using var type = @event.Decode(EventAttribute.Type, stackalloc byte[JsonText.StackBytes]);
        isTypeKnown = _types.TryGet(type.Span, out var schemas);
        if (!isTypeKnown)
        {
            return null;
        }
        var raw = @event.Raw(EventAttribute.DataSchema);
        if (raw.IsEmpty || raw.SequenceEqual("null"u8))
        {
            return schemas!.Current;
        }
        using var uri = @event.Decode(EventAttribute.DataSchema, stackalloc byte[JsonText.StackBytes]);
        return schemas!.Find(uri.Span);
    }

    /// <summary>The versions of a type, as an event may name them, for messages.</summary>
    public IEnumerable<string> VersionsOf(string type) =>
        _types.TryGet(Encoding.UTF8.GetBytes(type), out var schemas) ? schemas.Versions : [];

    // The schemas of one type.
    private sealed class TypeSchemas(string type)
    {
        private readonly byte[] _type = Encoding.UTF8.GetBytes(type);
        private readonly SortedList<SchemaVersion, EventSchema> _versions = [];
        private EventSchema? _unversioned;

        internal EventSchema Current => _unversioned ?? _versions.GetValueAtIndex(_versions.Count - 1);

        internal IEnumerable<string> Versions =>
            (_unversioned is null ? [] : new[] { type }).Concat(_versions.Keys.Select(version => $"{type}-{version}"));

        internal void Add(SchemaVersion? version, EventSchema schema)
        {
            if (version is { } numbers)
            {
                _versions.Add(numbers, schema);
            }
            else
            {
                _unversioned = schema;
            }
        }

        // The last segment of the URI's path is <type>, <type>-<major>-<minor> or <major>-<minor>.
        internal EventSchema? Find(ReadOnlySpan<byte> uri)
        {
            var end = uri.IndexOfAny("?#"u8);
            var segment = end < 0 ? uri : uri[..end];
            segment = segment[(segment.LastIndexOf((byte)'/') + 1)..];
            if (segment.EndsWith(".schema.json"u8))
            {
                segment = segment[..^Suffix.Length];
            }
            if (!segment.StartsWith(_type))
            {
                // A URN has colons where a URL has slashes.
                segment = segment[(segment.LastIndexOf((byte)':') + 1)..];
            }
            if (segment.StartsWith(_type))
            {
                segment = segment[_type.Length..];
                if (segment.IsEmpty)
                {
                    return Current;
                }
                segment = segment[0] == '-' ? segment[1..] : default;
            }
            return SchemaVersion.TryParse(segment, out var version) ? _versions.GetValueOrDefault(version) : null;
        }
    }
}
