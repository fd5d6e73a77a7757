using System.Buffers.Text;
using System.Globalization;
using System.Numerics;

namespace Pipeline.Engine.Streams;

/// <summary>Makes the sequence numbers of one shard: 56 decimal digits, increasing, unique within the stream.</summary>
/// <remarks>
/// In hexadecimal: <c>2</c>, shard creation time in seconds (9 digits), low nibble of the shard's index (1), counter
/// (16), <c>00</c>, arrival time in seconds (9), shard index (8), <c>2</c>. The decimal text is kept as three numbers
/// of 19 digits, so that the next one is an addition. Source of the form: kinesalite.
/// </remarks>
public sealed class SequenceCounter
{
    /// <summary>Length of a sequence number.</summary>
    public const int Digits = 56;

    private const ulong LimbBase = 10_000_000_000_000_000_000;
    private const int LimbDigits = 19;
    private const int CounterShift = 80;
    private const int ArrivalShift = 36;
    private const int ShardShift = 4;

    private ulong _low;
    private ulong _middle;
    private ulong _high;
    private long _arrival;

    /// <param name="createdAt">When the shard came to be.</param>
    /// <param name="shardIndex">The number in the shard's id.</param>
    /// <param name="next">The counter of the next record; more than 0 when a shard goes on after a pause.</param>
    public SequenceCounter(DateTimeOffset createdAt, int shardIndex, long next = 0)
    {
        Next = next;
        var number = (((((BigInteger)2 << 36) | createdAt.ToUnixTimeSeconds()) << 4) | (shardIndex & 15)) << 144;
        number |= (BigInteger)next << CounterShift;
        number |= ((BigInteger)shardIndex << ShardShift) | 2;
        var upper = BigInteger.DivRem(number, LimbBase, out var low);
        var high = BigInteger.DivRem(upper, LimbBase, out var middle);
        (_high, _middle, _low) = ((ulong)high, (ulong)middle, (ulong)low);
    }

    /// <summary>The counter of the next record: how many records the shard has taken.</summary>
    public long Next { get; private set; }

    /// <summary>Writes the next sequence number.</summary>
    /// <param name="arrival">Now; never earlier than the call before.</param>
    /// <param name="destination">At least <see cref="Digits"/> bytes.</param>
    public void Write(DateTimeOffset arrival, Span<byte> destination)
    {
        var seconds = arrival.ToUnixTimeSeconds();
        if (seconds != _arrival)
        {
            Add((UInt128)(ulong)(seconds - _arrival) << ArrivalShift);
            _arrival = seconds;
        }
        Span<byte> text = stackalloc byte[3 * LimbDigits];
        WriteLimb(_high, text);
        WriteLimb(_middle, text[LimbDigits..]);
        WriteLimb(_low, text[(2 * LimbDigits)..]);
        text[^Digits..].CopyTo(destination);
        Add(UInt128.One << CounterShift);
        Next++;
    }

    /// <summary>The counter inside a sequence number of this form; false for any other text.</summary>
    public static bool TryReadCounter(ReadOnlySpan<byte> digits, out long counter)
    {
        counter = 0;
        if (digits.Length != Digits
            || !TryReadLimb(digits[..^38], out var high)
            || !TryReadLimb(digits[^38..^19], out var middle)
            || !TryReadLimb(digits[^19..], out var low))
        {
            return false;
        }
        // (high * 10^19 + middle) * 10^19 + low modulo 2^192; the counter is bits 80 to 143.
        var upper = (UInt128)high * LimbBase + middle;
        var (carry, bottom) = Multiply(upper, LimbBase);
        var sum = bottom + low;
        carry += sum < bottom ? 1UL : 0;
        counter = (long)((ulong)(sum >> CounterShift) | (carry << (128 - CounterShift)));
        return counter >= 0;
    }

    private static (ulong Carry, UInt128 Low) Multiply(UInt128 value, ulong factor)
    {
        var low = (UInt128)(ulong)value * factor;
        var high = (UInt128)(ulong)(value >> 64) * factor + (low >> 64);
        return ((ulong)(high >> 64), ((UInt128)(ulong)high << 64) | (ulong)low);
    }

    private static bool TryReadLimb(ReadOnlySpan<byte> digits, out ulong limb) =>
        ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out limb);

    private static void WriteLimb(ulong limb, Span<byte> text) =>
        Utf8Formatter.TryFormat(limb, text, out _, new System.Buffers.StandardFormat('D', LimbDigits));

    private void Add(UInt128 value)
    {
        var (upper, low) = UInt128.DivRem(value, LimbBase);
        var (high, middle) = UInt128.DivRem(upper, LimbBase);
        _low = AddLimb(_low, (ulong)low, out var carry);
        _middle = AddLimb(_middle, (ulong)middle + carry, out carry);
        _high += (ulong)high + carry;
    }

    private static ulong AddLimb(ulong left, ulong right, out ulong carry)
    {
        var room = LimbBase - left;
        carry = right >= room ? 1UL : 0;
        return carry == 1 ? right - room : left + right;
    }
}
