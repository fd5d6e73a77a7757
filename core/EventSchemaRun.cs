using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>One validation: the text, where errors go, and whether there was one.</summary>
/// <param name="errors">Null to ask only whether the value is valid.</param>
internal ref struct EventSchemaRun(ReadOnlySpan<byte> text, string basePointer, EventErrors? errors)
{
    private readonly string _basePointer = basePointer;
    private readonly EventErrors? _errors = errors;

    internal ReadOnlySpan<byte> Text { get; } = text;

    internal bool Failed { get; private set; }

    /// <summary>Whether further checks could change nothing.</summary>
    internal readonly bool IsDone => _errors is null ? Failed : _errors.IsFull;

    /// <summary>Reports an error: pointer and message are made only here, and only when someone wants them.</summary>
    /// <param name="at">The offset of the value, or of the member's name, at fault.</param>
    /// <param name="rule">The keyword and what it allows.</param>
    /// <param name="found">What was found.</param>
    internal void Fail(int at, string rule, ReadOnlySpan<byte> found)
    {
        Failed = true;
        if (_errors is { IsFull: false })
        {
            _errors.Add(JsonPointer.To(Text, at, _basePointer), $"{rule}, found {JsonText.Excerpt(found)}");
        }
    }

    /// <summary>Reports an error of the value that begins at an offset.</summary>
    internal void Fail(int at, string rule)
    {
        if (IsDone)
        {
            return;
        }
        Fail(at, rule, Text[at..JsonWalk.SkipValue(Text, at)]);
    }
}
