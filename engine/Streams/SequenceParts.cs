using System.Globalization;
using System.Numerics;

namespace Pipeline.Engine.Streams;

/// <summary>What a sequence number of the form of <see cref="SequenceCounter"/> says.</summary>
/// <param name="Created">When its shard came to be, in seconds since 1970.</param>
/// <param name="Shard">The number in the shard's id.</param>
/// <param name="Counter">Which record of the shard; the largest value stands for the end of a closed shard.</param>
/// <param name="Arrival">When the record came, in seconds since 1970.</param>
public readonly record struct SequenceParts(long Created, int Shard, long Counter, long Arrival)
{
    private const int SecondsBits = 36;

    /// <summary>Reads a sequence number; false when it is not of the form.</summary>
    public static bool TryParse(string text, out SequenceParts parts)
    {
        parts = default;
        if (text.Length != SequenceCounter.Digits
            || !BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }
        var (created, counter) = (Bits(number, 148, SecondsBits), Bits(number, 80, 64));
        var (arrival, shard) = (Bits(number, 36, SecondsBits), Bits(number, 4, 32));
        if (number >> 184 != 2 || Bits(number, 144, 4) != (shard & 15) || Bits(number, 72, 8) != 0
            || (number & 15) != 2 || counter > long.MaxValue || shard > int.MaxValue)
        {
            return false;
        }
        parts = new SequenceParts((long)created, (int)shard, (long)counter, (long)arrival);
        return true;
    }

    public override string ToString()
    {
        var number = ((((((BigInteger)2 << SecondsBits) | Created) << 4) | (Shard & 15)) << 64) | Counter;
        number = (((((number << 8) << SecondsBits) | Arrival) << 32) | Shard) << 4;
        return (number | 2).ToString(CultureInfo.InvariantCulture);
    }

    private static BigInteger Bits(BigInteger number, int from, int count) =>
        (number >> from) & ((BigInteger.One << count) - 1);
}
