namespace Pipeline.Engine.Queues;

/// <summary>Where a message of a queue is.</summary>
public enum MessageState
{
    /// <summary>The next receive may answer it.</summary>
    Visible,

    /// <summary>Sent with a delay that is not over.</summary>
    Delayed,

    /// <summary>Received, and its visibility timeout is not over.</summary>
    InFlight,

    /// <summary>Deleted, moved to a dead-letter queue or expired.</summary>
    Gone,
}

/// <summary>A message as its queue keeps it.</summary>
/// <param name="id">Given when it was sent; kept in a dead-letter queue.</param>
/// <param name="body">UTF-8.</param>
/// <param name="sentAt">When it was first sent; kept in a dead-letter queue.</param>
/// <param name="deadLetterSource">The ARN of the queue that gave it up; null when it was sent here.</param>
public sealed class QueueMessage(
    Guid id, ReadOnlyMemory<byte> body, DateTimeOffset sentAt, string? deadLetterSource)
{
    public Guid Id => id;

    public ReadOnlyMemory<byte> Body => body;

    public DateTimeOffset SentAt => sentAt;

    public string? DeadLetterSource => deadLetterSource;

    public MessageState State { get; internal set; }

    /// <summary>How often it was received here.</summary>
    public int ReceiveCount { get; internal set; }

    /// <summary>When it was first received here; of no meaning before.</summary>
    public DateTimeOffset FirstReceivedAt { get; internal set; }

    /// <summary>When a delayed message or one in flight becomes visible.</summary>
    public DateTimeOffset VisibleAt { get; internal set; }

    /// <summary>The receipt handle of its last receive; null before the first.</summary>
    internal string? ReceiptHandle { get; set; }

    /// <summary>Grows whenever it is hidden, so that an older hiding is known as over.</summary>
    internal int Hidings { get; set; }
}

/// <summary>What one receive answers of a message.</summary>
/// <param name="ReceiptHandle">Deletes the message, or changes its visibility, until it is received again.</param>
/// <param name="ReceiveCount">1 at the first receive.</param>
public readonly record struct ReceivedMessage(QueueMessage Message, string ReceiptHandle, int ReceiveCount);
