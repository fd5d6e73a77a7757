using System.Globalization;

namespace Pipeline.Cli.Generate;

/// <summary>Writes event times in RFC 3339 with milliseconds: mostly in UTC, some with the offset of a place.</summary>
internal sealed class EventTime(DateTimeOffset start)
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss";

    private static readonly (byte[] Text, int Minutes)[] Offsets =
    [
        (World.Bytes("+02:00"), 120), (World.Bytes("-05:00"), -300),
        (World.Bytes("+05:30"), 330), (World.Bytes("+09:00"), 540),
    ];

    private readonly long _start = start.ToUnixTimeMilliseconds();
    private readonly byte[] _second = new byte[19];
    private long _cached = long.MinValue;

    /// <param name="line">Takes the text, without quotes.</param>
    /// <param name="at">Milliseconds since the start.</param>
    /// <param name="random">Draws the offset.</param>
    public void Write(LineBuffer line, long at, SeededRandom random)
    {
        int place = random.Below(80);
        ReadOnlySpan<byte> zone = "Z"u8;
        long local = _start + at;
        if (place < Offsets.Length)
        {
            zone = Offsets[place].Text;
            local += Offsets[place].Minutes * 60_000L;
        }

        (long second, long millisecond) = Math.DivRem(local, 1000);
        if (millisecond < 0)
        {
            second--;
            millisecond += 1000;
        }

        if (second != _cached)
        {
            DateTimeOffset.FromUnixTimeSeconds(second).TryFormat(_second, out _, Form, CultureInfo.InvariantCulture);
            _cached = second;
        }

        line.Add(_second).Add((byte)'.').AddPadded((int)millisecond, 3).Add(zone);
    }
}
