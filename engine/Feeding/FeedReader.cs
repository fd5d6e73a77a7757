using Pipeline.Core;

namespace Pipeline.Engine.Feeding;

/// <summary>
/// A line about to be played: its bytes, its partition key, and the time it is to be played at, if it says one.
/// </summary>
/// <param name="Oversize">
/// The line too large to travel that this one stands for; its bytes are made when it is played.
/// </param>
public readonly record struct FeedLine(byte[] Bytes, byte[] Key, DateTimeOffset? Time, InputLine? Oversize);

/// <summary>Looks at each line as a producer would: when it was observed, and under which key it goes.</summary>
public sealed class FeedReader(LineSource source) : IDisposable
{
    /// <summary>When the clock starts if no line of the first ones has a readable time.</summary>
    public static readonly DateTimeOffset DefaultStart = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Years that can be played: a clock outside them could not be written into sequence numbers, which have 36 bits
    /// for seconds since 1970. A line that says another year is played at once, like one whose time is unreadable.
    /// </summary>
    private const int YearMin = 1970;

    /// <inheritdoc cref="YearMin"/>
    private const int YearMax = 2999;

    /// <summary>How far the search for a first time goes.</summary>
    private const int AheadBytesMax = 16 * 1024 * 1024;

    /// <summary>What a line costs while it waits, besides its bytes; an oversize one costs a file.</summary>
    private const int AheadLineBytes = 256;

    private readonly EventErrors _errors = new();
    private readonly byte[] _key = new byte[PartitionKeyRule.KeyBytesMax];
    private readonly Queue<FeedLine> _ahead = new();

    /// <summary>Bytes read.</summary>
    public long Bytes => source.Bytes;

    /// <summary>Why and where the input broke off; null while all is well.</summary>
    public string? Damage => source.Damage;

    /// <summary>Reads ahead to the first line with a readable time, and says which time that is.</summary>
    public DateTimeOffset FindStart()
    {
        long bytes = 0;
        while (bytes < AheadBytesMax && TryReadSource(out var line))
        {
            _ahead.Enqueue(line);
            bytes += AheadLineBytes + (line.Oversize is null ? line.Bytes.Length : Limits.EventBytesMax);
            if (line.Time is { } time)
            {
                return time;
            }
        }
        return DefaultStart;
    }

    /// <summary>Reads the next line that holds a byte other than space, tab and CR; false at the end.</summary>
    public bool TryRead(out FeedLine line) => _ahead.TryDequeue(out line) || TryReadSource(out line);

    public void Dispose() => source.Dispose();

    private bool TryReadSource(out FeedLine line)
    {
        while (source.TryRead(out var input))
        {
            if (input.SpoolFile is not null)
            {
                line = new FeedLine([], [], null, input);
                return true;
            }
            if (!input.IsBlank)
            {
                line = Look(input.Bytes);
                return true;
            }
        }
        line = default;
        return false;
    }

    private FeedLine Look(byte[] bytes)
    {
        _errors.Clear();
        var flaw = Event.Read(new Record(bytes, default, default, default), _errors, out var @event);
        var readable = flaw is null or RejectReason.InvalidEvent;
        var length = readable ? PartitionKeyRule.Write(@event, _key) : PartitionKeyRule.Write(bytes, _key);
        var playable = readable && @event.HasTime && @event.Time.Year is >= YearMin and <= YearMax;
        return new FeedLine(bytes, _key.AsSpan(0, length).ToArray(), playable ? @event.Time : null, null);
    }
}
