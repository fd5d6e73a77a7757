using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Core.Json;

/// <summary>
/// The ends of values of a JSON text that was scanned already, sixteen bytes at a time. On other texts the answers
/// mean nothing, but every call ends and stays inside the text.
/// </summary>
internal static class JsonSkip
{
    /// <summary>An end that no one looked for; less than every offset.</summary>
    internal const int Unknown = -1;

    private const uint AllBits = 0xFFFF;

    /// <summary>The next quote or backslash; the text's length when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int FindQuote(ReadOnlySpan<byte> text, int at)
    {
        while (at + Vector128<byte>.Count <= text.Length)
        {
            var bytes = Load(text, at);
            var bits = (Vector128.Equals(bytes, Vector128.Create((byte)'"'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))).ExtractMostSignificantBits();
            if (bits != 0)
            {
                return at + BitOperations.TrailingZeroCount(bits);
            }
            at += Vector128<byte>.Count;
        }
        while ((uint)at < (uint)text.Length && text[at] is not ((byte)'"' or (byte)'\\'))
        {
            at++;
        }
        return Math.Min(at, text.Length);
    }

    /// <summary>The offset behind the number or word that begins at an offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Scalar(ReadOnlySpan<byte> text, int at)
    {
        // A step in any case, so that no walk stands still.
        at = Math.Min(at + 1, text.Length);
        while (at + Vector128<byte>.Count <= text.Length)
        {
            var bytes = Load(text, at);
            // A closing bracket is a closing brace without the bit of 0x20.
            var ends = Vector128.Equals(bytes, Vector128.Create((byte)','))
                | Vector128.Equals(bytes | Vector128.Create((byte)0x20), Vector128.Create((byte)'}'))
                | Vector128.Equals(Vector128.Min(bytes, Vector128.Create((byte)' ')), bytes);
            var bits = ends.ExtractMostSignificantBits();
            if (bits != 0)
            {
                return at + BitOperations.TrailingZeroCount(bits);
            }
            at += Vector128<byte>.Count;
        }
        while (at < text.Length && text[at] is > (byte)' ' and not ((byte)',' or (byte)']' or (byte)'}'))
        {
            at++;
        }
        return at;
    }

    /// <summary>The offset behind the object or array that begins at an offset.</summary>
    internal static int Container(ReadOnlySpan<byte> text, int at)
    {
        var depth = 0;
        var isInString = false;
        while (at + Vector128<byte>.Count <= text.Length)
        {
            var bytes = Load(text, at);
            if (Vector128.EqualsAny(bytes, Vector128.Create((byte)'\\')))
            {
                if (TryStep(text, ref at, at + Vector128<byte>.Count, ref depth, ref isInString))
                {
                    return at;
                }
                continue;
            }
            var strings = BetweenQuotes(
                Vector128.Equals(bytes, Vector128.Create((byte)'"')).ExtractMostSignificantBits(), isInString);
            isInString = (strings & (AllBits + 1) >> 1) != 0;
            // Brackets are braces without the bit of 0x20.
            var braces = bytes | Vector128.Create((byte)0x20);
            var opening = Vector128.Equals(braces, Vector128.Create((byte)'{')).ExtractMostSignificantBits() & ~strings;
            var closing = Vector128.Equals(braces, Vector128.Create((byte)'}')).ExtractMostSignificantBits() & ~strings;
            var closingCount = BitOperations.PopCount(closing);
            if (depth > closingCount)
            {
                depth += BitOperations.PopCount(opening) - closingCount;
            }
            else if (FindEnd(opening, closing, ref depth) is var end and >= 0)
            {
                return at + end;
            }
            at += Vector128<byte>.Count;
        }
        return TryStep(text, ref at, text.Length, ref depth, ref isInString) ? at : text.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Load(ReadOnlySpan<byte> text, int at) =>
        Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)(uint)at);

    // Bits of the bytes from an opening quote up to the closing one: those with an odd number of quotes up to them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint BetweenQuotes(uint quotes, bool isInString)
    {
        quotes ^= quotes << 1;
        quotes ^= quotes << 2;
        quotes ^= quotes << 4;
        quotes ^= quotes << 8;
        return (isInString ? ~quotes : quotes) & AllBits;
    }

    // The place behind the bracket that closes the outermost one; -1 when it is not here.
    private static int FindEnd(uint opening, uint closing, ref int depth)
    {
        for (var bits = opening | closing; bits != 0; bits &= bits - 1)
        {
            var isOpening = (opening & bits & (0u - bits)) != 0;
            depth += isOpening ? 1 : -1;
            if (depth == 0)
            {
                return BitOperations.TrailingZeroCount(bits) + 1;
            }
        }
        return -1;
    }

    // Byte by byte to a limit, or past it by an escaped character; true at the end of the container.
    private static bool TryStep(ReadOnlySpan<byte> text, ref int at, int limit, ref int depth, ref bool isInString)
    {
        while (at < limit)
        {
            var next = text[at];
            at += isInString && next == '\\' ? 2 : 1;
            if (next == '"')
            {
                isInString = !isInString;
            }
            else if (!isInString && (next | 0x20) is '{' or '}')
            {
                depth += (next | 0x20) == '{' ? 1 : -1;
                if (depth == 0)
                {
                    return true;
                }
            }
        }
        return false;
    }
}
