using System.Runtime.CompilerServices;

namespace Pipeline.Core.Json;

/// <summary>The kinds of JSON values.</summary>
public enum JsonKind
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

/// <summary>
/// Walks a JSON text that was scanned already, forward, without looking at more than it must. On other texts the
/// answers
/// mean nothing, but every call ends and stays inside the text.
/// </summary>
public static class JsonWalk
{
    /// <summary>The kind of the value that begins at an offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static JsonKind KindAt(ReadOnlySpan<byte> text, int at) => (at < text.Length ? text[at] : (byte)0) switch
    {
        (byte)'{' => JsonKind.Object,
        (byte)'[' => JsonKind.Array,
        (byte)'"' => JsonKind.String,
        (byte)'t' or (byte)'f' => JsonKind.Boolean,
        (byte)'n' => JsonKind.Null,
        _ => JsonKind.Number,
    };

    /// <summary>
    /// From behind an object's opening brace or a member's value to the content of the next name; else behind the
    /// object.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryStepToName(ReadOnlySpan<byte> text, ref int at)
    {
        var next = SkipSpace(text, at);
        if (next < text.Length && text[next] == ',')
        {
            next = SkipSpace(text, next + 1);
        }
        at = Math.Min(next + 1, text.Length);
        return next < text.Length && text[next] == '"';
    }

    /// <summary>From the quote behind a name's content to the member's value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int StepToValue(ReadOnlySpan<byte> text, int at)
    {
        var colon = SkipSpace(text, at + 1);
        return Math.Min(SkipSpace(text, colon + 1), text.Length);
    }

    /// <summary>The offset of the next byte that is not white space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipSpace(ReadOnlySpan<byte> text, int at)
    {
        while ((uint)at < (uint)text.Length
            && text[at] is <= (byte)' ' and ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
        {
            at++;
        }
        return at;
    }

    /// <summary>The offset behind the value that begins at an offset.</summary>
    public static int SkipValue(ReadOnlySpan<byte> text, int at)
    {
        switch (KindAt(text, at))
        {
            case JsonKind.String:
                return SkipString(text, at);
            case JsonKind.Object or JsonKind.Array:
                return JsonSkip.Container(text, at);
            default:
                return JsonSkip.Scalar(text, at);
        }
    }

    /// <summary>From a string's opening quote to behind its closing one.</summary>
    public static int SkipString(ReadOnlySpan<byte> text, int at)
    {
        at++;
        while ((at = JsonSkip.FindQuote(text, at)) < text.Length)
        {
            if (text[at] == '"')
            {
                return at + 1;
            }
            at += 2;
        }
        return text.Length;
    }
}

/// <summary>The members of an object, in order. Whoever walked a member's value sets <see cref="ValueEnd"/>.</summary>
/// <param name="text">A JSON text that was scanned already.</param>
/// <param name="at">The offset of the object's opening brace.</param>
public ref struct JsonMembers(ReadOnlySpan<byte> text, int at)
{
    private const int Unknown = -1;

    private readonly ReadOnlySpan<byte> _text = text;
    private int _nameLength;

    /// <summary>The offset behind the member's value, when it is known; else the value is skipped.</summary>
    public int ValueEnd { get; set; } = at + 1;

    /// <summary>The offset of the member's value.</summary>
    public int ValueStart { get; private set; }

    /// <summary>The offset of the name's content.</summary>
    public int NameStart { get; private set; }

    /// <summary>The name's content, perhaps escaped.</summary>
    public readonly ReadOnlySpan<byte> Name => _text.Slice(NameStart, _nameLength);

    /// <summary>The offset behind the object; meaningful after the last member.</summary>
    public int End { get; private set; }

    /// <summary>The member's value; this walks over it.</summary>
    public ReadOnlySpan<byte> Value => _text[ValueStart..FindValueEnd()];

    /// <summary>Steps to the next member; false behind the last.</summary>
    public bool MoveNext()
    {
        var next = FindValueEnd();
        if (!JsonWalk.TryStepToName(_text, ref next))
        {
            End = next;
            return false;
        }
        NameStart = next;
        _nameLength = JsonName.At(_text, next).Length;
        ValueStart = JsonWalk.StepToValue(_text, next + _nameLength);
        ValueEnd = Unknown;
        return true;
    }

    private int FindValueEnd()
    {
        if (ValueEnd == Unknown)
        {
            ValueEnd = JsonWalk.SkipValue(_text, ValueStart);
        }
        return ValueEnd;
    }
}

/// <summary>The elements of an array, in order. Whoever walked an element sets <see cref="ValueEnd"/>.</summary>
/// <param name="text">A JSON text that was scanned already.</param>
/// <param name="at">The offset of the array's opening bracket.</param>
public ref struct JsonElements(ReadOnlySpan<byte> text, int at)
{
    private const int Unknown = -1;

    private readonly ReadOnlySpan<byte> _text = text;

    /// <summary>The offset behind the element, when it is known; else the element is skipped.</summary>
    public int ValueEnd { get; set; } = at + 1;

    /// <summary>The offset of the element.</summary>
    public int ValueStart { get; private set; }

    /// <summary>The offset behind the array; meaningful after the last element.</summary>
    public int End { get; private set; }

    /// <summary>The element; this walks over it.</summary>
    public ReadOnlySpan<byte> Value => _text[ValueStart..FindValueEnd()];

    /// <summary>Steps to the next element; false behind the last.</summary>
    public bool MoveNext()
    {
        var next = JsonWalk.SkipSpace(_text, FindValueEnd());
        if (next < _text.Length && _text[next] == ',')
        {
            next = JsonWalk.SkipSpace(_text, next + 1);
        }
        if (next >= _text.Length || _text[next] is (byte)']' or (byte)'}' or (byte)':' or (byte)',')
        {
            End = Math.Min(next + 1, _text.Length);
            return false;
        }
        ValueStart = next;
        ValueEnd = Unknown;
        return true;
    }

    private int FindValueEnd()
    {
        if (ValueEnd == Unknown)
        {
            ValueEnd = JsonWalk.SkipValue(_text, ValueStart);
        }
        return ValueEnd;
    }
}
