using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>Schemas that may refer to each other, found by <c>$id</c>, <c>$anchor</c> and JSON pointer.</summary>
internal sealed class SchemaLibrary
{
    private readonly Dictionary<string, SchemaPlace> _resources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SchemaPlace> _anchors = new(StringComparer.Ordinal);

    /// <summary>A file's own URI: references without an <c>$id</c> around them are relative to it.</summary>
    /// <param name="file">Its path, of which the name counts, or a URI.</param>
    internal static Uri UriOf(string file) =>
        file.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(file, UriKind.Absolute, out var uri)
            ? uri
            : new Uri("file:///" + Uri.EscapeDataString(file[(file.LastIndexOfAny(['/', '\\']) + 1)..]));

    /// <summary>Finds the schemas of a document and their identifiers.</summary>
    /// <exception cref="ConfigurationException">An identifier is malformed or is there twice.</exception>
    internal void Add(SchemaDocument document)
    {
        _resources.TryAdd(Key(document.BaseUri), new SchemaPlace(document, document.Root));
        Index(document, document.Root, document.BaseUri);
    }

    /// <summary>The schema that a reference names.</summary>
    /// <param name="from">Where the schema with the reference stands.</param>
    /// <param name="referenceAt">The offset of the reference.</param>
    /// <exception cref="ConfigurationException">There is none.</exception>
    internal SchemaPlace Resolve(SchemaPlace from, int referenceAt)
    {
        var reference = from.Document.TextAt(referenceAt);
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        var fragment = hash < 0 ? "" : Uri.UnescapeDataString(reference[(hash + 1)..]);
        var uri = ResolveUri(
            from.Document, from.Document.Bases[from.At], hash < 0 ? reference : reference[..hash], referenceAt);
        if (fragment.Length > 0 && fragment[0] != '/')
        {
            return _anchors.TryGetValue($"{Key(uri)}#{fragment}", out var anchored)
                ? anchored
                : throw from.Document.Unfit(referenceAt, $"an $anchor of {Key(uri)}");
        }
        if (!_resources.TryGetValue(Key(uri), out var place))
        {
            throw from.Document.Unfit(
                referenceAt, "a reference to a schema of this folder: #, #/pointer, #anchor, a file's name, or an $id");
        }
        place = place with { At = Walk(place, fragment) };
        return place.At >= 0 && place.Document.Bases.ContainsKey(place.At)
            ? place
            : throw from.Document.Unfit(referenceAt, $"a pointer to a schema of {place.Document.File}");
    }

    private void Index(SchemaDocument document, int at, Uri baseUri)
    {
        var members = document.MembersOf(at);
        foreach (var (_, idAt) in members.Where(member => member.Name == "$id"))
        {
            baseUri = ReadId(document, at, idAt, baseUri);
        }
        document.Bases[at] = baseUri;
        foreach (var (keyword, valueAt) in members)
        {
            if (keyword == "$anchor")
            {
                AddAnchor(new SchemaPlace(document, at), valueAt, baseUri);
            }
            foreach (var schema in SchemaKeywords.SchemasOf(document, keyword, valueAt))
            {
                Index(document, schema, baseUri);
            }
        }
    }

    private Uri ReadId(SchemaDocument document, int at, int idAt, Uri baseUri)
    {
        var id = document.TextAt(idAt);
        var hash = id.IndexOf('#', StringComparison.Ordinal);
        if (hash >= 0 && hash < id.Length - 1)
        {
            throw document.Unfit(idAt, "a URI without a fragment");
        }
        var uri = ResolveUri(document, baseUri, hash < 0 ? id : id[..hash], idAt);
        var place = new SchemaPlace(document, at);
        return _resources.TryAdd(Key(uri), place) || _resources[Key(uri)] == place
            ? uri
            : throw document.Unfit(idAt, $"each $id once; {_resources[Key(uri)].Document.File} has it too");
    }

    private void AddAnchor(SchemaPlace place, int nameAt, Uri baseUri)
    {
        var name = place.Document.TextAt(nameAt);
        var isName = name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] == '_')
            && name.All(one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.');
        if (!isName)
        {
            throw place.Document.Unfit(nameAt, "a letter or '_', then letters, digits, '-', '_' and '.'");
        }
        if (!_anchors.TryAdd($"{Key(baseUri)}#{name}", place))
        {
            throw place.Document.Unfit(nameAt, "each $anchor once in a schema");
        }
    }

    private static Uri ResolveUri(SchemaDocument document, Uri baseUri, string reference, int at)
    {
        if (reference.Length == 0)
        {
            return baseUri;
        }
        // A path alone is absolute to the platform on some systems; to JSON Schema it never is.
        if ((reference[0] != '/' && Uri.TryCreate(reference, UriKind.Absolute, out var uri))
            || (Uri.TryCreate(baseUri, reference, out uri) && uri.IsAbsoluteUri))
        {
            return uri;
        }
        throw document.Unfit(at, $"a URI reference that can be resolved against {Key(baseUri)}");
    }

    private static string Key(Uri uri) =>
        uri.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.Fragment, UriFormat.UriEscaped);

    // The offset that a JSON pointer leads to; -1 when it leads nowhere.
    private static int Walk(SchemaPlace from, string pointer)
    {
        var at = from.At;
        foreach (var escaped in pointer.Split('/').Skip(1))
        {
            var name = escaped.Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
            at = from.Document.KindAt(at) == JsonKind.Object
                ? Member(from.Document, at, name)
                : Element(from.Document.ElementsOf(at), name);
            if (at < 0)
            {
                return at;
            }
        }
        return at;
    }

    private static int Member(SchemaDocument document, int at, string name)
    {
        foreach (var (member, valueAt) in document.MembersOf(at))
        {
            if (member == name)
            {
                return valueAt;
            }
        }
        return -1;
    }

    private static int Element(List<int> elements, string index) =>
        index.Length is > 0 and < 9 && index.All(char.IsAsciiDigit) && (index.Length == 1 || index[0] != '0')
        && int.Parse(index, System.Globalization.CultureInfo.InvariantCulture) is var place && place < elements.Count
            ? elements[place]
            : -1;
}
