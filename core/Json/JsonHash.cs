using System.Runtime.InteropServices;

namespace Pipeline.Core.Json;

/// <summary>
/// Hashes of JSON values, equal for equal values as <see cref="JsonValue"/> means it: numbers by value, strings
/// unescaped, members in any order. Keyed by the process, so that no one can choose values that collide; never stored.
/// </summary>
internal static class JsonHash
{
    private const ulong Prime = (1UL << 61) - 1;

    // The platform keys the hash of strings anew in each process, against values made to collide.
    private static readonly ulong Key = Keyed("a") | (Keyed("b") << 32);
    private static readonly ulong Factor = Key % Prime;
    private static readonly ulong Modulus = (1UL << 60) | (Keyed("c") << 20) | Keyed("d");

    /// <summary>The hash of the value that begins at an offset.</summary>
    /// <param name="end">The offset behind the value.</param>
    internal static ulong Of(ReadOnlySpan<byte> text, int at, out int end)
    {
        var kind = JsonWalk.KindAt(text, at);
        switch (kind)
        {
            case JsonKind.Object:
                return OfObject(text, at, out end);
            case JsonKind.Array:
                return OfArray(text, at, out end);
            default:
                end = JsonWalk.SkipValue(text, at);
                var value = text[at..end];
                return Mix((ulong)kind, kind switch
                {
                    JsonKind.Number => OfNumber(new JsonNumber(value)),
                    JsonKind.String => OfText(value[1..^1]),
                    _ => value[0],
                });
        }
    }

    /// <summary>The hash of a string's or name's content.</summary>
    internal static ulong OfText(ReadOnlySpan<byte> content)
    {
        using var decoded = JsonText.Decode(content, stackalloc byte[JsonText.StackBytes]);
        var utf8 = decoded.Span;
        var last = utf8.Length % 2 == 0 ? 0 : (ulong)utf8[^1] + 1;
        return Mix(last, (uint)string.GetHashCode(MemoryMarshal.Cast<byte, char>(utf8)));
    }

    // A polynomial of the digits at a secret point, and the exact exponent of the last digit modulo a secret number.
    private static ulong OfNumber(JsonNumber number)
    {
        if (number.IsZero)
        {
            return 0;
        }
        var hash = number.IsNegative ? 2UL : 1UL;
        for (var index = 0; index < number.DigitCount; index++)
        {
            hash = (ulong)((((UInt128)hash * Factor) + (uint)number.Digit(index) + 1) % Prime);
        }
        return Mix(hash, number.LowestModulo(Modulus));
    }

    private static ulong OfArray(ReadOnlySpan<byte> text, int at, out int end)
    {
        var hash = Key;
        var elements = new JsonElements(text, at);
        while (elements.MoveNext())
        {
            hash = Mix(hash, Of(text, elements.ValueStart, out var elementEnd));
            elements.ValueEnd = elementEnd;
        }
        end = elements.End;
        return Mix((ulong)JsonKind.Array, hash);
    }

    private static ulong OfObject(ReadOnlySpan<byte> text, int at, out int end)
    {
        var sum = Key;
        var members = new JsonMembers(text, at);
        while (members.MoveNext())
        {
            var name = OfText(members.Name);
            sum += Mix(name, Of(text, members.ValueStart, out var valueEnd));
            members.ValueEnd = valueEnd;
        }
        end = members.End;
        return Mix((ulong)JsonKind.Object, sum);
    }

    private static ulong Mix(ulong left, ulong right)
    {
        var mixed = ((left + Key) * 0x9E3779B97F4A7C15) ^ (right * 0xC2B2AE3D27D4EB4F);
        mixed = (mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9;
        return mixed ^ (mixed >> 32);
    }

    private static ulong Keyed(string salt) => (uint)string.GetHashCode(salt, StringComparison.Ordinal);
}
