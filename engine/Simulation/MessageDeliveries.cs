using System.Text.Json;
using Pipeline.Engine.Queues;

namespace Pipeline.Engine.Simulation;

/// <summary>Counts how often each message of a queue was handed to a function, from the payloads alone.</summary>
internal sealed class MessageDeliveries
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts the messages of an invocation's payload; one of another source has none.</summary>
    public void Count(ReadOnlyMemory<byte> payload)
    {
        if (payload.Span.IndexOf("\"receiptHandle\""u8) < 0)
        {
            return;
        }
        using var document = JsonDocument.Parse(payload);
        foreach (var message in document.RootElement.GetProperty("Records").EnumerateArray())
        {
            var id = message.GetProperty("messageId").GetString()!;
            _counts[id] = _counts.GetValueOrDefault(id) + 1;
        }
    }

    /// <summary>A message becomes a dead letter only when it was delivered as often as its queue allows.</summary>
    /// <exception cref="BrokenLawException">One was given up before.</exception>
    public void Check(IEnumerable<MessageQueue> queues)
    {
        foreach (var queue in queues)
        {
            foreach (var message in queue.DeadLetters?.Look() ?? [])
            {
                var delivered = _counts.GetValueOrDefault(message.Id.ToString());
                Law.Holds(
                    message.DeadLetterSource != queue.Arn || delivered >= queue.Model.Redrive!.ReceiveCountMax,
                    "A message is a dead letter only when its receives are used up.",
                    $"{message.Id} of {queue.Name} was delivered {delivered} times.");
            }
        }
    }
}
