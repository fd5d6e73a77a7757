using System.Numerics;

namespace Pipeline.Cli.Generate;

/// <summary>Random numbers that are the same on every machine and with every version of .NET.</summary>
/// <remarks>
/// <see cref="Random"/> does not promise that. xoshiro256** 1.0 (Blackman, Vigna), seeded by SplitMix64.
/// </remarks>
internal sealed class SeededRandom
{
    private const ulong Gamma = 0x9E37_79B9_7F4A_7C15;

    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <param name="seed">Any number.</param>
    /// <param name="stream">Another stream of the same seed is independent of it.</param>
    public SeededRandom(ulong seed, ulong stream)
    {
        ulong state = Mix(seed) ^ Mix(~stream);
        _a = Mix(state += Gamma);
        _b = Mix(state += Gamma);
        _c = Mix(state += Gamma);
        _d = Mix(state + Gamma);
    }

    /// <summary>A permutation of the 64-bit numbers that looks random: distinct inputs stay distinct.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }

    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A number from 0 to below <paramref name="bound"/>, which is positive.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>A number from <paramref name="min"/> to <paramref name="max"/>, both included.</summary>
    public int Between(int min, int max) => min + Below(max - min + 1);

    /// <summary>A number from 0 to below 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True in that share of calls.</summary>
    public bool Chance(double share) => Fraction() < share;

    /// <summary>A number from 0 to below <paramref name="bound"/>: the first tenth of them takes a third.</summary>
    public int Skewed(int bound)
    {
        double fraction = Fraction();
        return (int)(fraction * fraction * bound);
    }

    /// <summary>Any of the values.</summary>
    public T Any<T>(T[] values) => values[Below(values.Length)];
}
