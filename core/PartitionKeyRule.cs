using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// How our producers choose a partition key: <c>partitionkey</c>, else <c>subject</c>, else <c>source</c>, each
/// skipped when
/// it is absent, not a string, empty or over <see cref="Limits.PartitionKeyCharactersMax"/> characters (code points);
/// else the MD5 of the line in lower-case hexadecimal digits, also for a line that is not readable as an event's JSON.
/// </summary>
public static class PartitionKeyRule
{
    /// <summary>Longest key, in bytes of UTF-8.</summary>
    public const int KeyBytesMax = 4 * Limits.PartitionKeyCharactersMax;

    // Each character takes at most 12 bytes escaped (\ud83d\ude00).
    private const int ContentBytesMax = 12 * Limits.PartitionKeyCharactersMax;

    /// <summary>The key of a line, which may be any bytes.</summary>
    public static string KeyOf(ReadOnlySpan<byte> line)
    {
        Span<byte> key = stackalloc byte[KeyBytesMax];
        return Encoding.UTF8.GetString(key[..Write(line, key)]);
    }

    /// <summary>Writes the key of a line, which may be any bytes.</summary>
    /// <param name="destination">At least <see cref="KeyBytesMax"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> line, Span<byte> destination)
    {
        var table = default(Event.AttributeTable);
        return Event.TryScan(line, ref table, out var text)
            && (TryWrite(Slice(text, table, EventAttribute.PartitionKey), destination, out var written)
                || TryWrite(Slice(text, table, EventAttribute.Subject), destination, out written)
                || TryWrite(Slice(text, table, EventAttribute.Source), destination, out written))
            ? written
            : WriteHash(line, destination);
    }

    /// <summary>
    /// Writes the key of an event as it was read, with or without errors, without reading its line again.
    /// </summary>
    /// <inheritdoc cref="Write(ReadOnlySpan{byte}, Span{byte})"/>
    public static int Write(in Event @event, Span<byte> destination) =>
        TryWriteNamed(@event, destination, out var written)
            ? written
            : WriteHash(@event.Record.Data.Span, destination);

    /// <summary>Writes the key that the event names by an attribute; false when its line's hash has to do.</summary>
    /// <param name="destination">At least <see cref="KeyBytesMax"/> bytes.</param>
    public static bool TryWriteNamed(in Event @event, Span<byte> destination, out int written) =>
        TryWrite(@event.Raw(EventAttribute.PartitionKey), destination, out written)
        || TryWrite(@event.Raw(EventAttribute.Subject), destination, out written)
        || TryWrite(@event.Raw(EventAttribute.Source), destination, out written);

    private static ReadOnlySpan<byte> Slice(
        ReadOnlySpan<byte> text, in Event.AttributeTable table, EventAttribute attribute)
    {
        var slice = table[(int)attribute];
        return text.Slice(slice.Start, slice.Length);
    }

    [SkipLocalsInit]
    private static bool TryWrite(ReadOnlySpan<byte> value, Span<byte> destination, out int written)
    {
        written = 0;
        if (!JsonText.TryContent(value, out var content) || content.Length is 0 or > ContentBytesMax)
        {
            return false;
        }
        using var decoded = JsonText.Decode(content, stackalloc byte[JsonText.StackBytes]);
        var key = decoded.Span;
        if (key.Length > Limits.PartitionKeyCharactersMax
            && JsonText.CountCharacters(key) > Limits.PartitionKeyCharactersMax)
        {
            return false;
        }
        key.CopyTo(destination);
        written = key.Length;
        return true;
    }

    private static int WriteHash(ReadOnlySpan<byte> line, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        // Not for security: the rule of Kinesis itself, spread over the hash keys.
#pragma warning disable CA5351
        MD5.HashData(line, hash);
#pragma warning restore CA5351
        Convert.TryToHexStringLower(hash, destination, out var written);
        return written;
    }
}
