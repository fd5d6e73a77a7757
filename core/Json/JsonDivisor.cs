using System.Numerics;

namespace Pipeline.Core.Json;

/// <summary>
/// A positive number that others are to be multiples of, exactly: 0.01 divides 19.99, and 1e308 divides 1e309.
/// </summary>
internal sealed class JsonDivisor
{
    // Digits taken at a time: a remainder times this power still fits 128 bits.
    private const int ChunkDigits = 18;
    private const ulong ChunkFactor = 1_000_000_000_000_000_000;

    private readonly ReadOnlyMemory<byte> _text;

    // The number is this times a power of ten; the small form is 0 when it does not fit.
    private readonly BigInteger _coefficient;
    private readonly ulong _small;

    private readonly JsonDecimal _decimal;

    /// <param name="text">A positive number by JSON's grammar.</param>
    internal JsonDivisor(ReadOnlyMemory<byte> text)
    {
        _decimal = JsonDecimal.Read(text.Span);
        _text = text;
        var number = new JsonNumber(text.Span);
        for (var index = 0; index < number.DigitCount; index++)
        {
            _coefficient = (_coefficient * 10) + number.Digit(index);
        }
        _small = _coefficient < ChunkFactor ? (ulong)_coefficient : 0;
    }

    /// <summary>Whether a number is a multiple; time is linear in its text.</summary>
    /// <param name="value">What could be read of the number.</param>
    /// <param name="number">Its text.</param>
    internal bool Divides(JsonDecimal value, ReadOnlySpan<byte> number) =>
        value.IsMultipleOf(_decimal) ?? Divides(new JsonNumber(number));

    /// <inheritdoc cref="Divides(JsonDecimal, ReadOnlySpan{byte})"/>
    internal bool Divides(JsonNumber number)
    {
        // The last digits of both coefficients are not 0, so ten does not divide the number's.
        var shift = number.IsZero ? 0 : number.LowestLess(new JsonNumber(_text.Span));
        return number.IsZero
            || (shift >= 0 && (_small > 0 ? IsZeroSmall(number, shift) : IsZeroLarge(number, shift)));
    }

    private bool IsZeroSmall(JsonNumber number, long shift)
    {
        UInt128 rest = 0;
        for (var index = 0; index < number.DigitCount; index += ChunkDigits)
        {
            var chunk = number.Chunk(index, ChunkDigits, out var power);
            rest = ((rest * power) + chunk) % _small;
        }
        // Beyond as many tens as the divisor has bits, further ones divide nothing more.
        for (var tens = Math.Min(shift, 64); tens > 0 && rest != 0; tens--)
        {
            rest = rest * 10 % _small;
        }
        return rest == 0;
    }

    private bool IsZeroLarge(JsonNumber number, long shift)
    {
        var rest = BigInteger.Zero;
        for (var index = 0; index < number.DigitCount; index += ChunkDigits)
        {
            var chunk = number.Chunk(index, ChunkDigits, out var power);
            rest = ((rest * power) + chunk) % _coefficient;
        }
        var tens = (int)Math.Min(shift, _coefficient.GetBitLength());
        return (rest * BigInteger.ModPow(10, tens, _coefficient) % _coefficient).IsZero;
    }
}
