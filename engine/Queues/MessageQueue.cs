using System.Text;
using Pipeline.Core;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Queues;

/// <summary>A standard SQS queue: at least once, hidden while received, given up after too many receives.</summary>
/// <remarks>
/// Time is judged when someone looks, so a queue that nobody reads moves no clock. Our choices where AWS promises
/// nothing: messages are received in the order in which they became visible; the receive count begins anew in a
/// dead-letter queue, whose own delay does not count there. Source: SQS API model 2012-11-05.
/// </remarks>
public sealed class MessageQueue
{
    private const int HandleBytes = 48;

    private readonly Scheduler _scheduler;
    private readonly Random _random;
    private readonly Queue<QueueMessage> _visible = new();
    private readonly HiddenMessages _hidden = new();
    private readonly Dictionary<string, QueueMessage> _byHandle = new(StringComparer.Ordinal);
    private readonly Waiters _waiters;
    private int _visibleCount;

    /// <param name="random">Of the messages' ids and receipt handles.</param>
    public MessageQueue(QueueModel model, Scheduler scheduler, Random random)
    {
        (Model, _scheduler, _random) = (model, scheduler, random);
        _waiters = new Waiters(scheduler, Refresh);
    }

    /// <summary>Called once for each message taken from a sender; not for one that another queue gave up.</summary>
    public event Action<QueueMessage>? Sent;

    /// <summary>Called for each message that is gone because the retention period is over.</summary>
    public event Action<QueueMessage>? Expired;

    public QueueModel Model { get; }

    public string Name => Model.Name;

    public string Arn => Model.Arn;

    public string Url => Model.Url;

    /// <summary>Takes what is received too often; null when the queue has no redrive policy.</summary>
    public MessageQueue? DeadLetters { get; set; }

    /// <summary>May refuse an entry as an error of the service, for tests.</summary>
    public Func<bool>? RefuseSend { get; set; }

    /// <summary>Messages that are gone because the retention period was over, as far as anyone looked.</summary>
    public long ExpiredCount { get; private set; }

    /// <summary>Whether a receive may answer something: a message is visible and not too many are in flight.</summary>
    public bool IsReceivable
    {
        get
        {
            Reveal();
            return _visibleCount > 0 && _hidden.InFlight < Limits.MessagesInFlightMax;
        }
    }

    /// <summary>SendMessageBatch: one result per entry, in the request's order; a refused one stops no other.</summary>
    /// <remarks>An entry without a delay takes the queue's.</remarks>
    /// <exception cref="PortFaultException">The request breaks a limit of the API; nothing was taken.</exception>
    public IReadOnlyList<SendResult> SendMessageBatch(IReadOnlyList<SendEntry> entries)
    {
        SendRules.Check(Name, entries);
        Reveal();
        var results = new SendResult[entries.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Send(entries[i]);
        }
        Refresh();
        return results;
    }

    /// <summary>
    /// ReceiveMessage: the next messages that are visible; each is then hidden. One that was received as often as the
    /// redrive policy allows goes to the dead-letter queue instead.
    /// </summary>
    /// <param name="count">At most so many, 1 to 10.</param>
    /// <param name="visibility">How long they stay hidden; null for the queue's visibility timeout.</param>
    /// <param name="fits">Asked before a message is received; at the first that does not fit, the receive ends.</param>
    /// <exception cref="PortFaultException">
    /// The request breaks a limit of the API, or too many messages are in flight.
    /// </exception>
    public IReadOnlyList<ReceivedMessage> Receive(
        int count, TimeSpan? visibility = null, Func<QueueMessage, bool>? fits = null)
    {
        if (count is < 1 or > Limits.SendBatchCountMax)
        {
            throw new ServiceException("InvalidParameterValue", $"ReceiveMessage on {Name}: {count} messages; "
                + $"allowed are 1 to {Limits.SendBatchCountMax}.");
        }
        var timeout = visibility ?? Model.VisibilityTimeout;
        CheckVisibility("ReceiveMessage", timeout);
        Reveal();
        if (_hidden.InFlight >= Limits.MessagesInFlightMax)
        {
            throw new ServiceException("OverLimit", $"ReceiveMessage on {Name}: {_hidden.InFlight} messages are in "
                + $"flight; allowed are {Limits.MessagesInFlightMax}.");
        }
        var received = new List<ReceivedMessage>(count);
        while (received.Count < count && _hidden.InFlight < Limits.MessagesInFlightMax
            && TryNext(out var message) && fits?.Invoke(message) != false)
        {
            _visible.Dequeue();
            _visibleCount--;
            received.Add(Receive(message, timeout));
        }
        return received;
    }

    /// <summary>
    /// DeleteMessageBatch: deletes by receipt handle; a handle is of no effect once its message was received again.
    /// </summary>
    /// <returns>How many messages are gone by this.</returns>
    public int Delete(params IReadOnlyList<string> receiptHandles)
    {
        Reveal();
        var deleted = 0;
        foreach (var handle in receiptHandles)
        {
            if (TryFind(handle, out var message))
            {
                Remove(message);
                deleted++;
            }
        }
        Refresh();
        return deleted;
    }

    /// <summary>
    /// ChangeMessageVisibility: hides a message in flight for so long from now on, 0 to 12 h, for this receive only.
    /// </summary>
    /// <returns>False when the message is no longer in flight by this handle.</returns>
    /// <exception cref="PortFaultException">The time is out of range.</exception>
    public bool ChangeVisibility(string receiptHandle, TimeSpan visibility)
    {
        CheckVisibility("ChangeMessageVisibility", visibility);
        Reveal();
        if (!TryFind(receiptHandle, out var message) || message.State != MessageState.InFlight)
        {
            return false;
        }
        _hidden.Hide(message, MessageState.InFlight, _scheduler.Now + visibility);
        Refresh();
        return true;
    }

    /// <summary>
    /// Waits until a receive may answer something; a long poll without its end, which would only be begun again.
    /// </summary>
    /// <param name="until">When to stop waiting; null never.</param>
    public Task WaitAsync(DateTimeOffset? until = null)
    {
        if (IsReceivable || until <= _scheduler.Now)
        {
            return Task.CompletedTask;
        }
        var wait = _waiters.WaitAsync(until);
        Refresh();
        return wait;
    }

    /// <summary>Every message that is there, visible ones first, in the order of their receives to come.</summary>
    public IReadOnlyList<QueueMessage> Look()
    {
        Reveal();
        var messages = _visible.Where(message => message.State == MessageState.Visible).ToList();
        messages.AddRange(_hidden.InOrder());
        foreach (var message in messages.Where(IsOver))
        {
            Expire(message);
        }
        messages.RemoveAll(message => message.State == MessageState.Gone);
        return messages;
    }

    /// <summary>Takes up saved messages, in their order; to be called before anything else happens.</summary>
    /// <remarks>Receipt handles end with the run that received them.</remarks>
    internal void Restore(IEnumerable<QueueMessage> messages, long expired)
    {
        ExpiredCount = expired;
        foreach (var message in messages)
        {
            if (message.State == MessageState.Visible)
            {
                Show(message);
            }
            else
            {
                var state = message.State;
                message.State = MessageState.Visible;
                _hidden.Hide(message, state, message.VisibleAt);
            }
        }
    }

    private SendResult Send(in SendEntry entry)
    {
        if (SendRules.Refuse(entry, Model.MessageBytesMax) is var (code, why))
        {
            return new SendResult(entry.Id, null, code, why, SenderFault: true);
        }
        if (RefuseSend?.Invoke() == true)
        {
            return new SendResult(
                entry.Id, null, "InternalError", "The service failed to take the message.", SenderFault: false);
        }
        Span<byte> id = stackalloc byte[16];
        _random.NextBytes(id);
        var message = new QueueMessage(
            new Guid(id), Encoding.UTF8.GetBytes(entry.Body), _scheduler.Now, deadLetterSource: null);
        var delay = entry.Delay > TimeSpan.Zero ? entry.Delay : Model.Delay;
        if (delay > TimeSpan.Zero)
        {
            _hidden.Hide(message, MessageState.Delayed, _scheduler.Now + delay);
        }
        else
        {
            Show(message);
        }
        Sent?.Invoke(message);
        return new SendResult(entry.Id, message.Id.ToString(), null, null, SenderFault: false);
    }

    private ReceivedMessage Receive(QueueMessage message, TimeSpan timeout)
    {
        if (message.ReceiptHandle is { } old)
        {
            _byHandle.Remove(old);
        }
        Span<byte> handle = stackalloc byte[HandleBytes];
        _random.NextBytes(handle);
        message.ReceiptHandle = Convert.ToBase64String(handle);
        _byHandle.Add(message.ReceiptHandle, message);
        message.FirstReceivedAt = message.ReceiveCount == 0 ? _scheduler.Now : message.FirstReceivedAt;
        message.ReceiveCount++;
        _hidden.Hide(message, MessageState.InFlight, _scheduler.Now + timeout);
        return new ReceivedMessage(message, message.ReceiptHandle, message.ReceiveCount);
    }

    /// <summary>Finds the message to receive next, and on the way puts away what may not be received.</summary>
    private bool TryNext(out QueueMessage message)
    {
        while (_visible.TryPeek(out message!))
        {
            if (message.State == MessageState.Visible && IsOver(message))
            {
                Expire(message);
            }
            else if (message.State == MessageState.Visible
                && DeadLetters is not null && message.ReceiveCount >= Model.Redrive!.ReceiveCountMax)
            {
                Remove(message);
                DeadLetters.TakeOver(message, Arn);
            }
            if (message.State == MessageState.Visible)
            {
                return true;
            }
            _visible.Dequeue();
        }
        return false;
    }

    private void TakeOver(QueueMessage message, string source)
    {
        Reveal();
        Show(new QueueMessage(message.Id, message.Body, message.SentAt, source));
        Refresh();
    }

    private bool TryFind(string receiptHandle, out QueueMessage message)
    {
        if (!_byHandle.TryGetValue(receiptHandle, out message!))
        {
            return false;
        }
        if (IsOver(message))
        {
            Expire(message);
            return false;
        }
        return true;
    }

    private bool IsOver(QueueMessage message) => _scheduler.Now - message.SentAt > Model.Retention;

    private void Expire(QueueMessage message)
    {
        Remove(message);
        ExpiredCount++;
        Expired?.Invoke(message);
    }

    /// <summary>A visible message that is removed stays in the line, as gone, until its turn comes.</summary>
    private void Remove(QueueMessage message)
    {
        _visibleCount -= message.State == MessageState.Visible ? 1 : 0;
        _hidden.Release(message, MessageState.Gone);
        if (message.ReceiptHandle is { } handle)
        {
            _byHandle.Remove(handle);
        }
    }

    private void Show(QueueMessage message)
    {
        _visible.Enqueue(message);
        _visibleCount++;
    }

    private void Reveal()
    {
        while (_hidden.TryReveal(_scheduler.Now, out var message))
        {
            Show(message);
        }
    }

    private void Refresh() => _waiters.Update(IsReceivable, _hidden.Next);

    private void CheckVisibility(string operation, TimeSpan visibility)
    {
        if (visibility < TimeSpan.Zero || visibility.TotalSeconds > Limits.VisibilitySecondsMax)
        {
            throw new ServiceException("InvalidParameterValue", $"{operation} on {Name}: a visibility timeout of "
                + $"{visibility}; allowed are 0 to {Limits.VisibilitySecondsMax} s.");
        }
    }
}
