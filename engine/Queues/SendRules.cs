using System.Buffers;
using System.Text;
using Pipeline.Core;
using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Queues;

/// <summary>What a SendMessageBatch request and each of its entries must keep.</summary>
/// <remarks>Source: SendMessageBatch and SendMessage, SQS API model 2012-11-05.</remarks>
internal static class SendRules
{
    private const int IdCharactersMax = 80;

    private static readonly SearchValues<char> s_idCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    /// <summary>Checks the request as a whole.</summary>
    /// <exception cref="ServiceException">It breaks a limit of the API; nothing is to be taken.</exception>
    public static void Check(string queue, IReadOnlyList<SendEntry> entries)
    {
        ServiceException Fault(string code, string what) => new(code, $"SendMessageBatch on {queue}: {what}");
        if (entries.Count == 0)
        {
            throw Fault("EmptyBatchRequest", "no entries; allowed are 1 to 10.");
        }
        if (entries.Count > Limits.SendBatchCountMax)
        {
            throw Fault("TooManyEntriesInBatchRequest", $"{entries.Count} entries; allowed are 1 to 10.");
        }
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var bytes = 0L;
        foreach (var entry in entries)
        {
            if (entry.Id.Length is 0 or > IdCharactersMax || entry.Id.AsSpan().ContainsAnyExcept(s_idCharacters))
            {
                throw Fault("InvalidBatchEntryId", $"the id '{entry.Id}'; allowed are 1 to 80 of A-Z, a-z, 0-9, -, _.");
            }
            if (!ids.Add(entry.Id))
            {
                throw Fault("BatchEntryIdsNotDistinct", $"the id '{entry.Id}' twice; allowed is each id once.");
            }
            bytes += Encoding.UTF8.GetByteCount(entry.Body);
        }
        if (bytes > Limits.SendBatchBytesMax)
        {
            throw Fault(
                "BatchRequestTooLong", $"{bytes} bytes in all messages; allowed are {Limits.SendBatchBytesMax}.");
        }
    }

    /// <summary>Why an entry alone is refused, by its sender's fault; null when it is not.</summary>
    public static (string Code, string Message)? Refuse(in SendEntry entry, int messageBytesMax)
    {
        if (entry.Body.Length == 0)
        {
            return ("MissingParameter", "The body is empty; allowed are messages of at least one character.");
        }
        if (IndexOfForbidden(entry.Body) is var index and >= 0)
        {
            return ("InvalidMessageContents", $"The body has U+{(int)entry.Body[index]:X4} at {index}; allowed are "
                + "#x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD, #x10000 to #x10FFFF.");
        }
        if (Encoding.UTF8.GetByteCount(entry.Body) is var bytes && bytes > messageBytesMax)
        {
            return ("InvalidParameterValue", $"The body has {bytes} bytes; allowed are {messageBytesMax}.");
        }
        if (entry.Delay < TimeSpan.Zero || entry.Delay.TotalSeconds > Limits.MessageDelaySecondsMax
            || entry.Delay.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            return ("InvalidParameterValue", $"The delay is {entry.Delay}; allowed are whole seconds from 0 to "
                + $"{Limits.MessageDelaySecondsMax}.");
        }
        return null;
    }

    private static int IndexOfForbidden(string body)
    {
        for (var i = 0; i < body.Length; i++)
        {
            var character = body[i];
            if (char.IsHighSurrogate(character) && i + 1 < body.Length && char.IsLowSurrogate(body[i + 1]))
            {
                i++;
            }
            else if (character is (< ' ' and not ('\t' or '\n' or '\r')) or '\uFFFE' or '\uFFFF'
                || char.IsSurrogate(character))
            {
                return i;
            }
        }
        return -1;
    }
}
