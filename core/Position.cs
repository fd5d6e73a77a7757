using System.Buffers.Text;
using System.Text;

namespace Pipeline.Core;

/// <summary>
/// Where an event was delivered: shard, sequence number, and index inside the record (0 for a plain record).
/// </summary>
/// <param name="Shard">The shard's id, such as <c>shardId-000000000003</c>.</param>
/// <param name="Sequence">The record's sequence number.</param>
/// <param name="Index">The event's place among those of its record, from 0.</param>
public readonly record struct Position(string Shard, SequenceNumber Sequence, int Index)
{
    private const string ShardPrefix = "shardId-";

    /// <summary>
    /// Longest text of a position, in bytes: shard id (128), sequence number, index (10), two colons.
    /// </summary>
    public const int TextBytesMax = 128 + SequenceNumber.DigitsMax + 10 + 2;

    /// <summary>
    /// Writes the compact text <c>shard:sequence:index</c>, such as <c>3:49590338…898:0</c>: a shard id of the usual
    /// form is its number, any other stands as it is. ASCII, safe in a JSON string.
    /// </summary>
    /// <param name="destination">At least <see cref="TextBytesMax"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public int Format(Span<byte> destination)
    {
        var shard = CompactShard(Shard);
        var written = Encoding.ASCII.GetBytes(shard, destination);
        destination[written++] = (byte)':';
        Sequence.Digits.Span.CopyTo(destination[written..]);
        written += Sequence.Digits.Length;
        destination[written++] = (byte)':';
        Utf8Formatter.TryFormat(Index, destination[written..], out var digits);
        return written + digits;
    }

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[TextBytesMax];
        return Encoding.ASCII.GetString(text[..Format(text)]);
    }

    private static ReadOnlySpan<char> CompactShard(string shard)
    {
        if (!shard.StartsWith(ShardPrefix, StringComparison.Ordinal) || shard.Length != ShardPrefix.Length + 12)
        {
            return shard;
        }
        var number = shard.AsSpan(ShardPrefix.Length);
        if (number.ContainsAnyExceptInRange('0', '9'))
        {
            return shard;
        }
        return number.TrimStart('0') is { Length: > 0 } rest ? rest : "0";
    }
}
