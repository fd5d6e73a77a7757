using Pipeline.Core;

namespace Pipeline.Tests.Contracts;

/// <summary>How a queue is made.</summary>
/// <param name="DeadLetters">The URL of its dead-letter queue; null for none.</param>
/// <param name="ReceiveCountMax">How often a message is received before it goes there.</param>
public sealed record QueueSettings(
    int VisibilitySeconds = 30, int MessageBytesMax = Limits.MessageBytesMax, string? DeadLetters = null,
    int ReceiveCountMax = 1);

/// <summary>A message as a receive answers it.</summary>
public sealed record DeliveredMessage(string MessageId, string Body, string ReceiptHandle, int ReceiveCount);

/// <summary>SQS as far as the contract asks; every refusal is a <see cref="ServiceErrorException"/>.</summary>
public interface IQueueService
{
    /// <summary>Where the implementation does not do what AWS documents.</summary>
    IReadOnlyCollection<Deviation> Deviations { get; }

    /// <summary>A URL of no queue.</summary>
    string MissingQueue { get; }

    /// <summary>CreateQueue, with a name that is new; answers its URL.</summary>
    Task<string> CreateAsync(QueueSettings settings);

    /// <summary>SendMessageBatch.</summary>
    Task<IReadOnlyList<SendResult>> SendAsync(string queue, IReadOnlyList<SendEntry> entries);

    /// <summary>ReceiveMessage.</summary>
    /// <param name="visibilitySeconds">Null for the queue's.</param>
    /// <param name="waitSeconds">How long to poll, on the service's clock; it ends when a message is visible.</param>
    Task<IReadOnlyList<DeliveredMessage>> ReceiveAsync(
        string queue, int count = 10, int? visibilitySeconds = null, int waitSeconds = 0);

    /// <summary>DeleteMessageBatch.</summary>
    Task DeleteAsync(string queue, params IReadOnlyList<string> receiptHandles);

    /// <summary>ChangeMessageVisibility.</summary>
    Task ChangeVisibilityAsync(string queue, string receiptHandle, int seconds);
}
