using System.Numerics;
using System.Text.Unicode;

namespace Pipeline.Core;

/// <summary>
/// The KPL aggregated-record format: magic, a protobuf message, the MD5 of the message.
/// Source: amazon-kinesis-producer, <c>aggregation-format.md</c>.
/// </summary>
public static class PackFormat
{
    /// <summary>
    /// Smallest blob that is taken for a pack: magic, one byte, MD5. Source: amazon-kinesis-client, AggregatorUtil.
    /// </summary>
    public const int PackBytesMin = MagicBytes + 1 + Md5.DigestBytes;

    internal const int MagicBytes = 4;

    /// <summary>Bytes of a blob around its message.</summary>
    internal const int FrameBytes = MagicBytes + Md5.DigestBytes;

    // Tags of AggregatedRecord: field number << 3 | wire type.
    internal const byte PartitionKeyTableTag = (1 << 3) | 2;
    internal const byte HashKeyTableTag = (2 << 3) | 2;
    internal const byte RecordTag = (3 << 3) | 2;

    // Tags of Record.
    internal const byte PartitionKeyIndexTag = 1 << 3;
    internal const byte HashKeyIndexTag = 2 << 3;
    internal const byte DataTag = (3 << 3) | 2;

    internal static ReadOnlySpan<byte> Magic => [0xF3, 0x89, 0x9A, 0xC2];

    /// <summary>
    /// Whether a reader might take these bytes for a pack: they start with the magic. Such an event travels as a pack
    /// of one, so that every reader gives back exactly its bytes.
    /// </summary>
    public static bool StartsAsPack(ReadOnlySpan<byte> data) => data.StartsWith(Magic);

    /// <summary>
    /// Whether these bytes are a partition key: valid UTF-8, 1 to <see cref="Limits.PartitionKeyCharactersMax"/>
    /// characters.
    /// </summary>
    public static bool IsPartitionKey(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty || !Utf8.IsValid(key))
        {
            return false;
        }
        if (key.Length <= Limits.PartitionKeyCharactersMax)
        {
            return true;
        }
        // A character of UTF-8 is every byte but the continuations (10xxxxxx).
        var characters = 0;
        foreach (var unit in key)
        {
            characters += (unit & 0xC0) == 0x80 ? 0 : 1;
        }
        return characters <= Limits.PartitionKeyCharactersMax;
    }

    internal static int VarintBytes(uint value) => (38 - BitOperations.LeadingZeroCount(value | 1)) / 7;

    internal static int WriteVarint(Span<byte> destination, uint value)
    {
        var written = 0;
        for (; value >= 0x80; value >>= 7)
        {
            destination[written++] = (byte)(value | 0x80);
        }
        destination[written++] = (byte)value;
        return written;
    }
}
