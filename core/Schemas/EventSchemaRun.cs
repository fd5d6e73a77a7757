using System.Buffers;
using System.Runtime.CompilerServices;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>One validation: the text, where errors go, how many there were, and what was evaluated so far.</summary>
internal ref struct EventSchemaRun
{
    private const int Nothing = -1;

    // What one reference costs besides the bytes it looks at, so that references to small values are bounded too.
    private const int ReferenceWork = 16;

    private readonly string _basePointer;
    private EventErrors? _errors;
    private int _errorsMax = Limits.ErrorsPerRowMax;
    private string _prefix = "";
    private long _workLeft;
    private bool _isExhausted;
    private int[]? _marks;

    /// <param name="errors">Null to ask only whether the value is valid.</param>
    internal EventSchemaRun(ReadOnlySpan<byte> text, string basePointer, EventErrors? errors)
    {
        Text = text;
        _basePointer = basePointer;
        _errors = errors;
        _workLeft = Limits.SchemaWorkMin + ((long)text.Length * Limits.SchemaWorkPerByteMax);
        Settle();
    }

    internal ReadOnlySpan<byte> Text { get; }

    /// <summary>How many errors were found, also those that no one wants to read.</summary>
    internal int Failures { get; private set; }

    internal readonly bool Failed => Failures > 0;

    /// <summary>Whether no one reads the messages.</summary>
    internal readonly bool IsQuiet => _errors is null;

    /// <summary>Whether further checks could change nothing.</summary>
    internal bool IsDone { get; private set; }

    /// <summary>The offset of the object or array whose evaluated members or elements are noted, or -1.</summary>
    internal int Tracked { get; private set; } = Nothing;

    /// <summary>The offsets of evaluated values, as many as there are notes.</summary>
    internal readonly Span<int> Marks => _marks.AsSpan(0, MarkCount);

    internal int MarkCount { get; private set; }

    /// <summary>Reports an error: pointer and message are made only here, and only when someone wants them.</summary>
    /// <param name="at">The offset of the value, or of the member's name, at fault.</param>
    /// <param name="rule">The keyword and what it allows.</param>
    /// <param name="found">What was found.</param>
    internal void Fail(int at, string rule, ReadOnlySpan<byte> found)
    {
        Failures++;
        if (_errors is not null && !IsDone)
        {
            _errors.Add(JsonPointer.To(Text, at, _basePointer), $"{_prefix}{rule}, found {JsonText.Excerpt(found)}");
        }
        Settle();
    }

    /// <summary>Reports an error of the value that begins at an offset.</summary>
    internal void Fail(int at, string rule)
    {
        if (_errors is null || IsDone)
        {
            Failures++;
            Settle();
            return;
        }
        Fail(at, rule, Text[at..JsonWalk.SkipValue(Text, at)]);
    }

    /// <summary>Begins checks whose errors only decide; <see cref="EndTrial"/> ends them.</summary>
    internal Trial BeginTrial()
    {
        var outer = new Trial(_errors, Failures, MarkCount);
        _errors = null;
        Failures = 0;
        Settle();
        return outer;
    }

    /// <summary>Whether there was no error since the beginning; what was evaluated counts only then.</summary>
    internal bool EndTrial(Trial outer)
    {
        var fits = Failures == 0;
        _errors = outer.Errors;
        Failures = outer.Failures;
        MarkCount = fits ? MarkCount : outer.Marks;
        Settle();
        return fits;
    }

    /// <summary>Begins checks whose errors carry a prefix and take only a share of the room for errors.</summary>
    internal Share BeginShare(string prefix, int shares)
    {
        var outer = new Share(_prefix, _errorsMax);
        var count = _errors?.Count ?? 0;
        _errorsMax = Math.Min(_errorsMax, count + Math.Max(1, (_errorsMax - count) / shares));
        _prefix += prefix;
        Settle();
        return outer;
    }

    internal void EndShare(Share outer)
    {
        (_prefix, _errorsMax) = (outer.Prefix, outer.ErrorsMax);
        Settle();
    }

    /// <summary>Whether there is room, in work and on the stack, to follow a reference.</summary>
    internal bool TryFollow()
    {
        if (_workLeft < 0 || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            _isExhausted = true;
            Settle();
        }
        return !_isExhausted;
    }

    /// <summary>Counts the bytes that a reference made us look at.</summary>
    internal void Spend(int bytes) => _workLeft -= ReferenceWork + bytes;

    /// <summary>Notes from now on which members or elements of a value are evaluated.</summary>
    /// <returns>What was tracked before.</returns>
    internal int Track(int at)
    {
        var outer = Tracked;
        Tracked = at;
        return outer;
    }

    /// <summary>Goes back to what was tracked before; notes about another value are forgotten.</summary>
    internal void EndTrack(int outer, int firstMark)
    {
        MarkCount = outer == Tracked ? MarkCount : firstMark;
        Tracked = outer;
    }

    /// <summary>Notes that the member or element at an offset was evaluated.</summary>
    internal void Mark(int at)
    {
        if (_marks is null || MarkCount == _marks.Length)
        {
            var grown = ArrayPool<int>.Shared.Rent(Math.Max(64, MarkCount * 2));
            Marks.CopyTo(grown);
            ReturnMarks();
            _marks = grown;
        }
        _marks[MarkCount++] = at;
    }

    /// <summary>Forgets the notes beyond a count.</summary>
    internal void Forget(int firstMark) => MarkCount = firstMark;

    /// <summary>Ends the validation: gives memory back, and reports work that was not done.</summary>
    internal void End()
    {
        ReturnMarks();
        MarkCount = 0;
        if (_isExhausted)
        {
            Failures++;
            _errors?.Add(_basePointer, "$ref: the references of the schema make too much work of this value");
        }
    }

    private void Settle() =>
        IsDone = (_errors is null ? Failures > 0 : _errors.Count >= _errorsMax) || _isExhausted;

    private void ReturnMarks()
    {
        if (_marks is not null)
        {
            ArrayPool<int>.Shared.Return(_marks);
            _marks = null;
        }
    }

    internal readonly record struct Trial(EventErrors? Errors, int Failures, int Marks);

    internal readonly record struct Share(string Prefix, int ErrorsMax);
}
