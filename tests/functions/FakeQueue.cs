using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Time;

namespace Pipeline.Tests.Functions;

/// <summary>Queues that keep what they take, and refuse, lose or forget to answer as a test says.</summary>
internal sealed class FakeQueue(Scheduler scheduler, List<string> effects) : IQueuePort
{
    /// <summary>The code of an entry that is wrong itself, so that sending it again is of no use.</summary>
    public const string Invalid = "InvalidMessageContents";

    /// <summary>Asked for each entry with the request's number, from 0: an error code refuses it.</summary>
    public Func<int, SendEntry, string?> Refuses { get; set; } = (_, _) => null;

    /// <summary>Asked for each request by its number, from 0.</summary>
    public Func<int, RequestFault> Breaks { get; set; } = _ => RequestFault.None;

    /// <summary>How long a request takes.</summary>
    public TimeSpan Takes { get; set; }

    /// <summary>Every request with the moment it was made.</summary>
    public List<(DateTimeOffset At, string Queue, IReadOnlyList<SendEntry> Entries)> Requests { get; } = [];

    /// <summary>Everything taken, in order.</summary>
    public List<(string Queue, SendEntry Entry)> Accepted { get; } = [];

    public async ValueTask<IReadOnlyList<SendResult>> SendMessageBatchAsync(
        string queue, IReadOnlyList<SendEntry> entries, CancellationToken cancellation)
    {
        var request = Requests.Count;
        SendEntry[] copies = [.. entries];
        Requests.Add((scheduler.Now, queue, copies));
        await Task.Delay(Takes, scheduler.Clock, cancellation);
        var fault = Breaks(request);
        if (fault == RequestFault.Lost)
        {
            throw new PortFaultException("The request was lost.");
        }
        var results = new List<SendResult>();
        foreach (var entry in copies)
        {
            var code = Refuses(request, entry);
            var message = code is null ? "message-" + entry.Id : null;
            results.Add(new SendResult(entry.Id, message, code, code, SenderFault: code == Invalid));
            if (code is null)
            {
                Accepted.Add((queue, entry));
                effects.Add($"send {queue} {entry.Body}");
            }
        }
        return fault == RequestFault.None ? results : throw new PortFaultException("The answer was lost.");
    }
}
