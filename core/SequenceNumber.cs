using System.Text;

namespace Pipeline.Core;

/// <summary>
/// A sequence number of a shard: up to 129 decimal digits, kept as the ASCII text it came as, compared as a number.
/// </summary>
/// <remarks>Source: Kinesis API model, <c>0</c> or <c>[1-9]\d{0,128}</c>.</remarks>
public readonly struct SequenceNumber(ReadOnlyMemory<byte> digits)
    : IComparable<SequenceNumber>, IEquatable<SequenceNumber>
{
    /// <summary>Longest sequence number, in digits.</summary>
    public const int DigitsMax = 129;

    /// <summary>The digits, ASCII, without leading zeros.</summary>
    public ReadOnlyMemory<byte> Digits { get; } = digits;

    /// <summary>Reads a sequence number; false when the text is not one.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> text, out SequenceNumber number)
    {
        var digits = text.Span;
        number = new SequenceNumber(text);
        return digits.Length is > 0 and <= DigitsMax
            && digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && (digits[0] != '0' || digits.Length == 1);
    }

    /// <summary>Reads a sequence number from a string.</summary>
    /// <exception cref="FormatException">The text is not a sequence number.</exception>
    public static SequenceNumber Parse(string text) =>
        TryParse(Encoding.UTF8.GetBytes(text), out var number)
            ? number
            : throw new FormatException($"'{text}' is not a sequence number.");

    public int CompareTo(SequenceNumber other) =>
        Digits.Length != other.Digits.Length
            ? Digits.Length.CompareTo(other.Digits.Length)
            : Digits.Span.SequenceCompareTo(other.Digits.Span);

    public bool Equals(SequenceNumber other) => Digits.Span.SequenceEqual(other.Digits.Span);

    public override bool Equals(object? obj) => obj is SequenceNumber other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Digits.Span);
        return hash.ToHashCode();
    }

    public override string ToString() => Encoding.ASCII.GetString(Digits.Span);

    public static bool operator ==(SequenceNumber left, SequenceNumber right) => left.Equals(right);

    public static bool operator !=(SequenceNumber left, SequenceNumber right) => !left.Equals(right);

    public static bool operator <(SequenceNumber left, SequenceNumber right) => left.CompareTo(right) < 0;

    public static bool operator >(SequenceNumber left, SequenceNumber right) => left.CompareTo(right) > 0;

    public static bool operator <=(SequenceNumber left, SequenceNumber right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SequenceNumber left, SequenceNumber right) => left.CompareTo(right) >= 0;
}
