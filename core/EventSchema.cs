using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// A JSON Schema 2020-12 document for the <c>data</c> of an event type, compiled to a validator on UTF-8 bytes: one
/// forward pass, no document objects, and nothing allocated while the data is valid.
/// </summary>
/// <remarks>
/// A keyword that is not implemented stops the start; none is ever ignored, except annotations. <c>pattern</c> runs
/// on the
/// non-backtracking engine; <c>format</c> is asserted. Immutable, so any number of threads may use it.
/// </remarks>
public sealed class EventSchema
{
    private readonly EventSchemaNode _root;

    private EventSchema(EventSchemaNode root) => _root = root;

    /// <summary>Compiles a schema.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="schema">The document, UTF-8.</param>
    /// <exception cref="ConfigurationException">A mistake in it: where, what was found, what is allowed.</exception>
    public static EventSchema Compile(string file, ReadOnlyMemory<byte> schema) =>
        new(new EventSchemaCompiler(file, schema).CompileDocument());

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
    }

    /// <summary>Whether a value is valid; stops at the first error and makes no message.</summary>
    /// <param name="json">A value of a JSON text that was read without faults.</param>
    public bool IsValid(ReadOnlySpan<byte> json)
    {
        var run = new EventSchemaRun(json, "", null);
        _root.Check(ref run, JsonWalk.SkipSpace(json, 0));
        return !run.Failed;
    }
}
