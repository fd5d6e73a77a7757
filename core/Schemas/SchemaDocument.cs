using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>A schema's file: its text, read without faults, and the places in it that are schemas.</summary>
internal sealed class SchemaDocument
{
    private SchemaDocument(string file, ReadOnlyMemory<byte> text, int root, Uri baseUri) =>
        (File, Text, Root, BaseUri) = (file, text, root, baseUri);

    /// <summary>The file as its user knows it.</summary>
    internal string File { get; }

    internal ReadOnlyMemory<byte> Text { get; }

    /// <summary>The offset of the document's value.</summary>
    internal int Root { get; }

    /// <summary>What the document's references are relative to until an <c>$id</c> says otherwise.</summary>
    internal Uri BaseUri { get; }

    /// <summary>The base URI at each schema, by the schema's offset.</summary>
    internal Dictionary<int, Uri> Bases { get; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">It is no JSON text, or an object names a member twice.</exception>
    internal static SchemaDocument Read(string file, ReadOnlyMemory<byte> bytes, Uri baseUri)
    {
        var text = bytes.Span;
        Span<int> duplicates = stackalloc int[1];
        var end = text.Length;
        while (end > 0 && text[end - 1] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            end--;
        }
        var start = Math.Min(JsonScanner.CountSpace(text), end);
        var fault = JsonScanner.Scan(text[start..end], default, duplicates, out var duplicateCount);
        if (fault.Kind != JsonFaultKind.None)
        {
            throw new ConfigurationException(file, "", fault.Describe(text[start..end], start));
        }
        var document = new SchemaDocument(file, bytes[..end], start, baseUri);
        return duplicateCount == 0
            ? document
            : throw document.Mistake(start + duplicates[0], "the object has a member of that name already");
    }

    internal JsonKind KindAt(int at) => JsonWalk.KindAt(Text.Span, at);

    internal ReadOnlyMemory<byte> ValueAt(int at) => Text[at..JsonWalk.SkipValue(Text.Span, at)];

    internal string TextAt(int at) =>
        JsonText.TryContent(ValueAt(at).Span, out var content) ? JsonText.ToText(content) : throw Unfit(at, "a string");

    /// <summary>The offsets of an array's elements; none for any other value.</summary>
    internal List<int> ElementsOf(int at)
    {
        var starts = new List<int>();
        if (KindAt(at) == JsonKind.Array)
        {
            var elements = new JsonElements(Text.Span, at);
            while (elements.MoveNext())
            {
                starts.Add(elements.ValueStart);
            }
        }
        return starts;
    }

    /// <summary>An object's members: names, unescaped, and the offsets of values; none for any other value.</summary>
    internal List<(string Name, int At)> MembersOf(int at)
    {
        var found = new List<(string, int)>();
        if (KindAt(at) == JsonKind.Object)
        {
            var members = new JsonMembers(Text.Span, at);
            while (members.MoveNext())
            {
                found.Add((JsonText.ToText(members.Name), members.ValueStart));
            }
        }
        return found;
    }

    internal ConfigurationException Unfit(int at, string allowed) =>
        Mistake(at, $"found {JsonText.Excerpt(ValueAt(at).Span)}; allowed is {allowed}");

    internal ConfigurationException Mistake(int at, string problem) =>
        new(File, JsonPointer.To(Text.Span, at), problem);
}

/// <summary>Where a schema stands: a document and an offset in it.</summary>
internal readonly record struct SchemaPlace(SchemaDocument Document, int At);
