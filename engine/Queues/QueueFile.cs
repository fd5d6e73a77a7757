using Pipeline.Engine.Storage;

namespace Pipeline.Engine.Queues;

/// <summary>The messages of a queue in a file of the engine's, between two runs.</summary>
internal static class QueueFile
{
    /// <summary>Saves what is there.</summary>
    public static QueueState Save(MessageQueue queue, EngineFiles files)
    {
        var messages = queue.Look();
        using var writer = new BinaryWriter(File.Create(files.PathOf(NameOf(queue))));
        foreach (var message in messages)
        {
            Write(writer, message);
        }
        return new QueueState(queue.Model.LogicalId, messages.Count, queue.ExpiredCount);
    }

    /// <summary>Takes up what was saved.</summary>
    public static void Restore(MessageQueue queue, QueueState state, EngineFiles files)
    {
        using var reader = new BinaryReader(File.OpenRead(files.PathOf(NameOf(queue))));
        var messages = new List<QueueMessage>(state.Messages);
        for (var i = 0; i < state.Messages; i++)
        {
            messages.Add(Read(reader));
        }
        queue.Restore(messages, state.Expired);
    }

    private static string NameOf(MessageQueue queue) => $"queues/{queue.Model.LogicalId}.messages";

    private static void Write(BinaryWriter writer, QueueMessage message)
    {
        writer.Write(message.Id.ToByteArray());
        writer.Write(message.SentAt.UtcTicks);
        writer.Write(message.DeadLetterSource ?? "");
        writer.Write((byte)message.State);
        writer.Write(message.VisibleAt.UtcTicks);
        writer.Write(message.ReceiveCount);
        writer.Write(message.FirstReceivedAt.UtcTicks);
        writer.Write(message.Body.Length);
        writer.Write(message.Body.Span);
    }

    private static QueueMessage Read(BinaryReader reader)
    {
        var id = new Guid(reader.ReadBytes(16));
        var sentAt = ReadTime(reader);
        var source = reader.ReadString();
        var state = (MessageState)reader.ReadByte();
        var visibleAt = ReadTime(reader);
        var receiveCount = reader.ReadInt32();
        var firstReceivedAt = ReadTime(reader);
        var body = reader.ReadBytes(reader.ReadInt32());
        return new QueueMessage(id, body, sentAt, source.Length == 0 ? null : source)
        {
            State = state,
            VisibleAt = visibleAt,
            ReceiveCount = receiveCount,
            FirstReceivedAt = firstReceivedAt,
        };
    }

    private static DateTimeOffset ReadTime(BinaryReader reader) => new(reader.ReadInt64(), TimeSpan.Zero);
}

/// <summary>A saved queue: how many messages its file holds, and how many expired so far.</summary>
public sealed record QueueState(string Queue, int Messages, long Expired);
