using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Core.Json;

/// <summary>
/// What tells most names apart at once: the first sixteen bytes as two words, filled up with zeros, and the length.
/// </summary>
internal readonly struct JsonName
{
    /// <summary>Names up to this length are equal when their words and lengths are.</summary>
    internal const int WordBytes = 16;

    private const int BitsPerByte = 8;

    private readonly Vector128<ulong> _words;

    private JsonName(Vector128<ulong> words, int length, bool isPlain)
    {
        _words = words;
        Length = length;
        IsPlain = isPlain;
    }

    /// <summary>The length of the name's content in bytes, as it stands.</summary>
    internal int Length { get; }

    /// <summary>Whether it is known that the name has neither a backslash nor a dot.</summary>
    internal bool IsPlain { get; }

    /// <summary>The name whose content begins at an offset of a JSON text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static JsonName At(ReadOnlySpan<byte> text, int start)
    {
        if (start + WordBytes <= text.Length)
        {
            var bytes = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)(uint)start);
            var quotes = Vector128.Equals(bytes, Vector128.Create((byte)'"')).ExtractMostSignificantBits();
            var escapes = Vector128.Equals(bytes, Vector128.Create((byte)'\\'));
            var dots = Vector128.Equals(bytes, Vector128.Create((byte)'.'));
            if (quotes != 0 && ((escapes | dots).ExtractMostSignificantBits() & (quotes ^ (quotes - 1))) == 0)
            {
                var length = BitOperations.TrailingZeroCount(quotes);
                var kept = bytes & Vector128.LessThan(
                    Vector128<sbyte>.Indices, Vector128.Create((sbyte)length)).AsByte();
                return new JsonName(kept.AsUInt64(), length, isPlain: true);
            }
        }
        return AtSlow(text, start);
    }

    /// <summary>The name that a text is; nothing is said about what is in it.</summary>
    internal static JsonName Of(ReadOnlySpan<byte> name) => Of(name, isPlain: false);

    /// <summary>A number that names which differ rarely share, from 0 to less than a power of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Hash(int bits) => (int)(((_words[0] ^ BitOperations.RotateLeft(_words[1], 29) ^ (uint)Length)
        * 0x9E3779B97F4A7C15) >> (64 - bits));

    /// <summary>Whether the names are equal as far as their words and lengths tell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Resembles(in JsonName other) => _words == other._words && Length == other.Length;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static JsonName AtSlow(ReadOnlySpan<byte> text, int start)
    {
        var end = JsonWalk.SkipString(text, start - 1);
        var name = text.Slice(Math.Min(start, text.Length), Math.Max(0, end - 1 - start));
        return Of(name, !name.ContainsAny((byte)'\\', (byte)'.'));
    }

    private static JsonName Of(ReadOnlySpan<byte> name, bool isPlain)
    {
        var words = name.Length switch
        {
            >= WordBytes => Vector128.Create(Word(name), Word(name[sizeof(ulong)..])),
            > sizeof(ulong) => Vector128.Create(
                Word(name), Word(name[^sizeof(ulong)..]) >> (BitsPerByte * (WordBytes - name.Length))),
            _ => Vector128.Create(ShortWord(name), 0),
        };
        return new JsonName(words, name.Length, isPlain);
    }

    private static ulong Word(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt64LittleEndian(name);

    private static ulong ShortWord(ReadOnlySpan<byte> name)
    {
        if (name.Length >= sizeof(uint))
        {
            var last = BinaryPrimitives.ReadUInt32LittleEndian(name[^sizeof(uint)..]);
            return BinaryPrimitives.ReadUInt32LittleEndian(name)
                | ((ulong)last << (BitsPerByte * (name.Length - sizeof(uint))));
        }
        var word = 0UL;
        for (var index = name.Length - 1; index >= 0; index--)
        {
            word = (word << BitsPerByte) | name[index];
        }
        return word;
    }
}
