namespace Pipeline.Core.Json;

/// <summary>
/// A whole number or short decimal, as nearly all numbers are: its digits and how many of them stand behind the point.
/// </summary>
/// <param name="Digits">All digits as one integer, with the sign.</param>
/// <param name="Scale">Digits behind the point; -1 for a number that is too long or has an exponent.</param>
internal readonly record struct JsonDecimal(long Digits, int Scale)
{
    private const int BytesMax = 18;

    private static readonly long[] PowersOfTen =
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];

    /// <summary>Whether the number could be read; the others are compared on their text.</summary>
    internal bool IsRead => Scale >= 0;

    /// <summary>Whether a number that was read has no fraction, however written.</summary>
    internal bool IsInteger => Scale == 0 || Digits % PowersOfTen[Scale] == 0;

    /// <summary>Reads a number by JSON's grammar.</summary>
    internal static JsonDecimal Read(ReadOnlySpan<byte> text)
    {
        var digits = 0L;
        var isNegative = !text.IsEmpty && text[0] == '-';
        text = isNegative ? text[1..] : text;
        if ((uint)(text.Length - 1) >= BytesMax)
        {
            return new JsonDecimal(0, -1);
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
                return new JsonDecimal(0, -1);
            }
        }
        return new JsonDecimal(isNegative ? -digits : digits, point < 0 ? 0 : text.Length - 1 - point);
    }

    /// <summary>Compares two numbers that were read: negative, zero or positive.</summary>
    internal static int Compare(JsonDecimal left, JsonDecimal right)
    {
        if (left.Scale == right.Scale)
        {
            return left.Digits.CompareTo(right.Digits);
        }
        return left.Scale < right.Scale ? CompareScaled(left, right) : -CompareScaled(right, left);
    }

    /// <summary>
    /// Whether the number is a multiple of a positive one; null when that is beyond 64 bits or one was not read.
    /// </summary>
    internal bool? IsMultipleOf(JsonDecimal divisor)
    {
        if ((Scale | divisor.Scale) < 0)
        {
            return null;
        }
        var isDivisorShorter = divisor.Scale < Scale;
        var high = isDivisorShorter
            ? Math.BigMul(divisor.Digits, PowersOfTen[Scale - divisor.Scale], out long low)
            : Math.BigMul(Digits, PowersOfTen[divisor.Scale - Scale], out low);
        return high != low >> 63 ? null : isDivisorShorter ? Digits % low == 0 : low % divisor.Digits == 0;
    }

    // The one with fewer digits behind the point gets as many; the product has 128 bits.
    private static int CompareScaled(JsonDecimal shorter, JsonDecimal longer)
    {
        var high = Math.BigMul(shorter.Digits, PowersOfTen[longer.Scale - shorter.Scale], out long low);
        return high != low >> 63 ? (high < 0 ? -1 : 1) : low.CompareTo(longer.Digits);
    }
}

/// <summary>A number of a configuration, read once.</summary>
/// <param name="text">A number by JSON's grammar.</param>
internal sealed class JsonConstant(byte[] text)
{
    private readonly JsonDecimal _decimal = JsonDecimal.Read(text);

    internal ReadOnlySpan<byte> Text => text;

    internal JsonDecimal Decimal => _decimal;

    /// <summary>Compares another number with this one: negative, zero or positive; exact.</summary>
    /// <param name="value">What could be read of the number.</param>
    /// <param name="number">Its text.</param>
    internal int CompareFrom(JsonDecimal value, ReadOnlySpan<byte> number) =>
        value.IsRead && _decimal.IsRead
            ? JsonDecimal.Compare(value, _decimal)
            : JsonNumber.Compare(number, text);
}
