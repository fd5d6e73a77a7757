namespace Pipeline.Core;

/// <summary>
/// A condition on events in EventBridge's pattern language, compiled to a matcher on UTF-8 bytes: one forward pass, no
/// document objects, nothing allocated per event.
/// </summary>
/// <remarks>
/// The whole language: <c>docs/patterns.md</c>. Numbers compare exactly; wildcards take linear time. Immutable, so any
/// number of threads may use it. Where several patterns are asked of one event, a <see cref="PatternSet"/> asks them
/// in one pass.
/// </remarks>
public sealed class EventPattern
{
    /// <summary>Largest pattern, in bytes; EventBridge takes far less (its quota is 4,096 characters).</summary>
    public const int BytesMax = 64 * 1024;

    /// <summary>Most combinations of <c>$or</c> alternatives (EventBridge refuses more).</summary>
    public const int CombinationsMax = 1000;

    /// <summary>Most fields of all combinations together: what a compiled pattern may take in memory.</summary>
    public const int CombinedFieldsMax = 1_000_000;

    private readonly PatternProgram _program;

    private EventPattern(PatternField[][] branches)
    {
        Branches = branches;
        _program = new PatternProgram([branches]);
    }

    internal PatternField[][] Branches { get; }

    /// <summary>Compiles a pattern.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="pattern">The pattern, JSON in UTF-8.</param>
    /// <param name="pointer">Where in the file it stands, as a JSON pointer; "" for the whole.</param>
    /// <exception cref="ConfigurationException">A mistake in it: where, what was found, what is allowed.</exception>
    public static EventPattern Compile(string file, ReadOnlyMemory<byte> pattern, string pointer = "") =>
        new(new PatternCompiler(file, pattern.ToArray(), pointer).Compile());

    /// <summary>Whether the event matches.</summary>
    /// <param name="event">An event whose JSON could be read.</param>
    public bool Matches(in Event @event)
    {
        var matches = false;
        _program.Match(@event, new Span<bool>(ref matches));
        return matches;
    }

    /// <summary>Why the event does not match: the fields that stand against it, and what was found there.</summary>
    /// <remarks>
    /// Of several <c>$or</c> combinations, the one that came closest. For people, not for the hot path.
    /// </remarks>
    /// <param name="event">An event whose JSON could be read.</param>
    /// <returns>Nothing when the event matches.</returns>
    public IReadOnlyList<PatternMismatch> Explain(in Event @event) =>
        Matches(@event) ? [] : PatternMismatch.Find(Branches, @event.Json);
}

/// <summary>
/// Patterns that are matched together, in one pass over the event; fields they share are examined once.
/// </summary>
public sealed class PatternSet
{
    private readonly PatternProgram _program;

    private PatternSet(PatternProgram program) => _program = program;

    /// <summary>The number of patterns.</summary>
    public int Count => _program.Count;

    /// <summary>Makes a set of compiled patterns.</summary>
    public static PatternSet Compile(IEnumerable<EventPattern> patterns) =>
        new(new PatternProgram([.. patterns.Select(pattern => pattern.Branches)]));

    /// <summary>Says of each pattern whether the event matches it.</summary>
    /// <param name="event">An event whose JSON could be read.</param>
    /// <param name="matches">Takes the answers, in the order of the patterns; at least <see cref="Count"/>.</param>
    public void Match(in Event @event, Span<bool> matches) => _program.Match(@event, matches);
}
