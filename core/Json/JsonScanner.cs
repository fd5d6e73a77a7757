using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Pipeline.Core.Json;

/// <summary>Where a value lies in its text, in bytes; length 0 when there is none.</summary>
public readonly record struct JsonSlice(int Start, int Length);

/// <summary>
/// The strict scanner: one forward pass over a text decides whether it is one JSON value (RFC 8259, UTF-8, no lone
/// surrogates), finds members named twice at any depth, and notes where the known top-level members' values lie.
/// </summary>
/// <remarks>
/// No recursion; depth is bounded by <see cref="Limits.EventDepthMax"/>; time is n log n in the worst case.
/// </remarks>
internal ref partial struct JsonScanner
{
    private const int NoAttribute = -1;

    private readonly ReadOnlySpan<byte> _text;
    private readonly Span<JsonSlice> _table;
    private MemberNames _names;
    private JsonFault _fault;
    private bool _escaped;
    private int _attribute;
    private int _valueStart;

    private JsonScanner(ReadOnlySpan<byte> text, Span<JsonSlice> table, MemberNames names)
    {
        _text = text;
        _table = table;
        _names = names;
        _attribute = NoAttribute;
    }

    /// <summary>Scans a text that has no white space around it.</summary>
    /// <param name="table">
    /// One entry per <see cref="EventAttribute"/>, filled with the values' places when the text is an object; or empty.
    /// </param>
    /// <param name="duplicates">Takes the offsets of names that an earlier member of the same object has.</param>
    /// <param name="duplicateCount">How many names are there twice, at most the room for them.</param>
    [SkipLocalsInit]
    internal static JsonFault Scan(
        ReadOnlySpan<byte> text, Span<JsonSlice> table, Span<int> duplicates, out int duplicateCount)
    {
        duplicateCount = 0;
        if (!Utf8.IsValid(text))
        {
            return new JsonFault(JsonFaultKind.InvalidUtf8, FirstInvalid(text));
        }
        if (text.IsEmpty || text.StartsWith("\uFEFF"u8))
        {
            return new JsonFault(text.IsEmpty ? JsonFaultKind.Empty : JsonFaultKind.ByteOrderMark, 0);
        }
        var names = new MemberNames(
            text,
            stackalloc MemberNames.Frame[Limits.EventDepthMax + 1],
            stackalloc MemberNames.Entry[MemberNames.EntriesOnStack],
            duplicates);
        var scanner = new JsonScanner(text, table, names);
        var end = scanner.ScanValues();
        if (end >= 0 && end < text.Length)
        {
            scanner.Fail(JsonFaultKind.SecondText, end + CountSpace(text[end..]));
        }
        duplicateCount = scanner._names.DuplicateCount;
        scanner._names.Dispose();
        return scanner._fault;
    }

    /// <summary>The number of white space bytes (space, tab, LF, CR) a text starts with.</summary>
    internal static int CountSpace(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExcept(" \t\n\r"u8);
        return end < 0 ? text.Length : end;
    }

    // A value begins at `at`; when it ends, whatever ends with it is closed. Answers the offset behind the document,
    // or a negative number when there is a fault.
    private int ScanValues()
    {
        var at = 0;
        var depth = 0;
        var kinds = 0UL;
        while (true)
        {
            var first = Peek(at);
            if (first is (byte)'{' or (byte)'[')
            {
                if (depth == Limits.EventDepthMax)
                {
                    return Fail(JsonFaultKind.TooDeep, at);
                }
                depth++;
                var isObject = first == '{';
                kinds = (kinds << 1) | (isObject ? 1UL : 0UL);
                if (isObject)
                {
                    _names.Open(depth);
                }
                at = SkipSpace(at + 1);
                if (Peek(at) != first + 2)
                {
                    at = isObject ? ScanName(at, depth) : at;
                    if (at < 0)
                    {
                        return at;
                    }
                    continue;
                }
            }
            else
            {
                at = ScanScalar(at, first);
                if (at < 0)
                {
                    return at;
                }
                Note(depth, at);
            }
            at = ScanAfterValue(at, ref depth, ref kinds);
            if (at < 0 || depth == 0)
            {
                return at;
            }
        }
    }

    // Closes what ends at `at` and steps over the comma to the next value.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ScanAfterValue(int at, ref int depth, ref ulong kinds)
    {
        while (depth > 0)
        {
            at = SkipSpace(at);
            var isObject = (kinds & 1) != 0;
            var next = Peek(at);
            if (next == ',')
            {
                at = SkipSpace(at + 1);
                return isObject ? ScanName(at, depth) : at;
            }
            if (next != (isObject ? (byte)'}' : (byte)']'))
            {
                return Fail(
                    isObject ? JsonFaultKind.CommaOrBraceExpected : JsonFaultKind.CommaOrBracketExpected, at);
            }
            if (isObject)
            {
                _names.Close(depth);
            }
            at++;
            depth--;
            kinds >>= 1;
            Note(depth, at);
        }
        return at;
    }

    // Notes the place of a known top-level member's value, which ends at `end`.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Note(int depth, int end)
    {
        if (depth == 1 && _attribute >= 0)
        {
            _table[_attribute] = new JsonSlice(_valueStart, end - _valueStart);
            _attribute = NoAttribute;
        }
    }

    // From the quote of a name to its value.
    private int ScanName(int at, int depth)
    {
        if (Peek(at) != '"')
        {
            return FailName(at, depth);
        }
        var start = at + 1;
        at = ScanString(at);
        if (at < 0)
        {
            return at;
        }
        var length = at - 1 - start;
        _names.Add(start, length, _escaped, depth);
        var isTop = depth == 1 && !_table.IsEmpty;
        if (isTop)
        {
            _attribute = FindAttribute(start, length, _escaped);
        }
        at = SkipSpace(at);
        if (Peek(at) != ':')
        {
            return Fail(JsonFaultKind.ColonExpected, at);
        }
        at = SkipSpace(at + 1);
        if (isTop)
        {
            _valueStart = at;
        }
        return at;
    }

    private readonly int FindAttribute(int start, int length, bool escaped)
    {
        var name = _text.Slice(start, length);
        if (!escaped)
        {
            return EventAttributes.IndexOf(name);
        }
        using var decoded = JsonText.Decode(name, stackalloc byte[JsonText.StackBytes]);
        return EventAttributes.IndexOf(decoded.Span);
    }

    // Depth counts before grammar: a run of opening brackets that is too deep is told as that.
    private int FailName(int at, int depth)
    {
        var run = at;
        while (depth <= Limits.EventDepthMax && Peek(run) is (byte)'{' or (byte)'[')
        {
            depth++;
            run = SkipSpace(run + 1);
        }
        return depth > Limits.EventDepthMax
            ? Fail(JsonFaultKind.TooDeep, run - 1)
            : Fail(JsonFaultKind.NameExpected, at);
    }

    // 0 at the end, which no grammar rule takes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly byte Peek(int at) =>
        (uint)at < (uint)_text.Length ? Unsafe.Add(ref MemoryMarshal.GetReference(_text), (nint)(uint)at) : (byte)0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int SkipSpace(int at)
    {
        while (Peek(at) is var next && next <= ' ' && next is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }
        return at;
    }

    private int Fail(JsonFaultKind kind, int at)
    {
        _fault = new JsonFault(kind, at);
        return -1;
    }

    private static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (System.Text.Rune.DecodeFromUtf8(text[at..], out _, out var bytes) == System.Buffers.OperationStatus.Done)
        {
            at += bytes;
        }
        return at;
    }
}
