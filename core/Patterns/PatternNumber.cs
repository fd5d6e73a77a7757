using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// A number of an event or a pattern, for exact comparison: nearly all are whole numbers or short decimals, and these
/// are read once, as digits and the number of them behind the point.
/// </summary>
internal readonly ref struct PatternNumber
{
    private const int DigitsMax = 18;

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

    internal int CompareTo(scoped in PatternNumber other)
    {
        if ((_scale | other._scale) < 0)
        {
            return JsonNumber.Compare(_text, other._text);
        }
        return _scale == other._scale
            ? _digits.CompareTo(other._digits)
            : (_digits * PowerOfTen(other._scale)).CompareTo(other._digits * PowerOfTen(_scale));
    }

    private static int Read(ReadOnlySpan<byte> text, out long digits)
    {
        digits = 0;
        var isNegative = !text.IsEmpty && text[0] == '-';
        text = isNegative ? text[1..] : text;
        if (text.Length is 0 or > DigitsMax)
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

    // Digits times a power of ten, both below 10^18, fit 128 bits.
    private static Int128 PowerOfTen(int exponent)
    {
        Int128 power = 1;
        for (; exponent > 0; exponent--)
        {
            power *= 10;
        }
        return power;
    }
}
