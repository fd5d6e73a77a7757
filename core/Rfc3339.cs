using System.Globalization;

namespace Pipeline.Core;

/// <summary>What became of reading a timestamp.</summary>
public enum Rfc3339Status
{
    /// <summary>A timestamp.</summary>
    Read,

    /// <summary>Not of the form, or a field is out of its range.</summary>
    Malformed,

    /// <summary>
    /// A timestamp, but as UTC before the year 1 or after 9999, which <see cref="DateTimeOffset"/> cannot hold.
    /// </summary>
    OutOfRange,
}

/// <summary>Timestamps of RFC 3339, such as <c>2026-03-01T12:00:00.25+01:00</c>.</summary>
/// <remarks>
/// <c>T</c> and <c>Z</c> may be lower case (section 5.6). Second 60 is allowed where a leap second can be: in the last
/// minute, UTC, of a month (section 5.7); it reads as the last tick before the next minute. Digits of a second beyond
/// the
/// seventh are cut.
/// </remarks>
public static class Rfc3339
{
    private const int DateTimeLength = 19;
    private const int TickDigits = 7;

    /// <summary>Writes a time as UTC with milliseconds, such as <c>2026-03-01T12:00:00.250Z</c>.</summary>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads a timestamp.</summary>
    /// <param name="text">ASCII; no white space around it.</param>
    /// <param name="utcTicks">The instant as <see cref="DateTime.Ticks"/> of UTC when it was read, else 0.</param>
    public static Rfc3339Status Parse(ReadOnlySpan<byte> text, out long utcTicks)
    {
        utcTicks = 0;
        if (text.Length <= DateTimeLength || !HasSeparators(text)
            || !TryNumber(text[..4], out var year) || !TryNumber(text[5..7], out var month)
            || !TryNumber(text[8..10], out var day) || !TryNumber(text[11..13], out var hour)
            || !TryNumber(text[14..16], out var minute) || !TryNumber(text[17..19], out var second)
            || month is < 1 or > 12 || day < 1 || day > DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 60
            || !TryFraction(text[DateTimeLength..], out var fraction, out var zone)
            || !TryOffset(zone, out var offsetMinutes))
        {
            return Rfc3339Status.Malformed;
        }
        var minutes = (DaysBefore(year, month, day) * 1440) + (hour * 60) + minute - offsetMinutes;
        if (second == 60 && !EndsMonth(year, month, day, (hour * 60) + minute - offsetMinutes))
        {
            return Rfc3339Status.Malformed;
        }
        var ticks = (minutes * TimeSpan.TicksPerMinute)
            + (second == 60 ? TimeSpan.TicksPerMinute - 1 : (second * TimeSpan.TicksPerSecond) + fraction);
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            return Rfc3339Status.OutOfRange;
        }
        utcTicks = ticks;
        return Rfc3339Status.Read;
    }

    private static bool HasSeparators(ReadOnlySpan<byte> text) =>
        text[4] == '-' && text[7] == '-' && (text[10] | 0x20) == 't' && text[13] == ':' && text[16] == ':';

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if ((uint)(digit - '0') > 9)
            {
                return false;
            }
            number = (number * 10) + (digit - '0');
        }
        return true;
    }

    private static bool TryFraction(ReadOnlySpan<byte> text, out int ticks, out ReadOnlySpan<byte> rest)
    {
        ticks = 0;
        rest = text;
        if (text[0] != '.')
        {
            return true;
        }
        var end = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (end <= 0)
        {
            return false;
        }
        for (var index = 0; index < TickDigits; index++)
        {
            ticks = (ticks * 10) + (index < end ? text[1 + index] - '0' : 0);
        }
        rest = text[(1 + end)..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> zone, out int minutes)
    {
        minutes = 0;
        if (zone.Length == 1)
        {
            return (zone[0] | 0x20) == 'z';
        }
        if (zone.Length != 6 || zone[0] is not ((byte)'+' or (byte)'-') || zone[3] != ':'
            || !TryNumber(zone[1..3], out var hour) || !TryNumber(zone[4..6], out var minute)
            || hour > 23 || minute > 59)
        {
            return false;
        }
        minutes = ((hour * 60) + minute) * (zone[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool IsLeap(int year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    private static int DaysInMonth(int year, int month) => month switch
    {
        2 => IsLeap(year) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    // Days since 0001-01-01 in the proleptic Gregorian calendar; negative in the year 0, which RFC 3339 allows.
    private static long DaysBefore(int year, int month, int day)
    {
        var earlier = year - 1;
        var days = year == 0 ? -366L : (earlier * 365L) + (earlier / 4) - (earlier / 100) + (earlier / 400);
        for (var passed = 1; passed < month; passed++)
        {
            days += DaysInMonth(year, passed);
        }
        return days + day - 1;
    }

    // Whether the minute, counted from the local day's start but in UTC, is the last one of a month.
    private static bool EndsMonth(int year, int month, int day, int minuteOfDay) => minuteOfDay switch
    {
        -1 => day == 1,
        1439 => day == DaysInMonth(year, month),
        2879 => day == DaysInMonth(year, month) - 1,
        _ => false,
    };
}
