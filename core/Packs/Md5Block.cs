using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Pipeline.Core;

/// <summary>MD5's four state words, of one message or of several side by side.</summary>
internal struct Md5State<TLane>
    where TLane : struct, ILane<TLane>
{
    public TLane A;
    public TLane B;
    public TLane C;
    public TLane D;
}

/// <summary>MD5's compression function (RFC 1321), written once for any number of lanes.</summary>
internal static class Md5Block<TLane>
    where TLane : struct, ILane<TLane>
{
    public const int WordCount = 16;

    /// <summary>The state before the first block.</summary>
    public static Md5State<TLane> Start => new()
    {
        A = TLane.Of(0x67452301),
        B = TLane.Of(0xefcdab89),
        C = TLane.Of(0x98badcfe),
        D = TLane.Of(0x10325476),
    };

    /// <summary>Takes one block of <see cref="WordCount"/> little-endian words into the state.</summary>
    public static void Compress(ref Md5State<TLane> state, ref TLane words)
    {
        var (a, b, c, d) = (state.A, state.B, state.C, state.D);
        FirstRound(ref state, ref words);
        SecondRound(ref state, ref words);
        ThirdRound(ref state, ref words);
        FourthRound(ref state, ref words);
        state.A += a;
        state.B += b;
        state.C += c;
        state.D += d;
    }

    private static void FirstRound(ref Md5State<TLane> state, ref TLane words)
    {
        var (a, b, c, d) = (state.A, state.B, state.C, state.D);
        a = First(a, b, c, d, Word(ref words, 0), 0xd76aa478, 7);
        d = First(d, a, b, c, Word(ref words, 1), 0xe8c7b756, 12);
        c = First(c, d, a, b, Word(ref words, 2), 0x242070db, 17);
        b = First(b, c, d, a, Word(ref words, 3), 0xc1bdceee, 22);
        a = First(a, b, c, d, Word(ref words, 4), 0xf57c0faf, 7);
        d = First(d, a, b, c, Word(ref words, 5), 0x4787c62a, 12);
        c = First(c, d, a, b, Word(ref words, 6), 0xa8304613, 17);
        b = First(b, c, d, a, Word(ref words, 7), 0xfd469501, 22);
        a = First(a, b, c, d, Word(ref words, 8), 0x698098d8, 7);
        d = First(d, a, b, c, Word(ref words, 9), 0x8b44f7af, 12);
        c = First(c, d, a, b, Word(ref words, 10), 0xffff5bb1, 17);
        b = First(b, c, d, a, Word(ref words, 11), 0x895cd7be, 22);
        a = First(a, b, c, d, Word(ref words, 12), 0x6b901122, 7);
        d = First(d, a, b, c, Word(ref words, 13), 0xfd987193, 12);
        c = First(c, d, a, b, Word(ref words, 14), 0xa679438e, 17);
        b = First(b, c, d, a, Word(ref words, 15), 0x49b40821, 22);
        (state.A, state.B, state.C, state.D) = (a, b, c, d);
    }

    private static void SecondRound(ref Md5State<TLane> state, ref TLane words)
    {
        var (a, b, c, d) = (state.A, state.B, state.C, state.D);
        a = Second(a, b, c, d, Word(ref words, 1), 0xf61e2562, 5);
        d = Second(d, a, b, c, Word(ref words, 6), 0xc040b340, 9);
        c = Second(c, d, a, b, Word(ref words, 11), 0x265e5a51, 14);
        b = Second(b, c, d, a, Word(ref words, 0), 0xe9b6c7aa, 20);
        a = Second(a, b, c, d, Word(ref words, 5), 0xd62f105d, 5);
        d = Second(d, a, b, c, Word(ref words, 10), 0x02441453, 9);
        c = Second(c, d, a, b, Word(ref words, 15), 0xd8a1e681, 14);
        b = Second(b, c, d, a, Word(ref words, 4), 0xe7d3fbc8, 20);
        a = Second(a, b, c, d, Word(ref words, 9), 0x21e1cde6, 5);
        d = Second(d, a, b, c, Word(ref words, 14), 0xc33707d6, 9);
        c = Second(c, d, a, b, Word(ref words, 3), 0xf4d50d87, 14);
        b = Second(b, c, d, a, Word(ref words, 8), 0x455a14ed, 20);
        a = Second(a, b, c, d, Word(ref words, 13), 0xa9e3e905, 5);
        d = Second(d, a, b, c, Word(ref words, 2), 0xfcefa3f8, 9);
        c = Second(c, d, a, b, Word(ref words, 7), 0x676f02d9, 14);
        b = Second(b, c, d, a, Word(ref words, 12), 0x8d2a4c8a, 20);
        (state.A, state.B, state.C, state.D) = (a, b, c, d);
    }

    private static void ThirdRound(ref Md5State<TLane> state, ref TLane words)
    {
        var (a, b, c, d) = (state.A, state.B, state.C, state.D);
        a = Third(a, b, c, d, Word(ref words, 5), 0xfffa3942, 4);
        d = Third(d, a, b, c, Word(ref words, 8), 0x8771f681, 11);
        c = Third(c, d, a, b, Word(ref words, 11), 0x6d9d6122, 16);
        b = Third(b, c, d, a, Word(ref words, 14), 0xfde5380c, 23);
        a = Third(a, b, c, d, Word(ref words, 1), 0xa4beea44, 4);
        d = Third(d, a, b, c, Word(ref words, 4), 0x4bdecfa9, 11);
        c = Third(c, d, a, b, Word(ref words, 7), 0xf6bb4b60, 16);
        b = Third(b, c, d, a, Word(ref words, 10), 0xbebfbc70, 23);
        a = Third(a, b, c, d, Word(ref words, 13), 0x289b7ec6, 4);
        d = Third(d, a, b, c, Word(ref words, 0), 0xeaa127fa, 11);
        c = Third(c, d, a, b, Word(ref words, 3), 0xd4ef3085, 16);
        b = Third(b, c, d, a, Word(ref words, 6), 0x04881d05, 23);
        a = Third(a, b, c, d, Word(ref words, 9), 0xd9d4d039, 4);
        d = Third(d, a, b, c, Word(ref words, 12), 0xe6db99e5, 11);
        c = Third(c, d, a, b, Word(ref words, 15), 0x1fa27cf8, 16);
        b = Third(b, c, d, a, Word(ref words, 2), 0xc4ac5665, 23);
        (state.A, state.B, state.C, state.D) = (a, b, c, d);
    }

    private static void FourthRound(ref Md5State<TLane> state, ref TLane words)
    {
        var (a, b, c, d) = (state.A, state.B, state.C, state.D);
        a = Fourth(a, b, c, d, Word(ref words, 0), 0xf4292244, 6);
        d = Fourth(d, a, b, c, Word(ref words, 7), 0x432aff97, 10);
        c = Fourth(c, d, a, b, Word(ref words, 14), 0xab9423a7, 15);
        b = Fourth(b, c, d, a, Word(ref words, 5), 0xfc93a039, 21);
        a = Fourth(a, b, c, d, Word(ref words, 12), 0x655b59c3, 6);
        d = Fourth(d, a, b, c, Word(ref words, 3), 0x8f0ccc92, 10);
        c = Fourth(c, d, a, b, Word(ref words, 10), 0xffeff47d, 15);
        b = Fourth(b, c, d, a, Word(ref words, 1), 0x85845dd1, 21);
        a = Fourth(a, b, c, d, Word(ref words, 8), 0x6fa87e4f, 6);
        d = Fourth(d, a, b, c, Word(ref words, 15), 0xfe2ce6e0, 10);
        c = Fourth(c, d, a, b, Word(ref words, 6), 0xa3014314, 15);
        b = Fourth(b, c, d, a, Word(ref words, 13), 0x4e0811a1, 21);
        a = Fourth(a, b, c, d, Word(ref words, 4), 0xf7537e82, 6);
        d = Fourth(d, a, b, c, Word(ref words, 11), 0xbd3af235, 10);
        c = Fourth(c, d, a, b, Word(ref words, 2), 0x2ad7d2bb, 15);
        b = Fourth(b, c, d, a, Word(ref words, 9), 0xeb86d391, 21);
        (state.A, state.B, state.C, state.D) = (a, b, c, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane First(
        TLane a, TLane b, TLane c, TLane d, TLane word, uint constant, [ConstantExpected] int bits) =>
        Turn(a, d ^ (b & (c ^ d)), b, word, constant, bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane Second(
        TLane a, TLane b, TLane c, TLane d, TLane word, uint constant, [ConstantExpected] int bits) =>
        Turn(a, c ^ (d & (b ^ c)), b, word, constant, bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane Third(
        TLane a, TLane b, TLane c, TLane d, TLane word, uint constant, [ConstantExpected] int bits) =>
        Turn(a, b ^ c ^ d, b, word, constant, bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane Fourth(
        TLane a, TLane b, TLane c, TLane d, TLane word, uint constant, [ConstantExpected] int bits) =>
        Turn(a, c ^ (b | ~d), b, word, constant, bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane Turn(TLane a, TLane mixed, TLane b, TLane word, uint constant, [ConstantExpected] int bits) =>
        b + TLane.RotateLeft(a + (word + TLane.Of(constant)) + mixed, bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLane Word(ref TLane words, int index) => Unsafe.Add(ref words, index);
}
