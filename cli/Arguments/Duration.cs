using System.Buffers;
using System.Globalization;

namespace Pipeline.Cli.Arguments;

/// <summary>Durations as people write them: <c>20s</c>, <c>1h30m</c>, <c>PT20S</c>.</summary>
public static class Duration
{
    /// <summary>What a usage error says is allowed.</summary>
    public const string Form = "a duration such as 20s, 5m, 1h30m or PT20S";

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    // Each unit at most once, from the longest to the shortest, as in ISO 8601.
    private static readonly (string Unit, decimal Ticks)[] PlainUnits =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    private static readonly (string Unit, decimal Ticks)[] IsoDateUnits = [("D", TimeSpan.TicksPerDay)];

    private static readonly (string Unit, decimal Ticks)[] IsoTimeUnits =
        [("H", TimeSpan.TicksPerHour), ("M", TimeSpan.TicksPerMinute), ("S", TimeSpan.TicksPerSecond)];

    /// <summary>
    /// Reads numbers with units (<c>d</c>, <c>h</c>, <c>m</c>, <c>s</c>, <c>ms</c>), or ISO 8601 without years, months
    /// and weeks, whose length depends on the calendar or on taste. Never negative; decimals are allowed.
    /// </summary>
    /// <returns>False when the text is no duration, or longer than a <see cref="TimeSpan"/> can be.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        decimal ticks = 0;
        bool read;
        if (text.StartsWith('P'))
        {
            int time = text.IndexOf('T', StringComparison.Ordinal);
            string date = time < 0 ? text[1..] : text[1..time];
            read = (time < 0 || TryAdd(text.AsSpan(time + 1), IsoTimeUnits, ref ticks))
                && (time >= 0 && date.Length == 0 || TryAdd(date, IsoDateUnits, ref ticks));
        }
        else
        {
            read = TryAdd(text, PlainUnits, ref ticks);
        }

        read &= ticks <= TimeSpan.MaxValue.Ticks;
        duration = read ? TimeSpan.FromTicks((long)ticks) : TimeSpan.Zero;
        return read;
    }

    private static bool TryAdd(
        ReadOnlySpan<char> rest, ReadOnlySpan<(string Unit, decimal Ticks)> units, ref decimal sum)
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !TryNumber(rest[..digits], out decimal number))
            {
                return false;
            }

            rest = rest[digits..];
            int letters = rest.IndexOfAny(NumberCharacters) is var end and >= 0 ? end : rest.Length;
            int unit = IndexOf(units, rest[..letters]);
            if (unit < 0 || number > TimeSpan.MaxValue.Ticks / units[unit].Ticks)
            {
                return false;
            }

            sum += number * units[unit].Ticks;
            units = units[(unit + 1)..];
            rest = rest[letters..];
        }

        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);

    private static int IndexOf(ReadOnlySpan<(string Unit, decimal Ticks)> units, ReadOnlySpan<char> name)
    {
        for (int i = 0; i < units.Length; i++)
        {
            if (name.SequenceEqual(units[i].Unit))
            {
                return i;
            }
        }

        return -1;
    }
}
