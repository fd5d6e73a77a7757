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
            var lowest = _fraction.IsEmpty
                ? _whole.Length - _whole.TrimEnd((byte)'0').Length
                : -_fraction.Length;
            return ExponentDifference(this, default) + lowest >= 0;
        }
    }

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

    private int Digit(int index)
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
