using System.Globalization;
using System.Text;
using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>
/// Sends messages to queues, through throttling and partial failure, until each is accepted or refused.
/// </summary>
/// <remarks>
/// A request holds messages of one queue, as many as the service takes. Only failed entries are sent again, after a
/// backoff and behind the others, so that a queue that fails holds no other up. A request that failed as a whole is
/// sent again as a whole, so what the queue had taken of it comes twice: delivery is at least once, in no order.
/// </remarks>
public sealed class QueueSender(IQueuePort queues, TimeProvider time, Random random)
{
    private readonly Backoff _backoff = new(time, random);
    private readonly List<OutgoingMessage> _waiting = [];
    private readonly List<OutgoingMessage> _request = [];
    private readonly List<OutgoingMessage> _held = [];
    private readonly List<SendEntry> _entries = [];
    private readonly List<RefusedMessage> _refused = [];

    /// <summary>Entries sent again since the last call of <see cref="SendAsync"/> began.</summary>
    public int Retries { get; private set; }

    /// <summary>
    /// The messages that are wrong themselves, so that none was sent again. Valid until the next call.
    /// </summary>
    public IReadOnlyList<RefusedMessage> Refused => _refused;

    /// <summary>Sends all messages, or as many as the deadline allows.</summary>
    /// <returns>
    /// The messages neither accepted nor refused when the deadline came; empty when all is well. Valid until the next
    /// call.
    /// </returns>
    public async ValueTask<IReadOnlyList<OutgoingMessage>> SendAsync(
        IReadOnlyList<OutgoingMessage> messages, Deadline deadline, CancellationToken cancellation)
    {
        Retries = 0;
        _backoff.Reset();
        _refused.Clear();
        _waiting.Clear();
        foreach (var message in messages)
        {
            AddFitting(message);
        }
        while (_waiting.Count > 0)
        {
            TakeRequest();
            var failed = await SendRequestAsync(cancellation);
            _waiting.Clear();
            _waiting.AddRange(_held);
            _waiting.AddRange(failed);
            if (!await _backoff.AfterAsync(failed.Count, deadline, cancellation))
            {
                break;
            }
            Retries += failed.Count;
            if (deadline.HasPassed)
            {
                break;
            }
        }
        return _waiting;
    }

    private void AddFitting(in OutgoingMessage message)
    {
        var bytes = Encoding.UTF8.GetByteCount(message.Entry.Body);
        if (bytes > Limits.MessageBytesMax)
        {
            // The service refuses the whole request for it, neighbours and all.
            _refused.Add(new RefusedMessage(message, string.Create(
                CultureInfo.InvariantCulture, $"it has {bytes} bytes; a message may have {Limits.MessageBytesMax}")));
        }
        else
        {
            _waiting.Add(message);
        }
    }

    private void TakeRequest()
    {
        _request.Clear();
        _held.Clear();
        _entries.Clear();
        var bytes = 0;
        foreach (var message in _waiting)
        {
            var size = 0;
            if (_request.Count == Limits.SendBatchCountMax
                || message.Queue != _waiting[0].Queue
                || bytes + (size = Encoding.UTF8.GetByteCount(message.Entry.Body)) > Limits.SendBatchBytesMax)
            {
                _held.Add(message);
            }
            else
            {
                _request.Add(message);
                _entries.Add(message.Entry);
                bytes += size;
            }
        }
    }

    /// <summary>Sends the request; the messages of it that failed. Those refused are set aside.</summary>
    private async ValueTask<List<OutgoingMessage>> SendRequestAsync(CancellationToken cancellation)
    {
        IReadOnlyList<SendResult> results;
        try
        {
            results = await queues.SendMessageBatchAsync(_request[0].Queue, _entries, cancellation);
        }
        catch (PortFaultException)
        {
            return [.. _request];
        }
        var failed = new List<OutgoingMessage>();
        foreach (var message in _request)
        {
            // An entry without an answer may have been taken or not, so it counts as failed.
            var result = ResultOf(message.Entry.Id, results);
            if (result is { Accepted: false, SenderFault: true } refusal)
            {
                _refused.Add(new RefusedMessage(
                    message, $"its queue refuses it with {refusal.ErrorCode} ({refusal.ErrorMessage})"));
            }
            else if (result is not { Accepted: true })
            {
                failed.Add(message);
            }
        }
        return failed;
    }

    private static SendResult? ResultOf(string id, IReadOnlyList<SendResult> results)
    {
        foreach (var result in results)
        {
            if (result.Id == id)
            {
                return result;
            }
        }
        return null;
    }
}
