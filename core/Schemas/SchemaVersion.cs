using System.Globalization;

namespace Pipeline.Core;

/// <summary>
/// The version of a schema: a major number, changed when old data may no longer be valid, and a minor one. Written
/// <c>major-minor</c>, each 0 to 999,999,999 without leading zeros.
/// </summary>
public readonly record struct SchemaVersion(int Major, int Minor) : IComparable<SchemaVersion>
{
    private const int DigitsMax = 9;

    /// <summary>Reads a version, such as <c>1-2</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out SchemaVersion version)
    {
        var hyphen = text.IndexOf((byte)'-');
        var minor = 0;
        var isVersion = TryNumber(hyphen < 0 ? default : text[..hyphen], out var major)
            && TryNumber(text[(hyphen + 1)..], out minor);
        version = isVersion ? new SchemaVersion(major, minor) : default;
        return isVersion;
    }

    public static bool operator <(SchemaVersion left, SchemaVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(SchemaVersion left, SchemaVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(SchemaVersion left, SchemaVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SchemaVersion left, SchemaVersion right) => left.CompareTo(right) >= 0;

    public int CompareTo(SchemaVersion other) =>
        Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}-{Minor}");

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        if (digits.Length is 0 or > DigitsMax || (digits.Length > 1 && digits[0] == '0'))
        {
            return false;
        }
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }
            number = (number * 10) + (digit - '0');
        }
        return true;
    }
}
