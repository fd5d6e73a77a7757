namespace Pipeline.Engine.Queues;

/// <summary>The messages of a queue that are delayed or in flight, the one first that becomes visible first.</summary>
/// <remarks>
/// A message that was deleted or hidden anew leaves its old entry behind, which is passed over; when such entries are
/// the most, they are cleared away.
/// </remarks>
internal sealed class HiddenMessages
{
    private const int EntriesToKeep = 64;

    private readonly PriorityQueue<Entry, (long VisibleAt, long Order)> _entries = new();
    private long _order;

    private readonly record struct Entry(QueueMessage Message, int Hiding)
    {
        public bool IsLive =>
            Message.Hidings == Hiding && Message.State is MessageState.Delayed or MessageState.InFlight;
    }

    /// <summary>How many of the messages there are in flight.</summary>
    public int InFlight { get; private set; }

    private int Delayed { get; set; }

    /// <summary>When the next message becomes visible; null when there is none.</summary>
    public DateTimeOffset? Next => TryPeek(out var message) ? message.VisibleAt : null;

    /// <summary>The messages, in the order in which they become visible.</summary>
    public IEnumerable<QueueMessage> InOrder() =>
        from item in _entries.UnorderedItems
        where item.Element.IsLive
        orderby item.Priority
        select item.Element.Message;

    /// <summary>Hides a message, or hides a hidden one until another time.</summary>
    public void Hide(QueueMessage message, MessageState state, DateTimeOffset visibleAt)
    {
        Release(message, state);
        Count(state, 1);
        message.VisibleAt = visibleAt;
        message.Hidings++;
        Compact();
        _entries.Enqueue(new Entry(message, message.Hidings), (visibleAt.UtcTicks, _order++));
    }

    /// <summary>Takes a message out, if it is here, and gives it its new state.</summary>
    public void Release(QueueMessage message, MessageState state)
    {
        Count(message.State, -1);
        message.State = state;
    }

    /// <summary>Takes out the next message that is to be visible by now; false when none is.</summary>
    public bool TryReveal(DateTimeOffset now, out QueueMessage message)
    {
        if (!TryPeek(out message) || message.VisibleAt > now)
        {
            return false;
        }
        _entries.Dequeue();
        Release(message, MessageState.Visible);
        return true;
    }

    private bool TryPeek(out QueueMessage message)
    {
        while (_entries.TryPeek(out var entry, out _))
        {
            if (entry.IsLive)
            {
                message = entry.Message;
                return true;
            }
            _entries.Dequeue();
        }
        message = null!;
        return false;
    }

    private void Count(MessageState state, int change)
    {
        InFlight += state == MessageState.InFlight ? change : 0;
        Delayed += state == MessageState.Delayed ? change : 0;
    }

    private void Compact()
    {
        if (_entries.Count <= EntriesToKeep + (2 * (InFlight + Delayed)))
        {
            return;
        }
        var live = _entries.UnorderedItems.Where(item => item.Element.IsLive).ToList();
        _entries.Clear();
        _entries.EnqueueRange(live);
    }
}
