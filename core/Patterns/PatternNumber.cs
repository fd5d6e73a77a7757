using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// A number of an event or a pattern, for exact comparison: nearly all are whole numbers or short decimals, and these
/// are read once, as digits and the number of them behind the point.
/// </summary>
internal readonly ref struct PatternNumber
{
    private const int DigitsMax = 18;

    private static readonly long[] PowersOfTen =
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];

    private readonly ReadOnlySpan<byte> _text;
    private readonly long _digits;

    // Digits behind the point; -1 for a number that is too long or has an exponent.
    private readonly int _scale;

    /// <param name="text">A number by JSON's grammar; kept.</param>
    internal PatternNumber(ReadOnlySpan<byte> text)
    {
        _text = text;
        _scale = Read(text, out _digits);
    }

    internal int CompareTo(PatternConstant other)
    {
        if (_scale == other.Scale && _scale >= 0)
        {
            return _digits.CompareTo(other.Digits);
        }
        return (_scale | other.Scale) < 0
            ? JsonNumber.Compare(_text, other.Text)
            : CompareScaled(other.Digits, other.Scale - _scale);
    }

    // The one with fewer digits behind the point gets as many; most products fit 64 bits.
    private int CompareScaled(long digits, int scaleMore)
    {
        var high = Math.BigMul(scaleMore > 0 ? _digits : digits, PowersOfTen[Math.Abs(scaleMore)], out var low);
        var other = scaleMore > 0 ? digits : _digits;
        var order = high != low >> 63 ? (high < 0 ? -1 : 1) : low.CompareTo(other);
        return scaleMore > 0 ? order : -order;
    }

    internal static int Read(ReadOnlySpan<byte> text, out long digits)
    {
        digits = 0;
        var isNegative = !text.IsEmpty && text[0] == '-';
        text = isNegative ? text[1..] : text;
        if ((uint)(text.Length - 1) >= DigitsMax)
        {
            return -1;
        }
        var point = -1;
        for (var index = 0; index < text.Length; index++)
        {
            var digit = (uint)(text[index] - '0');
            if (digit <= 9)
            {
                digits = (digits * 10) + digit;
            }
            else if (text[index] == '.' && point < 0)
            {
                point = index;
            }
            else
            {
                return -1;
            }
        }
        digits = isNegative ? -digits : digits;
        return point < 0 ? 0 : text.Length - 1 - point;
    }
}

/// <summary>A number of a pattern, read once.</summary>
internal sealed class PatternConstant
{
    /// <param name="text">A number by JSON's grammar.</param>
    internal PatternConstant(byte[] text)
    {
        Text = text;
        Scale = PatternNumber.Read(text, out var digits);
        Digits = digits;
    }

    internal byte[] Text { get; }

    /// <summary>All digits as one integer, with the sign.</summary>
    internal long Digits { get; }

    /// <summary>Digits behind the point; -1 for a number that is too long or has an exponent.</summary>
    internal int Scale { get; }
}
