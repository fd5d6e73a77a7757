namespace Pipeline.Core.Json;

/// <summary>
/// A JSON number on its text, compared exactly: any digits, any exponent, no rounding, in time linear in the text.
/// </summary>
public readonly ref struct JsonNumber
{
    // A difference of exponents beyond this outweighs any count of digits a text can hold.
    private const long ExponentDifferenceMax = 1_000_000_000_000_000;

    private readonly ReadOnlySpan<byte> _whole;
    private readonly ReadOnlySpan<byte> _fraction;
    private readonly ReadOnlySpan<byte> _exponent;
    private readonly bool _isExponentNegative;

    /// <summary>Reads a number.</summary>
    /// <param name="text">A number by JSON's grammar.</param>
    public JsonNumber(ReadOnlySpan<byte> text)
    {
        IsNegative = !text.IsEmpty && text[0] == '-';
        text = IsNegative ? text[1..] : text;
        var mark = text.IndexOfAny((byte)'e', (byte)'E');
        if (mark >= 0)
        {
            var exponent = text[(mark + 1)..];
            _isExponentNegative = exponent.StartsWith("-"u8);
            _exponent = exponent.TrimStart("+-"u8).TrimStart((byte)'0');
            text = text[..mark];
        }
        var point = text.IndexOf((byte)'.');
        _whole = (point < 0 ? text : text[..point]).TrimStart((byte)'0');
        _fraction = point < 0 ? default : text[(point + 1)..].TrimEnd((byte)'0');
        Leading = _whole.IsEmpty ? Math.Max(0, _fraction.IndexOfAnyExcept((byte)'0')) : 0;
        IsZero = _whole.IsEmpty && _fraction.IsEmpty;
    }

    /// <summary>Whether the number is written with a minus; zero may be.</summary>
    public bool IsNegative { get; }

    /// <summary>Whether the number is zero, however written.</summary>
    public bool IsZero { get; }

    /// <summary>Whether the number has no fraction: 1, 1.0 and 10e-1 have none.</summary>
    public bool IsInteger
    {
        get
        {
            if (IsZero)
            {
                return true;
            }
            return ExponentDifference(this, default) + Lowest >= 0;
        }
    }

    /// <summary>Digits from the first to the last that is not 0.</summary>
    internal int DigitCount => Digits - Math.Max(0, IsZero ? 0 : Lowest);

    // The power of ten of the last digit that is not 0, were the exponent zero.
    private int Lowest => _fraction.IsEmpty
        ? _whole.Length - _whole.TrimEnd((byte)'0').Length
        : -_fraction.Length;

    // Zeros between the point and the first other digit, when nothing but zeros stands before the point.
    private int Leading { get; }

    // Digits before the point, were the exponent zero; at most 0 when the fraction begins the number.
    private int Magnitude => _whole.IsEmpty ? -Leading : _whole.Length;

    private int Digits => _whole.Length + _fraction.Length - Leading;

    /// <summary>Compares two numbers by value: negative, zero or positive.</summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        TryReadSmall(left, out var leftSmall) && TryReadSmall(right, out var rightSmall)
            ? leftSmall.CompareTo(rightSmall)
            : Compare(new JsonNumber(left), new JsonNumber(right));

    /// <inheritdoc cref="Compare(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static int Compare(JsonNumber left, JsonNumber right)
    {
        var leftSign = left.IsZero ? 0 : left.IsNegative ? -1 : 1;
        var rightSign = right.IsZero ? 0 : right.IsNegative ? -1 : 1;
        if (leftSign != rightSign || leftSign == 0)
        {
            return leftSign.CompareTo(rightSign);
        }
        var magnitude = ExponentDifference(left, right) + left.Magnitude - right.Magnitude;
        return leftSign * (magnitude != 0 ? Math.Sign(magnitude) : CompareDigits(left, right));
    }

    /// <summary>Reads a non-negative integer; one beyond the largest <see cref="int"/> answers that.</summary>
    internal bool TryReadCount(out int count)
    {
        count = 0;
        if (!IsInteger || (IsNegative && !IsZero))
        {
            return false;
        }
        if (IsZero)
        {
            return true;
        }
        var magnitude = ExponentDifference(this, default) + Magnitude;
        if (magnitude > 10)
        {
            count = int.MaxValue;
            return true;
        }
        var value = 0L;
        for (var index = 0; index < magnitude; index++)
        {
            value = (value * 10) + Digit(index);
        }
        count = (int)Math.Min(value, int.MaxValue);
        return true;
    }

    /// <summary>The power of ten of the last digit that is not 0, less that of another number.</summary>
    internal long LowestLess(JsonNumber other) => ExponentDifference(this, other) + Lowest - other.Lowest;

    /// <summary>The power of ten of the last digit that is not 0, exactly, modulo a number below 2^61.</summary>
    internal ulong LowestModulo(ulong modulus)
    {
        var exponent = 0UL;
        foreach (var digit in _exponent)
        {
            exponent = (ulong)((((UInt128)exponent * 10) + (uint)(digit - '0')) % modulus);
        }
        exponent = _isExponentNegative && exponent > 0 ? modulus - exponent : exponent;
        return (exponent + (Lowest < 0 ? modulus - (ulong)-Lowest : (ulong)Lowest)) % modulus;
    }

    /// <summary>Up to some digits from one on, as an integer, and ten to the power of their count.</summary>
    internal ulong Chunk(int from, int countMax, out ulong power)
    {
        var value = 0UL;
        power = 1;
        for (var index = from; index < Math.Min(from + countMax, DigitCount); index++)
        {
            value = (value * 10) + (uint)Digit(index);
            power *= 10;
        }
        return value;
    }

    private static int CompareDigits(JsonNumber left, JsonNumber right)
    {
        var digits = Math.Max(left.Digits, right.Digits);
        for (var index = 0; index < digits; index++)
        {
            var order = left.Digit(index) - right.Digit(index);
            if (order != 0)
            {
                return Math.Sign(order);
            }
        }
        return 0;
    }

    /// <summary>A digit, the first that is not 0 having the index 0.</summary>
    internal int Digit(int index)
    {
        if (index < _whole.Length)
        {
            return _whole[index] - '0';
        }
        var inFraction = index - _whole.Length + Leading;
        return inFraction < _fraction.Length ? _fraction[inFraction] - '0' : 0;
    }

    // The left exponent less the right one, digit by digit from the highest. Once the difference is beyond the limit,
    // no further digit can bring it back, so it stays there.
    private static long ExponentDifference(JsonNumber left, JsonNumber right)
    {
        var difference = 0L;
        for (var weight = Math.Max(left._exponent.Length, right._exponent.Length); weight > 0; weight--)
        {
            difference = (difference * 10) + left.ExponentDigit(weight) - right.ExponentDigit(weight);
            if (Math.Abs(difference) > ExponentDifferenceMax)
            {
                return Math.Sign(difference) * ExponentDifferenceMax;
            }
        }
        return difference;
    }

    private int ExponentDigit(int weight)
    {
        var digit = weight > _exponent.Length ? 0 : _exponent[^weight] - '0';
        return _isExponentNegative ? -digit : digit;
    }

    // Whole numbers of up to 18 digits, which are nearly all there are.
    private static bool TryReadSmall(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        var isNegative = !text.IsEmpty && text[0] == '-';
        var digits = isNegative ? text[1..] : text;
        if (digits.Length is 0 or > 18)
        {
            return false;
        }
        foreach (var digit in digits)
        {
            if ((uint)(digit - '0') > 9)
            {
                return false;
            }
            value = (value * 10) + (digit - '0');
        }
        value = isNegative ? -value : value;
        return true;
    }
}
