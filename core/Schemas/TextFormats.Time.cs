namespace Pipeline.Core;

public static partial class TextFormats
{
    private const int DateLength = 10;
    private const int TimeLength = 8;
    private const int MinutesPerDay = 1440;

    private static bool IsDate(ReadOnlySpan<byte> text)
    {
        if (text.Length != DateLength)
        {
            return false;
        }
        Span<byte> midnight = stackalloc byte[DateLength + 10];
        text.CopyTo(midnight);
        "T00:00:00Z"u8.CopyTo(midnight[DateLength..]);
        return Rfc3339.Parse(midnight, out _) != Rfc3339Status.Malformed;
    }

    private static bool IsTime(ReadOnlySpan<byte> text)
    {
        if (text.Length <= TimeLength || text[2] != ':' || text[5] != ':'
            || !TryNumber(text[..2], 23, out var hour) || !TryNumber(text[3..5], 59, out var minute)
            || !TryNumber(text[6..8], 60, out var second))
        {
            return false;
        }
        var zone = text[TimeLength..];
        if (zone[0] == '.')
        {
            var end = zone[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (end <= 0)
            {
                return false;
            }
            zone = zone[(1 + end)..];
        }
        return TryOffset(zone, out var offset)
            // A leap second is the last of a day of UTC.
            && (second < 60
                || ((hour * 60) + minute - offset + MinutesPerDay) % MinutesPerDay == MinutesPerDay - 1);
    }

    private static bool TryOffset(ReadOnlySpan<byte> zone, out int minutes)
    {
        minutes = 0;
        if (zone.Length == 1)
        {
            return (zone[0] | 0x20) == 'z';
        }
        if (zone.Length != 6 || zone[0] is not ((byte)'+' or (byte)'-') || zone[3] != ':'
            || !TryNumber(zone[1..3], 23, out var hour) || !TryNumber(zone[4..6], 59, out var minute))
        {
            return false;
        }
        minutes = ((hour * 60) + minute) * (zone[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, int max, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }
            number = (number * 10) + (digit - '0');
        }
        return number <= max;
    }

    private static bool IsDuration(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != 'P')
        {
            return false;
        }
        text = text[1..];
        if (text.EndsWith("W"u8))
        {
            return CountUnits(text, "W"u8) == 1;
        }
        var mark = text.IndexOf((byte)'T');
        var days = CountUnits(mark < 0 ? text : text[..mark], "YMD"u8);
        var hours = mark < 0 ? 0 : CountUnits(text[(mark + 1)..], "HMS"u8);
        return days >= 0 && hours >= (mark < 0 ? 0 : 1) && days + hours > 0;
    }

    // How many numbers with units there are; -1 unless the units follow each other as given, without a gap.
    private static int CountUnits(ReadOnlySpan<byte> text, ReadOnlySpan<byte> units)
    {
        var count = 0;
        var last = -1;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            var unit = digits <= 0 ? -1 : units.IndexOf(text[digits]);
            if (unit < 0 || (count > 0 && unit != last + 1))
            {
                return -1;
            }
            last = unit;
            count++;
            text = text[(digits + 1)..];
        }
        return count;
    }
}
