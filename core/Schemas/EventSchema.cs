using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// A JSON Schema 2020-12 document for the <c>data</c> of an event type, compiled to a validator on UTF-8 bytes: one
/// forward pass, no document objects, and nothing allocated while the data is valid.
/// </summary>
/// <remarks>
/// A keyword that is not implemented stops the start; none is ever ignored, except annotations. <c>pattern</c> runs
/// on the non-backtracking engine; <c>format</c> is asserted. Keywords that look at a value again (combinations,
/// references) walk it once more each; the work of recursive schemas on hostile data is bounded by
/// <see cref="Limits.SchemaWorkPerByteMax"/>. Immutable, so any number of threads may use it.
/// </remarks>
public sealed class EventSchema
{
    private readonly EventSchemaNode _root;

    internal EventSchema(EventSchemaNode root) => _root = root;

    /// <summary>Compiles a schema that refers to no other file.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="schema">The document, UTF-8.</param>
    /// <exception cref="ConfigurationException">A mistake in it: where, what was found, what is allowed.</exception>
    public static EventSchema Compile(string file, ReadOnlyMemory<byte> schema) =>
        CompileAll([KeyValuePair.Create(file, schema)])[0];

    /// <summary>Compiles schemas that may refer to each other, by file name or <c>$id</c>.</summary>
    /// <param name="files">Each file's name, perhaps with its folder, or its URI; and its bytes.</param>
    /// <returns>The schemas, in the order of the files.</returns>
    /// <exception cref="ConfigurationException">A mistake in one: where, what was found, what is allowed.</exception>
    public static IReadOnlyList<EventSchema> CompileAll(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files)
    {
        var library = new SchemaLibrary();
        var documents = new List<SchemaDocument>();
        foreach (var (file, bytes) in files)
        {
            documents.Add(SchemaDocument.Read(file, bytes, SchemaLibrary.UriOf(file)));
            library.Add(documents[^1]);
        }
        var compiler = new EventSchemaCompiler(library);
        var roots = documents.Select(compiler.CompileDocument).ToArray();
        compiler.Link();
        return [.. roots.Select(root => new EventSchema(root))];
    }

    /// <summary>Checks a value and names every error, until <see cref="EventErrors.IsFull"/>.</summary>
    /// <param name="json">A value of a JSON text that was read without faults, such as an event's data.</param>
    /// <param name="basePointer">The value's own pointer, such as <c>/data</c>.</param>
    /// <param name="errors">
    /// Takes the errors: the pointer to the value at fault, the keyword, what is allowed and found.
    /// </param>
    public void Validate(ReadOnlySpan<byte> json, string basePointer, EventErrors errors)
    {
        var run = new EventSchemaRun(json, basePointer, errors);
        _root.Check(ref run, JsonWalk.SkipSpace(json, 0));
        run.End();
    }

    /// <summary>Whether a value is valid; stops at the first error and makes no message.</summary>
    /// <param name="json">A value of a JSON text that was read without faults.</param>
    public bool IsValid(ReadOnlySpan<byte> json)
    {
        var run = new EventSchemaRun(json, "", null);
        _root.Check(ref run, JsonWalk.SkipSpace(json, 0));
        run.End();
        return !run.Failed;
    }
}
