using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Engine.Streams;

/// <summary>A shard's share of the 128-bit hash keys; both ends belong to it.</summary>
public readonly record struct HashRange(UInt128 First, UInt128 Last)
{
    /// <summary>
    /// The range of one shard of a new stream: equal widths, the last one takes the rest. Source: kinesalite.
    /// </summary>
    public static HashRange Of(int shard, int shards)
    {
        // floor(2^128 / shards); 2^128 itself does not fit.
        if (shards == 1)
        {
            return new HashRange(0, UInt128.MaxValue);
        }
        var (width, rest) = UInt128.DivRem(UInt128.MaxValue, (uint)shards);
        width += rest == (uint)shards - 1 ? 1u : 0u;
        var last = shard == shards - 1 ? UInt128.MaxValue : (width * ((uint)shard + 1)) - 1;
        return new HashRange(width * (uint)shard, last);
    }

    /// <summary>The first hash key of the upper half: where a split parts the range evenly.</summary>
    public UInt128 Middle => First + ((Last - First) / 2) + 1;

    public bool Contains(UInt128 hashKey) => hashKey >= First && hashKey <= Last;

    /// <summary>Whether another range begins right after this one.</summary>
    public bool IsFollowedBy(HashRange other) => Last < other.First && Last + 1 == other.First;
}

/// <summary>Hash keys: what chooses the shard of a record.</summary>
public static class HashKey
{
    /// <summary>MD5 of the partition key's UTF-8 as a big-endian number. Source: PutRecord.</summary>
    public static UInt128 Of(string partitionKey)
    {
        Span<byte> key = stackalloc byte[Encoding.UTF8.GetMaxByteCount(partitionKey.Length)];
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
#pragma warning disable CA5351 // Kinesis defines the hash; nothing is secured by it.
        MD5.HashData(key[..Encoding.UTF8.GetBytes(partitionKey, key)], hash);
#pragma warning restore CA5351
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>Reads an explicit hash key: <c>0</c> or <c>[1-9]\d{0,38}</c>, below 2^128.</summary>
    public static bool TryParse(string text, out UInt128 hashKey) =>
        UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out hashKey)
        && (text.Length == 1 || text[0] != '0')
        // The framework's parser lets zero characters follow a number.
        && text[^1] != '\0';
}
