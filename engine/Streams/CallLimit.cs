namespace Pipeline.Engine.Streams;

/// <summary>At most so many calls within any second.</summary>
public sealed class CallLimit(int perSecond)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Queue<DateTimeOffset> _calls = new();

    /// <summary>Counts a call, or refuses it; one that was refused does not count.</summary>
    public bool TryCall(DateTimeOffset now)
    {
        if (NextAfter(now) > now)
        {
            return false;
        }
        Note(now);
        return true;
    }

    /// <summary>Counts a call at the first moment that is free, now or later, and answers that moment.</summary>
    public DateTimeOffset Reserve(DateTimeOffset now)
    {
        var turn = NextAfter(now);
        Note(turn);
        return turn;
    }

    private DateTimeOffset NextAfter(DateTimeOffset now)
    {
        if (_calls.Count < perSecond)
        {
            return now;
        }
        var free = _calls.Peek() + Second;
        return free > now ? free : now;
    }

    private void Note(DateTimeOffset at)
    {
        if (_calls.Count == perSecond)
        {
            _calls.Dequeue();
        }
        _calls.Enqueue(at);
    }
}
