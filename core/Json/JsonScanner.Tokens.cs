using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Core.Json;

internal ref partial struct JsonScanner
{
    private int ScanScalar(int at, byte first) => first switch
    {
        (byte)'"' => ScanString(at),
        (byte)'t' => ScanWord(at, "true"u8),
        (byte)'f' => ScanWord(at, "false"u8),
        (byte)'n' => ScanWord(at, "null"u8),
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => ScanNumber(at),
        _ => Fail(JsonFaultKind.ValueExpected, at),
    };

    private int ScanWord(int at, ReadOnlySpan<byte> word) =>
        _text[at..].StartsWith(word) ? at + word.Length : Fail(JsonFaultKind.ValueExpected, at);

    // From the opening quote to behind the closing one; sets `_escaped`.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ScanString(int at)
    {
        at = FindSpecial(_text, at + 1);
        _escaped = false;
        return Peek(at) == '"' ? at + 1 : ScanStringRest(at);
    }

    private int ScanStringRest(int at)
    {
        while (at < _text.Length)
        {
            var special = _text[at];
            if (special == '"')
            {
                return at + 1;
            }
            if (special != '\\')
            {
                return Fail(JsonFaultKind.ControlCharacter, at);
            }
            _escaped = true;
            at = ScanEscape(at);
            if (at < 0)
            {
                return at;
            }
            at = FindSpecial(_text, at);
        }
        return Fail(JsonFaultKind.UnterminatedString, _text.Length);
    }

    /// <summary>The next quote, backslash or control character; the text's length when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int FindSpecial(ReadOnlySpan<byte> text, int at)
    {
        ref var origin = ref MemoryMarshal.GetReference(text);
        while (at + Vector128<byte>.Count <= text.Length)
        {
            var bytes = Vector128.LoadUnsafe(ref origin, (nuint)(uint)at);
            var hits = Vector128.Equals(bytes, Vector128.Create((byte)'"'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
                | Vector128.Equals(Vector128.Min(bytes, Vector128.Create((byte)0x1F)), bytes);
            var bits = hits.ExtractMostSignificantBits();
            if (bits != 0)
            {
                return at + BitOperations.TrailingZeroCount(bits);
            }
            at += Vector128<byte>.Count;
        }
        while (at < text.Length && text[at] is not ((byte)'"' or (byte)'\\' or < 0x20))
        {
            at++;
        }
        return at;
    }

    // From a backslash to behind its escape.
    private int ScanEscape(int at)
    {
        var next = Peek(at + 1);
        if (next is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b'
            or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t')
        {
            return at + 2;
        }
        if (next != 'u')
        {
            return Fail(JsonFaultKind.UnknownEscape, at);
        }
        var unit = JsonText.HexUnit(_text, at + 2);
        if (unit < 0)
        {
            return Fail(JsonFaultKind.HexDigitExpected, at);
        }
        if (unit is < 0xD800 or > 0xDFFF)
        {
            return at + 6;
        }
        var isPair = unit <= 0xDBFF && Peek(at + 6) == '\\' && Peek(at + 7) == 'u'
            && JsonText.HexUnit(_text, at + 8) is >= 0xDC00 and <= 0xDFFF;
        return isPair ? at + 12 : Fail(JsonFaultKind.LoneSurrogate, at);
    }

    private int ScanNumber(int at)
    {
        if (Peek(at) == '-')
        {
            at++;
        }
        if (Peek(at) == '0')
        {
            at++;
            if (IsDigit(Peek(at)))
            {
                return Fail(JsonFaultKind.LeadingZero, at - 1);
            }
        }
        else
        {
            at = ScanDigits(at);
        }
        if (at >= 0 && Peek(at) == '.')
        {
            at = ScanDigits(at + 1);
        }
        if (at >= 0 && (Peek(at) | 0x20) == 'e')
        {
            at++;
            at = ScanDigits(Peek(at) is (byte)'+' or (byte)'-' ? at + 1 : at);
        }
        return at;
    }

    private int ScanDigits(int at)
    {
        var start = at;
        while (IsDigit(Peek(at)))
        {
            at++;
        }
        return at > start ? at : Fail(JsonFaultKind.DigitExpected, at);
    }

    private static bool IsDigit(byte value) => (uint)(value - '0') <= 9;
}
